import type { Logger } from '@aws-lambda-powertools/logger';
import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { STSClient } from '@aws-sdk/client-sts';
import type { Context } from 'aws-lambda';
import type { Rule } from '../../rules/rule';
import { connections } from '../aws/connection';
import { functionArnOf } from '../aws/function-arn';
import { memberRoles } from '../aws/member-role';
import { schedule } from '../aws/schedule';
import type { Clock } from '../clock';
import { getRollback, type RollbackOrder } from '../coordination/rollback-order';
import { seconds } from '../duration';
import { organizationalUnits } from '../facts/organization';
import { retryMessage } from '../findings/retry-message';
import { countForged } from '../log/count-forged';
import { metric } from '../metric';
import { eventBridgePublisher, publishOutcome } from '../outcomes/publish-outcome';
import { appConfigPolicy } from '../policy/load';
import { clientsOf, createPorts } from '../remediate/create-ports';
import type { Ports } from '../remediate/ports';
import type { Environment } from './environment';

/** The dependencies of one invocation. */
export interface Invocation {
  readonly ports: Ports;
  readonly centralAccount: string;
  /** The recorded request to roll back a remediation. */
  readonly orderFor: (remediation: string) => Promise<RollbackOrder | undefined>;
}

/** Creates the clients, which live as long as the function instance; the rest is created for each invocation. */
export function prepare(
  rule: Rule,
  settings: Environment,
  { logger, clock }: { readonly logger: Logger; readonly clock: Clock },
): (context: Pick<Context, 'getRemainingTimeInMillis' | 'invokedFunctionArn'>) => Invocation {
  const dynamo = new DynamoDBClient({ retryMode: 'adaptive', maxAttempts: 6 });
  const scheduler = new SchedulerClient({ retryMode: 'adaptive', maxAttempts: 6 });
  const credentialsFor = memberRoles(new STSClient({ retryMode: 'adaptive', maxAttempts: 6 }), settings.MEMBER_ROLE, rule.id, clock);
  const ousOf = organizationalUnits(new OrganizationsClient({ retryMode: 'adaptive', maxAttempts: 6 }), clock);
  const policy = appConfigPolicy(new AppConfigDataClient({ maxAttempts: 3 }), settings.POLICY, clock);
  const put = eventBridgePublisher(new EventBridgeClient({ maxAttempts: 4 }), settings.BUS, clock);
  const connect = connections(clientsOf(rule), credentialsFor);
  const tables = {
    dynamo,
    log: settings.LOG_TABLE,
    orders: settings.ORDERS_TABLE,
    coordination: settings.COORDINATION_TABLE,
    onForged: countForged(rule.id, clock, (message, details) => logger.error(message, details)),
  };

  return (context) => ({
    centralAccount: settings.CENTRAL_ACCOUNT,
    ports: createPorts(
      tables,
      { by: 'rule', rule: rule.id },
      {
        rule,
        policy,
        version: settings.VERSION,
        actor: settings.ACTOR,
        connect,
        ousOf,
        clock,
        secondsLeft: () => context.getRemainingTimeInMillis() / seconds(1),
        scheduleRetry: (attempt, at, name) =>
          schedule(
            {
              client: scheduler,
              group: settings.SCHEDULE_GROUP,
              role: settings.SCHEDULE_ROLE,
              target: functionArnOf(context.invokedFunctionArn),
              undelivered: settings.UNDELIVERED,
              prefix: rule.id,
            },
            retryMessage(attempt),
            at,
            name,
          ),
        publishOutcome: publishOutcome(put, policy),
        count: (values) => metric(rule.id, values, clock),
        warn: (message, details) => logger.warn(message, { details }),
      },
    ),
    orderFor: (remediation) => getRollback(dynamo, tables.orders, { rule: rule.id, remediation }),
  });
}
