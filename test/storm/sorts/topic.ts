import { partnerStatement, type Sort, sorted, statementsIn, tag, withStatement } from './sort';

const ownStatement = (arn: string, account: string) => ({
  Sid: 'Own',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: 'SNS:Publish',
  Resource: arn,
});

/** A whole document without a part of the rule's own: what others add in between has to survive. */
export const topic: Sort = {
  type: 'AwsSnsTopic',

  make({ account, region }, number) {
    const arn = `arn:aws:sns:${region}:${account}:storm-${number}`;
    return { arn, cell: { account, region, arn, policy: withStatement(null, ownStatement(arn, account)), tags: {} } };
  },

  misconfigurations: [
    {
      rule: 'sns-topic-policy-not-public',
      control: 'SNS.4',
      bring(cell) {
        const statement = { Sid: 'Public', Effect: 'Allow', Principal: '*', Action: 'SNS:Subscribe', Resource: cell.arn };
        cell.policy = withStatement(cell.policy, statement);
      },
      isIn: ({ policy }) => policy.includes('"Principal":"*"'),
    },
  ],

  others: [
    (cell, number) => {
      cell.policy = withStatement(cell.policy, partnerStatement(number, 'SNS:Publish', cell.arn));
    },
    tag,
  ],

  view: ({ policy, tags }) => ({ policy: sorted(statementsIn(policy)), tags }),
};
