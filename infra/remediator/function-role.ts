import { Aws, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { type IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { scheduleNames } from '../../functions/aws/schedule';
import { listed, type Rule } from '../../rules/rule';
import type { DeployedPolicy } from '../central/policy';
import { names, namesOf } from '../names';
import { acknowledgeTracing } from '../tracing';

export interface FunctionRoleProps {
  readonly rule: Rule;
  readonly log: ITable;
  readonly coordination: ITable;
  readonly failed: IQueue;
  readonly policy: DeployedPolicy;
  readonly logGroup: ILogGroup;
  readonly scheduleRole: IRole;
}

/** The role of a rule's function: it reads the policy, appends to the log, takes leases, and assumes its own member role. It changes no resource by itself. */
export function functionRole(
  scope: Construct,
  { rule, log, coordination, failed, policy, logGroup, scheduleRole }: FunctionRoleProps,
): Role {
  const memberRole = `arn:${Aws.PARTITION}:iam::*:role/${namesOf(rule.id).memberRole}`;
  const schedules = `arn:${Aws.PARTITION}:scheduler:${Aws.REGION}:${Aws.ACCOUNT_ID}:schedule/${names.scheduleGroup}/${scheduleNames(rule.id)}`;
  const role = new Role(scope, 'FunctionRole', {
    roleName: namesOf(rule.id).functionRole,
    description: `Of the function for the rule ${rule.id}.`,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      function: new PolicyDocument({
        statements: [
          allow(['dynamodb:PutItem', 'dynamodb:Query'], log.tableArn),
          ...coordinationOf(rule).map(([action, patterns]) => allow([`dynamodb:${action}`], coordination.tableArn, keys(patterns))),
          allow(['organizations:ListParents'], '*'),
          allow(['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'], policy.configurationArn),
          allow(['sts:AssumeRole'], memberRole),
          allow(['scheduler:CreateSchedule'], schedules),
          allow(['iam:PassRole'], scheduleRole.roleArn, { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } }),
          allow(['events:PutEvents'], `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:event-bus/${names.bus}`),
          allow(['sqs:SendMessage'], failed.queueArn),
          allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
          allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
        ],
      }),
    },
  });
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::*:role/${namesOf(rule.id).memberRole}]`,
    reason: 'One role name, in whichever account the finding is of; the trust of that role says who may assume it.',
  });
  acknowledgeTracing(role);
  return role;
}

const allow = (actions: string[], resource: string, conditions?: Record<string, Record<string, string | string[]>>): PolicyStatement =>
  new PolicyStatement({ actions, resources: [resource], ...(conditions && { conditions }) });

/** Only items whose key looks like one of these. */
const keys = (patterns: string[]) => ({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns } });

/** The keys of the leases on the sorts of resources that the rule looks at, as `leaseName` makes them. */
const leasesOf = (rule: Rule): string[] => [
  ...new Set(listed(rule.resource).map(({ arn }) => `lease ${arn}*`.replace(/(\{\w+\}|\*)+/g, '*'))),
];

/** What a rule may do to which items. Approvals, orders and stops of people it can read, and not make. */
const coordinationOf = (rule: Rule): readonly (readonly [string, string[]])[] => [
  ['UpdateItem', [...leasesOf(rule), `breaker ${rule.id}`, `fixes ${rule.id} *`, 'count *']],
  ['PutItem', ['turn *', `permit ${rule.id} *`, `ask ${rule.id} *`, `hold ${rule.id} *`]],
  ['GetItem', ['rollback *']],
  ['DeleteItem', [`ask ${rule.id} *`, 'rollback *']],
  ['ConditionCheckItem', ['stop', `breaker ${rule.id}`, 'approval *']],
  ['BatchGetItem', ['stop', 'count *', 'approval *', ...['breaker', 'hold', 'fixes', 'ask'].map((item) => `${item} ${rule.id}*`)]],
];
