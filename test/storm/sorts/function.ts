import type { Cell } from '../aws/cells';
import { type Sort, sorted, tag } from './sort';

interface Statement {
  readonly Sid: string;
  readonly Principal: unknown;
  readonly Condition?: unknown;
}

const statementsOf = (cell: Cell): readonly Statement[] => Object.values<readonly Statement[]>(cell.policies).flat();

const isPublic = ({ Principal, Condition }: Statement): boolean => {
  if (Condition !== undefined) return false;
  return Principal === '*' || ['{"AWS":"*"}', '{"Service":"s3.amazonaws.com"}'].includes(JSON.stringify(Principal));
};

/** What AddPermission cannot make again: a rollback leaves it out. */
const isLost = ({ Principal }: Statement): boolean => JSON.stringify(Principal) === '{"AWS":"*"}';

function add(cell: Cell, statement: object, alias = ''): void {
  const on = `${cell.name}${alias && `:${alias}`}`;
  const Resource = `${cell.arn}${alias && `:${alias}`}`;
  cell.policies[on] = [...(cell.policies[on] ?? []), { ...statement, Resource }];
  cell.revision += 1;
}

const statement = (Sid: string, Principal: unknown) => ({ Sid, Effect: 'Allow', Principal, Action: 'lambda:InvokeFunction' });

/** Its rule makes several changes, some of them irreversible: these wait for an approval. */
export const lambdaFunction: Sort = {
  type: 'AwsLambdaFunction',

  make({ account, region }, number) {
    const name = `storm-${number}`;
    const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
    return { arn, cell: { account, region, arn, name, aliases: ['live'], policies: {}, revision: 1, tags: {} } };
  },

  misconfigurations: [
    {
      rule: 'lambda-function-policy-not-public',
      control: 'Lambda.1',
      bring(cell, random) {
        add(cell, statement('anybody', '*'));
        if (random.chance(0.6)) add(cell, statement('buckets', { Service: 's3.amazonaws.com' }), 'live');
        if (random.chance(0.3)) add(cell, statement('forever', { AWS: '*' }));
      },
      isIn: (cell) => statementsOf(cell).some(isPublic),
    },
  ],

  others: [
    (cell, number) =>
      add(cell, {
        ...statement(`events-${number}`, { Service: 'events.amazonaws.com' }),
        Condition: { ArnLike: { 'AWS:SourceArn': `arn:aws:events:${cell.region}:${cell.account}:rule/own` } },
      }),
    tag,
  ],

  view: (cell) => ({ statements: sorted(statementsOf(cell).filter((one) => !isLost(one))), tags: cell.tags }),
};
