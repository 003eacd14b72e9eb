import { type Cell, type Slow, settled, shown } from '../aws/cells';
import { partnerStatement, type Sort, sorted, statementsIn, tag, withStatement } from './sort';

type Attributes = Readonly<Record<string, string>>;

const publicStatement = (arn: string) => ({ Sid: 'Public', Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: arn });

/** Others see what they write at once, and so does everybody else. */
function edit(cell: Cell, change: (attributes: Attributes) => Attributes): void {
  const slow: Slow<Attributes> = cell.attributes;
  cell.attributes = { now: change(slow.now), next: change(slow.next), at: slow.at };
}

/** Its attributes change with a delay, so that a later check verifies them; two rules share them. */
export const queue: Sort = {
  type: 'AwsSqsQueue',

  make({ account, region }, number) {
    const arn = `arn:aws:sqs:${region}:${account}:storm-${number}`;
    return { arn, cell: { account, region, arn, attributes: settled<Attributes>({ SqsManagedSseEnabled: 'true' }), tags: {} } };
  },

  misconfigurations: [
    {
      rule: 'sqs-queue-encrypted',
      control: 'SQS.1',
      bring: (cell) => edit(cell, (attributes) => ({ ...attributes, SqsManagedSseEnabled: 'false' })),
      isIn: ({ attributes }, now) => shown<Attributes>(attributes, now).SqsManagedSseEnabled !== 'true',
    },
    {
      rule: 'sqs-queue-policy-not-public',
      control: 'SQS.3',
      bring: (cell) => edit(cell, (attributes) => ({ ...attributes, Policy: withStatement(attributes.Policy, publicStatement(cell.arn)) })),
      isIn: ({ attributes }, now) => shown<Attributes>(attributes, now).Policy?.includes('"Principal":"*"') ?? false,
    },
  ],

  others: [
    (cell, number) =>
      edit(cell, (attributes) => ({
        ...attributes,
        Policy: withStatement(attributes.Policy, partnerStatement(number, 'sqs:SendMessage', cell.arn)),
      })),
    tag,
  ],

  view({ attributes, tags }, now) {
    const { Policy, ...others } = shown<Attributes>(attributes, now);
    return { ...others, policy: sorted(statementsIn(Policy)), tags };
  },
};
