import { Logger } from '@aws-lambda-powertools/logger';
import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { STSClient } from '@aws-sdk/client-sts';
import type { Context } from 'aws-lambda';
import type { Rule } from '../../rules/rule';
import { connections } from '../aws/connection';
import { describe } from '../aws/fault';
import { functionArnOf } from '../aws/function-arn';
import { memberRoles } from '../aws/member-role';
import { schedule } from '../aws/schedule';
import { type Clock, systemClock } from '../clock';
import { dynamoCooldowns } from '../coordination/cooldown';
import { dynamoLeases } from '../coordination/lease';
import { getRollback, removeRollback } from '../coordination/rollback-order';
import { dynamoStore } from '../coordination/store';
import { organizationalUnits } from '../facts/organization';
import type { Attempt } from '../findings/attempt';
import type { Refusal } from '../findings/finding';
import { readRetryMessage, retryMessage } from '../findings/retry-message';
import { dynamoLog } from '../log/log';
import { metric } from '../metric';
import { eventBridgePublisher, publishOutcome } from '../outcomes/publish-outcome';
import { appConfigPolicy } from '../policy/load';
import type { Result } from '../remediate/context';
import type { Ports } from '../remediate/ports';
import { remediate } from '../remediate/remediate';
import { carryOutRollbackOrder, readRollback } from '../rollback/order';
import { readSettings } from '../settings';
import { evaluateAgain } from '../sources/config/evaluate';
import { readEvent } from '../sources/read-event';
import { resolveFinding } from '../sources/security-hub/resolve';
import { type Environment, environment } from './environment';

/** What an invocation answers: how each finding of the event ended, and what of the event was not acted upon. */
export interface Answer {
  readonly results: readonly Result[];
  readonly refusals: readonly Refusal[];
}

/** The Lambda handler of one rule. What it needs is made at its first event, so that a bad environment fails the event, not the start. */
export function handlerFor(rule: Rule, clock: Clock = systemClock): (event: unknown, context: Context) => Promise<Answer> {
  const logger = new Logger({ serviceName: rule.id });
  let portsFor: ReturnType<typeof prepare> | undefined;

  return async function handler(event, context) {
    logger.addContext(context);
    portsFor ??= prepare(rule, readSettings(environment, process.env), { logger, clock });
    const { ports, centralAccount, takeOrder } = portsFor(context);
    const order = readRollback(event);
    if (order !== undefined) {
      const result = await takeOrder(order);
      if (result === 'before') logger.info('Rolled back before', { remediation: order });
      else if (result) logger.info('Rolled back', { ...result });
      else {
        logger.error('Invalid event', { kind: 'invalid', reason: `There is no order on record to roll back ${order}.` });
        metric(rule.id, { InvalidEvents: 1 }, clock);
      }
      return { results: result && result !== 'before' ? [result] : [], refusals: [] };
    }
    const { findings, refusals } = read(rule, event, centralAccount);
    for (const refusal of refusals) note(refusal);

    const results: Result[] = [];
    const faults: unknown[] = [];
    for (const attempt of findings) {
      try {
        const result = await remediate(attempt, ports);
        results.push(result);
        report(attempt, result);
      } catch (error) {
        logger.error('The finding was not handled', {
          finding: attempt.finding.id,
          error: describe(error),
          stack: error instanceof Error ? error.stack : undefined,
        });
        faults.push(error);
      }
    }
    if (faults.length > 0)
      throw new AggregateError(
        faults,
        `${faults.length} of ${findings.length} findings were not handled: ${faults.map(describe).join('; ')}`,
      );
    return { results, refusals };
  };

  function note(refusal: Refusal): void {
    if (refusal.kind === 'invalid') {
      logger.error('Invalid event', { ...refusal });
      metric(rule.id, { InvalidEvents: 1 }, clock);
    } else {
      logger.info('Ignored', { ...refusal });
    }
  }

  function report({ finding }: Attempt, result: Result): void {
    logger.info('Handled', { finding: finding.id, detectedBy: finding.detectedBy, ...result });
    const failed = result.outcome === 'failed' || result.outcome === 'unverified';
    const fixed = result.outcome === 'fixed' || result.outcome === 'partly-fixed';
    const RespondMilliseconds = Math.max(0, clock.now().getTime() - Date.parse(finding.sentAt));
    metric(rule.id, { Handled: 1, Fixed: fixed ? 1 : 0, Failed: failed ? 1 : 0, ...(fixed && { RespondMilliseconds }) }, clock);
  }
}

