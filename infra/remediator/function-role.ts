import { Aws, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { scheduleNames } from '../../functions/aws/schedule';
import { accessOfRule } from '../../functions/coordination/keys';
import type { Rule } from '../../rules/rule';
import type { DeployedPolicy } from '../central/policy';
import type { FunctionProps } from '../function';
import { names, namesOf } from '../names';
import { allow, allowItems } from '../statement';

export interface FunctionRoleProps {
  readonly rule: Rule;
  readonly log: Table;
  readonly coordination: Table;
  readonly policy: DeployedPolicy;
  readonly scheduleRole: IRole;
}

/** The role of a rule's function: it reads the policy, appends to the log, takes leases, and assumes its own member role. It changes no resource by itself. */
export function functionRole({ rule, log, coordination, policy, scheduleRole }: FunctionRoleProps): FunctionProps['role'] {
  const here = `${Aws.REGION}:${Aws.ACCOUNT_ID}`;
  const memberRole = `arn:${Aws.PARTITION}:iam::*:role/${namesOf(rule.id).memberRole}`;
  const schedules = `arn:${Aws.PARTITION}:scheduler:${here}:schedule/${names.scheduleGroup}/${scheduleNames(rule.id)}`;
  return {
    name: namesOf(rule.id).functionRole,
    description: `Execution role of the function for the rule ${rule.id}.`,
    statements: [
      allow(['dynamodb:PutItem', 'dynamodb:Query'], log.tableArn),
      ...allowItems(coordination, accessOfRule(rule)),
      allow(['organizations:ListParents'], '*'),
      allow(['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'], policy.configurationArn),
      allow(['sts:AssumeRole'], memberRole),
      allow(['scheduler:CreateSchedule'], schedules),
      // An event with several findings: one invocation for each. By name, because the function refers to this role.
      allow(['lambda:InvokeFunction'], `arn:${Aws.PARTITION}:lambda:${here}:function:${namesOf(rule.id).function}`),
      allow(['iam:PassRole'], scheduleRole.roleArn, { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } }),
      allow(['events:PutEvents'], `arn:${Aws.PARTITION}:events:${here}:event-bus/${names.bus}`),
    ],
  };
}

/** Acknowledges the wildcard in the ARN of the member role for cdk-nag. */
export function acknowledgeMemberRole(role: IConstruct, rule: Rule): void {
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::*:role/${namesOf(rule.id).memberRole}]`,
    reason: 'A single role name, in the account of the finding. The trust policy of the role controls who can assume it.',
  });
}
