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
import { dynamoTurns } from '../coordination/cooldown';
import { dynamoLeases } from '../coordination/lease';
import { getRollback, removeRollback } from '../coordination/rollback-order';
import { dynamoRegister } from '../coordination/store';
import { organizationalUnits } from '../facts/organization';
import type { Again } from '../findings/attempt';
import type { Refusal } from '../findings/finding';
import { againMessage, readAgain } from '../findings/retry-message';
import { dynamoLog } from '../log/log';
import { metric } from '../metric';
import { eventBridgeTelling, tellOutcome } from '../outcomes/publish-outcome';
import { appConfigPolicy } from '../policy/load';
import type { Ending } from '../remediate/context';
import type { Tools } from '../remediate/ports';
import { remediate } from '../remediate/remediate';
import { readRollback, takeRollbackOrder } from '../rollback/order';
import { readSettings } from '../settings';
import { evaluateAgain } from '../sources/config/evaluate';
import { readEvent } from '../sources/read-event';
import { resolveFinding } from '../sources/security-hub/resolve';
import { type Environment, environment } from './environment';

/** What an invocation answers: how each finding of the event ended, and what of the event was not acted upon. */
export interface Answer {
  readonly endings: readonly Ending[];
  readonly refusals: readonly Refusal[];
}

/** The Lambda handler of one rule. What it needs is made at its first event, so that a bad environment fails the event, not the start. */
export function handlerFor(rule: Rule, clock: Clock = systemClock): (event: unknown, context: Context) => Promise<Answer> {
  const logger = new Logger({ serviceName: rule.id });
  let toolsFor: ReturnType<typeof prepare> | undefined;

  return async function handler(event, context) {
    logger.addContext(context);
    toolsFor ??= prepare(rule, readSettings(environment, process.env), { logger, clock });
    const { tools, hubAccount, takeOrder } = toolsFor(context);
    const order = readRollback(event);
    if (order !== undefined) {
      const ending = await takeOrder(order);
      if (ending === 'before') logger.info('Rolled back before', { remediation: order });
      else if (ending) logger.info('Rolled back', { ...ending });
      else {
        logger.error('Rejected', { kind: 'rejected', reason: `There is no order on record to roll back ${order}.` });
        metric(rule.id, { Rejected: 1 }, clock);
      }
      return { endings: ending && ending !== 'before' ? [ending] : [], refusals: [] };
    }
    const { findings, refusals } = read(rule, event, hubAccount);
    for (const refusal of refusals) note(refusal);

    const endings: Ending[] = [];
    const faults: unknown[] = [];
    for (const again of findings) {
      try {
        const ending = await remediate(again, tools);
        endings.push(ending);
        report(again, ending);
      } catch (error) {
        logger.error('The finding was not handled', {
          finding: again.finding.id,
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
    return { endings, refusals };
  };

  function note(refusal: Refusal): void {
    if (refusal.kind === 'rejected') {
      logger.error('Rejected', { ...refusal });
      metric(rule.id, { Rejected: 1 }, clock);
    } else {
      logger.info('Ignored', { ...refusal });
    }
  }

  function report({ finding }: Again, ending: Ending): void {
    logger.info('Handled', { finding: finding.id, detectedBy: finding.detectedBy, ...ending });
    const failed = ending.outcome === 'failed' || ending.outcome === 'unverified';
    const fixed = ending.outcome === 'fixed' || ending.outcome === 'partly-fixed';
    const RespondMilliseconds = Math.max(0, clock.now().getTime() - Date.parse(finding.sentAt));
    metric(rule.id, { Handled: 1, Fixed: fixed ? 1 : 0, Failed: failed ? 1 : 0, ...(fixed && { RespondMilliseconds }) }, clock);
  }
}

function read(
  rule: Rule,
  event: unknown,
  hubAccount: string,
): { readonly findings: readonly Again[]; readonly refusals: readonly Refusal[] } {
  const again = readAgain(rule, event);
  if (again) return { findings: [again], refusals: [] };
  const { findings, refusals } = readEvent(rule, event, { hubAccount });
  return { findings: findings.map((finding) => ({ finding, attempt: 0 })), refusals };
}

/** The clients live as long as the function instance; the rest is made for each invocation. */
function prepare(
  rule: Rule,
  settings: Environment,
  { logger, clock }: { readonly logger: Logger; readonly clock: Clock },
): (context: Context) => {
  readonly tools: Tools;
  readonly hubAccount: string;
  /** Carries out the order to take a remediation back, once; undefined where there is none on record. */
  readonly takeOrder: (remediation: string) => ReturnType<typeof takeRollbackOrder>;
} {
  const dynamo = new DynamoDBClient({ retryMode: 'adaptive', maxAttempts: 6 });
  const scheduler = new SchedulerClient({ retryMode: 'adaptive', maxAttempts: 6 });
  const credentialsFor = memberRoles(new STSClient({ retryMode: 'adaptive', maxAttempts: 6 }), settings.MEMBER_ROLE, rule.id, clock);
  const ousOf = organizationalUnits(new OrganizationsClient({ retryMode: 'adaptive', maxAttempts: 6 }), clock);
  const policy = appConfigPolicy(new AppConfigDataClient({ maxAttempts: 3 }), settings.POLICY, clock);
  const put = eventBridgeTelling(new EventBridgeClient({ maxAttempts: 4 }), settings.BUS, clock);
  const turns = dynamoTurns(dynamo, settings.COORDINATION_TABLE, clock);
  const clients = [...new Set([...rule.clients, SecurityHubClient, ConfigServiceClient, CloudTrailClient])];
  const connectTo = connections(clients, credentialsFor);

  return (context) => {
    const tools: Tools = {
      rule,
      policy,
      version: settings.VERSION,
      actor: settings.ACTOR,
      connect: connectTo,
      log: dynamoLog(dynamo, settings.LOG_TABLE, clock),
      leases: dynamoLeases(dynamo, settings.COORDINATION_TABLE, clock),
      register: dynamoRegister(dynamo, settings.COORDINATION_TABLE, clock),
      ousOf,
      clock,
      secondsLeft: () => context.getRemainingTimeInMillis() / 1000,
      comeAgain: (again, at, name) =>
        schedule(
          {
            client: scheduler,
            group: settings.SCHEDULE_GROUP,
            role: settings.SCHEDULE_ROLE,
            target: functionArnOf(context.invokedFunctionArn),
            undelivered: settings.UNDELIVERED,
            prefix: rule.id,
          },
          againMessage(again),
          at,
          name,
        ),
      async tellFixed(finding, remediation, aws) {
        await Promise.all([resolveFinding(finding, rule.id, remediation, aws), evaluateAgain(finding, turns, aws)]);
      },
      tellOutcome: tellOutcome(put, policy),
      count: (values) => metric(rule.id, values, clock),
      warn: (message, details) => logger.warn(message, { details }),
    };
    return {
      hubAccount: settings.HUB_ACCOUNT,
      tools,
      takeOrder: (remediation) =>
        takeRollbackOrder(remediation, tools, {
          get: () => getRollback(dynamo, settings.COORDINATION_TABLE, remediation),
          remove: (order) => removeRollback(dynamo, settings.COORDINATION_TABLE, remediation, order),
        }),
    };
  };
}