function read(
  rule: Rule,
  event: unknown,
  centralAccount: string,
): { readonly findings: readonly Attempt[]; readonly refusals: readonly Refusal[] } {
  const attempt = readRetryMessage(rule, event);
  if (attempt) return { findings: [attempt], refusals: [] };
  const { findings, refusals } = readEvent(rule, event, { centralAccount });
  return { findings: findings.map((finding) => ({ finding, number: 0 })), refusals };
}

/** The clients live as long as the function instance; the rest is made for each invocation. */
function prepare(
  rule: Rule,
  settings: Environment,
  { logger, clock }: { readonly logger: Logger; readonly clock: Clock },
): (context: Context) => {
  readonly ports: Ports;
  readonly centralAccount: string;
  /** Carries out the order to take a remediation back, once; undefined where there is none on record. */
  readonly takeOrder: (remediation: string) => ReturnType<typeof carryOutRollbackOrder>;
} {
  const dynamo = new DynamoDBClient({ retryMode: 'adaptive', maxAttempts: 6 });
  const scheduler = new SchedulerClient({ retryMode: 'adaptive', maxAttempts: 6 });
  const credentialsFor = memberRoles(new STSClient({ retryMode: 'adaptive', maxAttempts: 6 }), settings.MEMBER_ROLE, rule.id, clock);
  const ousOf = organizationalUnits(new OrganizationsClient({ retryMode: 'adaptive', maxAttempts: 6 }), clock);
  const policy = appConfigPolicy(new AppConfigDataClient({ maxAttempts: 3 }), settings.POLICY, clock);
  const put = eventBridgePublisher(new EventBridgeClient({ maxAttempts: 4 }), settings.BUS, clock);
  const cooldowns = dynamoCooldowns(dynamo, settings.COORDINATION_TABLE, clock);
  const clients = [...new Set([...rule.clients, SecurityHubClient, ConfigServiceClient, CloudTrailClient])];
  const connectTo = connections(clients, credentialsFor);

  return (context) => {
    const ports: Ports = {
      rule,
      policy,
      version: settings.VERSION,
      actor: settings.ACTOR,
      connect: connectTo,
      log: dynamoLog(dynamo, settings.LOG_TABLE, clock),
      leases: dynamoLeases(dynamo, settings.COORDINATION_TABLE, clock),
      store: dynamoStore(dynamo, settings.COORDINATION_TABLE, clock),
      ousOf,
      clock,
      secondsLeft: () => context.getRemainingTimeInMillis() / 1000,
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
      async notifySource(finding, remediation, aws) {
        await Promise.all([resolveFinding(finding, rule.id, remediation, aws), evaluateAgain(finding, cooldowns, aws)]);
      },
      publishOutcome: publishOutcome(put, policy),
      count: (values) => metric(rule.id, values, clock),
      warn: (message, details) => logger.warn(message, { details }),
    };
    return {
      centralAccount: settings.CENTRAL_ACCOUNT,
      ports,
      takeOrder: (remediation) =>
        carryOutRollbackOrder(remediation, ports, {
          get: () => getRollback(dynamo, settings.COORDINATION_TABLE, remediation),
          remove: (order) => removeRollback(dynamo, settings.COORDINATION_TABLE, remediation, order),
        }),
    };
  };
}
