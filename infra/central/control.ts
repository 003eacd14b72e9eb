import { Aws, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnAlias, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct, type IConstruct } from 'constructs';
import { channels } from '../../functions/control/channel';
import { customActionEvents, customActions } from '../../functions/control/custom-action-request';
import type { ControlEnvironment } from '../../functions/control/environment';
import { accessOfControl } from '../../functions/coordination/keys';
import type { Bundle } from '../bundle';
import { type FunctionProps, lambdaFunction } from '../function';
import { names, namesOf, ownNames } from '../names';
import { allow, allowItems } from '../statement';
import { automations } from './automations';
import type { DeadLetters } from './dead-letters';
import { endpoint } from './endpoint';
import type { DeployedPolicy } from './policy';

const name = 'control';

export interface ControlProps {
  readonly bundle: Bundle;
  readonly version: string;
  readonly log: Table;
  readonly coordination: Table;
  readonly deadLetters: DeadLetters;
  readonly policy: DeployedPolicy;
}

/** The function for requests of operators, with its endpoint, custom actions and automations. */
export function control(parent: Construct, { bundle, version, log, coordination, deadLetters, policy }: ControlProps): void {
  const scope = new Construct(parent, 'Control');
  const own = ownNames(name);
  const { lambda, role, failures } = lambdaFunction(scope, {
    name: own.function,
    description: 'Handles requests of operators: approvals, rollbacks, stops.',
    code: bundle.folder,
    timeout: 60,
    role: controlRole({ log, coordination, policy }),
    environment: (): Record<Exclude<keyof ControlEnvironment, 'AWS_REGION'>, string> => ({
      LOG_TABLE: log.tableName,
      COORDINATION_TABLE: coordination.tableName,
      POLICY: policy.configuration,
      BUS: names.bus,
      VERSION: `${version}+${bundle.hash.slice(0, 12)}`,
      CENTRAL_PARTITION: Aws.PARTITION,
      CENTRAL_ACCOUNT: Aws.ACCOUNT_ID,
    }),
    failures: { queue: deadLetters.failed, qualifier: channels.customActions, maxAge: 3600 },
  });
  acknowledgeOrders(role);
  const aliases = Object.values(channels).map(
    (channel) => new CfnAlias(scope, channel, { functionName: lambda.functionName, functionVersion: '$LATEST', name: channel }),
  );
  const [automated, chosen] = [channels.automations, channels.customActions].map((channel) => `${lambda.functionArn}:${channel}`) as [
    string,
    string,
  ];
  const { attrArn } = new CfnRule(scope, 'Route', {
    name: own.route,
    description: 'Routes custom actions of Security Hub to the control function.',
    eventPattern: {
      source: ['aws.securityhub'],
      'detail-type': Object.values(customActionEvents),
      resources: customActions.map((one) => ({ suffix: `:action/custom/${one}` })),
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
  for (const alias of aliases) for (const user of [failures, permission]) user?.addResourceDependency(alias);
  automations(scope, { function: lambda.functionName, alias: automated });
  endpoint(lambda);
}

function controlRole({ log, coordination, policy }: Pick<ControlProps, 'log' | 'coordination' | 'policy'>): FunctionProps['role'] {
  const here = `${Aws.REGION}:${Aws.ACCOUNT_ID}`;
  return {
    name: ownNames(name).functionRole,
    description: 'Execution role of the function that handles requests of operators.',
    statements: [
      allow(['dynamodb:PutItem', 'dynamodb:Query'], log.tableArn),
      allow(['dynamodb:Query'], `${log.tableArn}/index/*`),
      ...allowItems(coordination, accessOfControl),
      allow(['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'], policy.configurationArn),
      allow(['organizations:ListParents'], '*'),
      allow(['ssm:GetAutomationExecution'], `arn:${Aws.PARTITION}:ssm:${here}:automation-execution/*`),
      allow(['lambda:InvokeFunction'], `arn:${Aws.PARTITION}:lambda:${here}:function:${namesOf('*').function}`),
      allow(['events:PutEvents'], `arn:${Aws.PARTITION}:events:${here}:event-bus/${names.bus}`),
    ],
  };
}

function acknowledgeOrders(role: IConstruct): void {
  Validations.of(role).acknowledge(
    {
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:posture-*]',
      reason: 'A request can concern any rule; the functions trust only the recorded state.',
    },
    {
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:automation-execution/*]',
      reason: 'SSM generates the ids of executions; an execution names the principal that started it.',
    },
    { id: 'AwsSolutions-IAM5[Resource::<Log95422804.Arn>/index/*]', reason: 'All indexes of a single table.' },
  );
}
