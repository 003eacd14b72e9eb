import { Aws, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  CfnAlias,
  CfnEventInvokeConfig,
  CfnPermission,
  Code,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { type ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { doors } from '../../functions/control/channel';
import { customActionOrders } from '../../functions/control/custom-action-request';
import type { ControlEnvironment } from '../../functions/control/environment';
import type { Bundle } from '../bundle';
import { names, namesOf, ownNames } from '../names';
import { acknowledgeTracing, trace } from '../tracing';
import { automations } from './automations';
import type { DeadLetters } from './dead-letters';
import { endpoint } from './endpoint';
import type { DeployedPolicy } from './policy';

const name = 'control';

export interface ControlProps {
  readonly bundle: Bundle;
  readonly version: string;
  readonly log: ITable;
  readonly coordination: ITable;
  readonly deadLetters: DeadLetters;
  readonly policy: DeployedPolicy;
}

/** The function by which people give orders, with its signed endpoint, custom actions and automations. */
export function control(parent: Construct, { bundle, version, log, coordination, deadLetters, policy }: ControlProps): void {
  const scope = new Construct(parent, 'Control');
  const own = ownNames(name);
  const logGroup = new LogGroup(scope, 'Logs', {
    logGroupName: own.logGroup,
    retention: RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = controlRole(scope, { log, coordination, deadLetters, policy, logGroup });
  const environment: Record<Exclude<keyof ControlEnvironment, 'AWS_REGION'>, string> = {
    LOG_TABLE: log.tableName,
    COORDINATION_TABLE: coordination.tableName,
    POLICY: policy.configuration,
    BUS: names.bus,
    VERSION: `${version}+${bundle.hash.slice(0, 12)}`,
    HUB_PARTITION: Aws.PARTITION,
    HUB_ACCOUNT: Aws.ACCOUNT_ID,
  };
  const lambda = new LambdaFunction(scope, 'Function', {
    functionName: own.function,
    description: 'Carries out what people order: approvals, rollbacks, stops.',
    code: Code.fromAsset(bundle.folder),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: 512,
    timeout: Duration.seconds(60),
    role: role.withoutPolicyUpdates(),
    environment,
  });
  trace(lambda);
  const aliases = Object.values(doors).map(
    (door) => new CfnAlias(scope, door, { functionName: lambda.functionName, functionVersion: '$LATEST', name: door }),
  );
  const [automated, chosen] = [doors.automations, doors.customActions].map((door) => `${lambda.functionArn}:${door}`) as [string, string];
  const failures = new CfnEventInvokeConfig(scope, 'Failures', {
    functionName: lambda.functionName,
    qualifier: doors.customActions,
    maximumEventAgeInSeconds: 3600,
    maximumRetryAttempts: 2,
    destinationConfig: { onFailure: { destination: deadLetters.failed.queueArn } },
  });
  const { attrArn } = new CfnRule(scope, 'Route', {
    name: own.route,
    description: 'Brings the custom actions of Security Hub by which people give orders.',
    eventPattern: {
      source: ['aws.securityhub'],
      'detail-type': ['Security Hub Findings - Custom Action'],
      resources: customActionOrders.map((one) => ({ suffix: `:action/custom/${one}` })),
    },
    targets: [
      {
        id: 'function',
        arn: chosen,
        deadLetterConfig: { arn: deadLetters.undelivered.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 20 },
      },
    ],
  });
  const permission = new CfnPermission(scope, 'RouteInvokes', {
    action: 'lambda:InvokeFunction',
    functionName: chosen,
    principal: 'events.amazonaws.com',
    sourceArn: attrArn,
  });
  for (const alias of aliases) for (const user of [failures, permission]) user.addResourceDependency(alias);
  automations(scope, { function: lambda.functionName, alias: automated });
  endpoint(lambda);
}

interface RoleProps extends Pick<ControlProps, 'log' | 'coordination' | 'deadLetters' | 'policy'> {
  readonly logGroup: ILogGroup;
}

function controlRole(scope: Construct, { log, coordination, deadLetters, policy, logGroup }: RoleProps): Role {
  const here = `${Aws.REGION}:${Aws.ACCOUNT_ID}`;
  const functions = `arn:${Aws.PARTITION}:lambda:${here}:function:${namesOf('*').function}`;
  const executions = `arn:${Aws.PARTITION}:ssm:${here}:automation-execution/*`;
  const on = (action: string, patterns: string[]) =>
    allow([`dynamodb:${action}`], coordination.tableArn, { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns } });
  const role = new Role(scope, 'FunctionRole', {
    roleName: ownNames(name).functionRole,
    description: 'Of the function that carries out what people order.',
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      function: new PolicyDocument({
        statements: [
          allow(['dynamodb:PutItem', 'dynamodb:Query'], log.tableArn),
          allow(['dynamodb:Query'], `${log.tableArn}/index/*`),
          on('GetItem', ['stop', 'ask *', 'approval *', 'hold *', 'breaker *']),
          on('PutItem', ['stop', 'approval *', 'rollback *', 'hold *']),
          on('UpdateItem', ['breaker *']),
          on('DeleteItem', ['stop', 'ask *', 'approval *', 'hold *']),
          allow(['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'], policy.configurationArn),
          allow(['organizations:ListParents'], '*'),
          allow(['ssm:GetAutomationExecution'], executions),
          allow(['lambda:InvokeFunction'], functions),
          allow(['events:PutEvents'], `arn:${Aws.PARTITION}:events:${here}:event-bus/${names.bus}`),
          allow(['sqs:SendMessage'], deadLetters.failed.queueArn),
          allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
          allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
        ],
      }),
    },
  });
  Validations.of(role).acknowledge(
    {
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:posture-*]',
      reason: 'An order can be for any rule; the functions believe only what stands on record.',
    },
    {
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:automation-execution/*]',
      reason: 'SSM makes the ids of executions; reading one tells who started it.',
    },
    { id: 'AwsSolutions-IAM5[Resource::<Log95422804.Arn>/index/*]', reason: 'All indexes of one table.' },
  );
  acknowledgeTracing(role);
  return role;
}

const allow = (actions: string[], resource: string, conditions?: Record<string, Record<string, string | string[]>>): PolicyStatement =>
  new PolicyStatement({ actions, resources: [resource], ...(conditions && { conditions }) });
