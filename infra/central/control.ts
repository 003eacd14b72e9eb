import { Aws, CfnCondition, CfnParameter, Fn, type IResolvable, Stack, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnAlias, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct, type IConstruct } from 'constructs';
import { type Channel, channels } from '../../functions/control/channel';
import { customActionEvents, customActions } from '../../functions/control/custom-action-request';
import type { ControlEnvironment } from '../../functions/control/environment';
import { accessOfControl, openIndex } from '../../functions/coordination/keys';
import type { Bundle } from '../bundle';
import { type FunctionProps, lambdaFunction } from '../function';
import { names, namesOf, ownNames } from '../names';
import { ownRoutesOf } from '../route/expected';
import { allow, allowItems, onKeys } from '../statement';
import { automations } from './automations';
import type { DeadLetters } from './dead-letters';
import { endpoint } from './endpoint';
import { hourly } from './hourly';
import type { DeployedPolicy } from './policy';
import { policyCopy } from './policy-copy';

const name = 'control';

export interface ControlProps {
  readonly bundle: Bundle;
  readonly version: string;
  readonly log: Table;
  readonly orders: Table;
  readonly coordination: Table;
  readonly deadLetters: DeadLetters;
  readonly policy: DeployedPolicy;
}

/** The function for requests of operators, with its endpoint, custom actions and automations, and for the copy of the policy. */
export function control(parent: Construct, { bundle, version, log, orders, coordination, deadLetters, policy }: ControlProps): void {
  const scope = new Construct(parent, 'Control');
  const own = ownNames(name);
  const { lambda, role, failures } = lambdaFunction(scope, {
    name: own.function,
    description: 'Handles requests of operators: approvals, rollbacks, stops.',
    code: bundle.folder,
    timeout: 60,
    role: controlRole({ log, orders, coordination, policy }),
    environment: (): Record<Exclude<keyof ControlEnvironment, 'AWS_REGION'>, string> => ({
      LOG_TABLE: log.tableName,
      ORDERS_TABLE: orders.tableName,
      COORDINATION_TABLE: coordination.tableName,
      POLICY: policy.configuration,
      BUS: names.bus,
      VERSION: `${version}+${bundle.hash.slice(0, 12)}`,
      ROUTES: ownRoutesOf(Stack.of(parent)),
      CENTRAL_PARTITION: Aws.PARTITION,
      CENTRAL_ACCOUNT: Aws.ACCOUNT_ID,
    }),
    reservedConcurrency: reservation(Stack.of(parent)),
    failures: { queue: deadLetters.failed, qualifier: channels.customActions, maxAge: 3600 },
  });
  acknowledgeOrders(role);
  const aliases = Object.values(channels).map(
    (channel) => new CfnAlias(scope, channel, { functionName: lambda.functionName, functionVersion: '$LATEST', name: channel }),
  );
  const arnOf = (channel: Channel) => `${lambda.functionArn}:${channel}`;
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
        arn: arnOf(channels.customActions),
        deadLetterConfig: { arn: deadLetters.undelivered.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 20 },
      },
    ],
  });
  const permission = new CfnPermission(scope, 'RouteInvokes', {
    action: 'lambda:InvokeFunction',
    functionName: arnOf(channels.customActions),
    principal: 'events.amazonaws.com',
    sourceArn: attrArn,
  });
  const scheduled = [...hourly(scope, lambda, deadLetters), ...policyCopy(scope, lambda, { policy, undelivered: deadLetters.undelivered })];
  const parts = endpoint(lambda);
  for (const alias of aliases) for (const user of [failures, permission, ...parts, ...scheduled]) user?.addResourceDependency(alias);
  automations(scope, { function: lambda.functionName, alias: arnOf(channels.automations) });
}

/** None by default: accounts with a low quota refuse any reservation. Rules have none, as each would take from all others. */
function reservation(stack: Stack): IResolvable {
  const given = new CfnParameter(stack, 'ControlConcurrency', {
    default: '',
    allowedPattern: '^([1-9][0-9]{0,2})?$',
    constraintDescription: 'has to be a number from 1 to 999, or empty for no reservation',
    description: 'The reserved concurrency of the control function, which keeps requests such as stop possible while many findings arrive.',
  });
  const isGiven = new CfnCondition(stack, 'HasControlConcurrency', {
    expression: Fn.conditionNot(Fn.conditionEquals(given.valueAsString, '')),
  });
  return Fn.conditionIf(isGiven.logicalId, given.valueAsString, Aws.NO_VALUE);
}

function controlRole({
  log,
  orders,
  coordination,
  policy,
}: Pick<ControlProps, 'log' | 'orders' | 'coordination' | 'policy'>): FunctionProps['role'] {
  const here = `${Aws.REGION}:${Aws.ACCOUNT_ID}`;
  return {
    name: ownNames(name).functionRole,
    description: 'Execution role of the function that handles requests of operators.',
    statements: [
      allow(['dynamodb:PartiQLInsert'], log.tableArn, onKeys('control/*')),
      allow(['dynamodb:Query'], log.tableArn),
      allow(['dynamodb:Query'], `${log.tableArn}/index/*`),
      ...allowItems(orders, accessOfControl.orders),
      ...allowItems(coordination, accessOfControl.coordination),
      allow(
        ['dynamodb:Query'],
        `${coordination.tableArn}/index/${openIndex.name}`,
        onKeys(openIndex.remediation, openIndex.breaker, openIndex.containment),
      ),
      allow(['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'], policy.configurationArn),
      // To find the version of what is in force. Each of these calls needs the permission for all of its resources.
      new PolicyStatement({ actions: ['appconfig:ListDeployments'], resources: [policy.arns.application, policy.arns.environment] }),
      new PolicyStatement({
        actions: ['appconfig:GetHostedConfigurationVersion'],
        resources: [policy.arns.application, policy.arns.profile, `${policy.arns.profile}/hostedconfigurationversion/*`],
      }),
      // To find who published a policy.
      allow(['cloudtrail:LookupEvents'], '*'),
      allow(['organizations:ListParents'], '*'),
      allow(['ssm:GetAutomationExecution'], `arn:${Aws.PARTITION}:ssm:${here}:automation-execution/*`),
      allow(['lambda:InvokeFunction'], `arn:${Aws.PARTITION}:lambda:${here}:function:${namesOf('*').function}`),
      // To compare the routes with what was deployed.
      allow(['events:ListRules'], '*'),
      allow(['events:ListTargetsByRule'], `arn:${Aws.PARTITION}:events:${here}:rule/*`),
      allow(['events:PutEvents'], `arn:${Aws.PARTITION}:events:${here}:event-bus/${names.bus}`),
    ],
  };
}

function acknowledgeOrders(role: IConstruct): void {
  Validations.of(role).acknowledge(
    {
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:posture-rule-*]',
      reason: 'A request can concern any rule; the functions trust only the recorded state.',
    },
    {
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:automation-execution/*]',
      reason: 'SSM generates the ids of executions; an execution names the principal that started it.',
    },
    {
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:rule/*]',
      reason: 'All routes, on all buses. It only lists their targets.',
    },
    { id: 'AwsSolutions-IAM5[Resource::<Log95422804.Arn>/index/*]', reason: 'All indexes of a single table.' },
    {
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:appconfig:<AWS::Region>:<AWS::AccountId>:application/<PolicyApplication6A3948DE>/configurationprofile/<PolicyProfileC8DCEEE4>/hostedconfigurationversion/*]',
      reason: 'All versions of a single configuration profile.',
    },
  );
}
