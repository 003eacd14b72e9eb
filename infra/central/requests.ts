import { Aws, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { Construct, type IConstruct } from 'constructs';
import { accessOfReader } from '../../functions/coordination/keys';
import { sourceOf } from '../../functions/findings/requester';
import { busStatements } from '../../functions/policy/bus-policy';
import type { Policy } from '../../functions/policy/policy';
import type { RequestsEnvironment } from '../../functions/requests/environment';
import { functionArn } from '../arn';
import type { Bundle } from '../bundle';
import { type FunctionProps, lambdaFunction } from '../function';
import { names, namesOf, ownNames } from '../names';
import { routeToFunction } from '../route/to-function';
import { allow, allowItems, onKeys } from '../statement';
import type { DeadLetters } from './dead-letters';
import type { DeployedPolicy } from './policy';

const name = 'requests';

export interface RequestsProps {
  readonly bundle: Bundle;
  readonly version: string;
  readonly log: Table;
  readonly orders: Table;
  readonly deadLetters: DeadLetters;
  readonly policy: DeployedPolicy;
}

const busArn = (bus: string): string => `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:event-bus/${bus}`;

/** The bus on which other tools request remediations, and the function that receives them; nothing if the policy names no such tool. */
export function requests(
  parent: Construct,
  { requesters }: Pick<Policy, 'requesters'>,
  { bundle, version, log, orders, deadLetters, policy }: RequestsProps,
): void {
  if (Object.keys(requesters).length === 0) return;
  const scope = new Construct(parent, 'Requests');
  const own = ownNames(name);
  const { lambda, role } = lambdaFunction(scope, {
    name: own.function,
    description: 'Gives requests of other tools to the functions of the rules.',
    code: bundle.folder,
    memorySize: 256,
    timeout: 60,
    role: requestsRole({ log, orders, policy }),
    environment: ({ roleArn }): Record<Exclude<keyof RequestsEnvironment, 'AWS_REGION'>, string> => ({
      LOG_TABLE: log.tableName,
      ORDERS_TABLE: orders.tableName,
      POLICY: policy.configuration,
      BUS: names.bus,
      VERSION: `${version}+${bundle.hash.slice(0, 12)}`,
      ACTOR: roleArn,
      CENTRAL_PARTITION: Aws.PARTITION,
      CENTRAL_ACCOUNT: Aws.ACCOUNT_ID,
    }),
    failures: { queue: deadLetters.failed, qualifier: '$LATEST', maxAge: 6 * 3600 },
  });
  acknowledgeInvocation(role);
  const bus = new CfnEventBus(scope, 'Bus', {
    name: names.requestBus,
    description: 'On it, other tools request remediations. Its policy says who may use which source name.',
    // A part of the bus, so that there is no bus without it.
    policy: { Version: '2012-10-17', Statement: busStatements({ requesters }, busArn(names.requestBus)) },
  });
  routeToFunction(scope, 'Route', {
    name: own.route,
    description: 'Routes requests of other tools to the function that receives them.',
    eventBusName: bus.attrName,
    // Of any name: what the policy of the bus should not have let pass is refused with a record.
    eventPattern: { source: [{ prefix: sourceOf('') }] },
    target: lambda,
    undelivered: deadLetters.undelivered,
    maxAge: 6 * 3600,
    maxRetries: 60,
  });
}

const requestsRole = ({ log, orders, policy }: Pick<RequestsProps, 'log' | 'orders' | 'policy'>): FunctionProps['role'] => ({
  name: ownNames(name).functionRole,
  description: 'Execution role of the function that receives requests of other tools.',
  statements: [
    ...allowItems(orders, accessOfReader.orders),
    allow(['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'], policy.configurationArn),
    // Refusals, in trails of its own.
    allow(['dynamodb:PartiQLInsert'], log.tableArn, onKeys('requests/*')),
    allow(['lambda:InvokeFunction'], functionArn(namesOf('*').function)),
    allow(['events:PutEvents'], busArn(names.bus)),
  ],
});

const acknowledgeInvocation = (role: IConstruct): void =>
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:posture-rule-*]',
    reason: 'A request can concern any rule; the functions validate it again, with the policy.',
  });
