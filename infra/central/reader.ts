import { Aws, type IResolvable, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { accessOfReader } from '../../functions/coordination/keys';
import type { DispatchEnvironment } from '../../functions/dispatch/environment';
import type { Bundle } from '../bundle';
import type { FunctionProps } from '../function';
import { namesOf, type Reader, readerRole } from '../names';
import { allow, allowItems } from '../statement';
import type { DeadLetters } from './dead-letters';
import type { Members } from './members';
import type { DeployedPolicy } from './policy';

/** What the dispatcher, the reconciliation, the sweep and the watch need. */
export interface ReaderProps {
  readonly bundle: Bundle;
  readonly log: Table;
  readonly orders: Table;
  readonly deadLetters: DeadLetters;
  readonly policy: DeployedPolicy;
  readonly members: Members;
}

/** What a reader may do besides: read the policy, assume its member role, which only reads, and invoke the functions of rules. */
export const readerStatements = (
  name: Reader,
  { orders, policy }: Pick<ReaderProps, 'orders' | 'policy'>,
  inMembers: IResolvable | Record<string, string>,
): FunctionProps['role']['statements'] => [
  ...allowItems(orders, accessOfReader.orders),
  allow(['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'], policy.configurationArn),
  new PolicyStatement({
    actions: ['sts:AssumeRole'],
    resources: [`arn:${Aws.PARTITION}:iam::${name === 'reconcile' ? Aws.ACCOUNT_ID : '*'}:role/${readerRole(name)}`],
    conditions: { StringEquals: inMembers },
  }),
  allow(['lambda:InvokeFunction'], `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${namesOf('*').function}`),
];

export const readerEnvironment = (
  name: Reader,
  { orders, policy }: Pick<ReaderProps, 'orders' | 'policy'>,
): Record<keyof DispatchEnvironment, string> => ({
  ORDERS_TABLE: orders.tableName,
  POLICY: policy.configuration,
  MEMBER_ROLE: `arn:{partition}:iam::{account}:role/${readerRole(name)}`,
});

export function acknowledgeReader(role: IConstruct, name: Reader): void {
  Validations.of(role).acknowledge(
    {
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:posture-rule-*]',
      reason: 'A report can be for any rule; the functions validate what they get as an event of EventBridge.',
    },
    ...(name !== 'reconcile'
      ? [
          {
            id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::*:role/${readerRole(name)}]`,
            reason: 'A single role name, in the accounts of the findings. The trust policy of the role controls who can assume it.',
          },
        ]
      : []),
  );
}
