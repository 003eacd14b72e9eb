import type { Logger } from '@aws-lambda-powertools/logger';
import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { STSClient } from '@aws-sdk/client-sts';
import type { Context } from 'aws-lambda';
import type { Rule } from '../../rules/rule';
import { connections } from '../aws/connection';
import { documentsIn } from '../aws/documents';
import { functionArnOf } from '../aws/function-arn';
import { memberRoleIn, memberRoles } from '../aws/member-role';
import { schedule } from '../aws/schedule';
import type { Clock } from '../clock';
import { putDrill } from '../coordination/drill';
import { dynamoHandedOn } from '../coordination/handed-on';
import { policyOfFunction } from '../coordination/policy-of-function';
import { getRollback } from '../coordination/rollback-order';
import { dynamoTurns } from '../coordination/turn';
import type { DrillPorts } from '../drill/drill';
import { seconds } from '../duration';
import { organizationalUnits } from '../facts/organization';
import { otherRegions } from '../facts/other-regions';
import { recentChanges } from '../facts/recent-changes';
import { recentSuppressions } from '../facts/recent-suppressions';
import { retryMessage } from '../findings/retry-message';
import { countForged } from '../log/count-forged';
import { metric } from '../metric';
import { eventBridgePublisher, publishOutcome } from '../outcomes/publish-outcome';
import { clientsOf, clientsOfSources, createPorts } from '../remediate/create-ports';
import type { Ports } from '../remediate/ports';
import type { RollbackRequests } from '../rollback/order';
import { describedRules } from '../sources/config/deployed-rule';
import type { Identification } from '../sources/config/identify';
import { shownTicket } from '../ticket-records/shown-ticket';
import type { Environment } from './environment';
import type { HandingOn } from './hand-on';

/** The dependencies of one invocation. */
export interface Invocation {
  readonly ports: Ports;
  readonly centralAccount: string;
  readonly handingOn: HandingOn;
  readonly identification: Identification;
  readonly requestsFor: (remediation: string) => RollbackRequests;
  readonly drillPorts: DrillPorts;
}

/** Creates the clients, which live as long as the function instance; the rest is created for each invocation. */
export function prepare(
  rule: Rule,
  settings: Environment,
  { logger, clock }: { readonly logger: Logger; readonly clock: Clock },
): (context: Pick<Context, 'getRemainingTimeInMillis' | 'invokedFunctionArn'>) => Invocation {
  const dynamo = new DynamoDBClient({ retryMode: 'adaptive', maxAttempts: 6 });
  const scheduler = new SchedulerClient({ retryMode: 'adaptive', maxAttempts: 6 });
  const lambda = new LambdaClient({ retryMode: 'adaptive', maxAttempts: 6 });
  const credentialsFor = memberRoles(new STSClient({ retryMode: 'adaptive', maxAttempts: 6 }), settings.MEMBER_ROLE, rule.id, clock);
  const ousOf = organizationalUnits(new OrganizationsClient({ retryMode: 'adaptive', maxAttempts: 6 }), clock);
  const warn: Ports['warn'] = (message, details) => logger.warn(message, { details });
  const policy = policyOfFunction(rule.id, settings, { dynamo, appConfig: new AppConfigDataClient({ maxAttempts: 3 }) }, { clock, warn });
  const put = eventBridgePublisher(new EventBridgeClient({ maxAttempts: 4 }), settings.BUS, clock);
  const connect = connections(clientsOf(rule), credentialsFor);
  // Connections of their own: all Regions of one account would displace those of other accounts.
  const elsewhere = otherRegions(connections(clientsOfSources, credentialsFor), clock);
  const recent = {
    recentChanges: recentChanges(clock),
    recentSuppressions: recentSuppressions(clock),
    describeRule: describedRules(connect, clock),
  };
  const tables = {
    dynamo,
    log: settings.LOG_TABLE,
    orders: settings.ORDERS_TABLE,
    coordination: settings.COORDINATION_TABLE,
    onForged: countForged(rule.id, clock, (message, details) => logger.error(message, details)),
  };

  const { DOCUMENTS: url } = settings;
  const documents = url === undefined ? undefined : documentsIn({ url, client: dynamo, clock });
  const { TICKETS_TABLE: tickets } = settings;
  const turns = dynamoTurns(dynamo, settings.COORDINATION_TABLE, clock);

  const scheduleIn = schedulingIn(scheduler, rule, settings);
  const identification = { describe: recent.describeRule, policy };

  return (context) => ({
    centralAccount: settings.CENTRAL_ACCOUNT,
    identification,
    ports: createPorts(
      tables,
      { by: 'rule', rule: rule.id },
      {
        rule,
        policy,
        version: settings.VERSION,
        actor: settings.ACTOR,
        turns,
        ...(documents && { documents }),
        ...(tickets !== undefined && { shownTicket: shownTicket(dynamo, tickets) }),
        connect,
        otherRegions: elsewhere,
        ...recent,
        ousOf,
        clock,
        secondsLeft: () => context.getRemainingTimeInMillis() / seconds(1),
        scheduleRetry: (attempt, at, name) => scheduleIn(context, retryMessage(attempt), at, name),
        publishOutcome: publishOutcome(put, policy),
        count: (values) => metric(rule.id, values, clock),
        warn,
      },
    ),
    requestsFor: (remediation) => ({
      recorded: () => getRollback(dynamo, tables.orders, { rule: rule.id, remediation }),
      schedule: (at) => scheduleIn(context, { rollback: remediation }, at, `${remediation} rollback ${at.toISOString()}`),
    }),
    drillPorts: { rule, connect, clock, roleIn: roleIn(settings), record: (done) => putDrill(dynamo, tables.coordination, done, clock) },
    handingOn: {
      handedOn: dynamoHandedOn(dynamo, settings.COORDINATION_TABLE, rule.id, clock),
      invokeSelf: invokingItself(lambda, context),
    },
  });
}

const roleIn =
  ({ MEMBER_ROLE }: Environment): DrillPorts['roleIn'] =>
  (place) =>
    memberRoleIn(MEMBER_ROLE, place);

type Invoked = Pick<Context, 'invokedFunctionArn'>;

/** Schedules messages to the function itself. */
const schedulingIn =
  (client: SchedulerClient, { id: prefix }: Rule, settings: Environment) =>
  ({ invokedFunctionArn }: Invoked, message: object, at: Date, name: string) =>
    schedule(
      {
        client,
        group: settings.SCHEDULE_GROUP,
        role: settings.SCHEDULE_ROLE,
        target: functionArnOf(invokedFunctionArn),
        undelivered: settings.UNDELIVERED,
        prefix,
      },
      message,
      at,
      name,
    );

/** Lambda stops a function that invokes itself in a loop of about 16 invocations. This chain ends after one. */
const invokingItself =
  (lambda: LambdaClient, { invokedFunctionArn }: Invoked): HandingOn['invokeSelf'] =>
  async (message) => {
    const FunctionName = functionArnOf(invokedFunctionArn);
    await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(message)) }));
  };
