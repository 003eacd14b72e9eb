import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import type { Rule } from '../../rules/rule';
import { describe } from '../aws/error';
import { partitionIn } from '../aws/region';
import { type Clock, systemClock } from '../clock';
import { drill } from '../drill/drill';
import { type DrillMessage, readDrill } from '../drill/message';
import type { Attempt } from '../findings/attempt';
import type { Refusal } from '../findings/finding';
import { metric } from '../metric';
import type { Result } from '../remediate/context';
import type { Ports } from '../remediate/ports';
import { remediate } from '../remediate/remediate';
import { carryOutRollbackOrder, readRollback } from '../rollback/order';
import { readSettings } from '../settings';
import type { Scope } from '../sources/envelope';
import { readEvent } from '../sources/read-event';
import { isMessage, readMessage } from '../sources/read-message';
import { ofChosenFeed } from './chosen-feed';
import { environment } from './environment';
import { handOn } from './hand-on';
import { identified, type Read } from './identified';
import { ofRequester } from './of-requester';
import { type Invocation, prepare } from './prepare';

/** The response of an invocation: the result of each finding, and the refused parts of the event. */
export interface Answer {
  readonly results: readonly Result[];
  readonly refusals: readonly Refusal[];
  /** How many findings of the event this delivery gave invocations of their own instead. */
  readonly handedOn?: number;
}

/** Why a message of the control function is not acted on; stable, for software. */
type RequestCode = 'no-rollback-request';

/** The Lambda handler of one rule. It is initialized at the first event, so that invalid settings fail the event and not the start. */
export function handlerFor(rule: Rule, clock: Clock = systemClock): (event: unknown, context: Context) => Promise<Answer> {
  const logger = new Logger({ serviceName: rule.id });
  let invocationFor: ReturnType<typeof prepare> | undefined;

  return async function handler(event, context) {
    logger.addContext(context);
    invocationFor ??= prepare(rule, readSettings(environment, process.env), { logger, clock });
    const invocation = invocationFor(context);
    const ordered = readRollback(event);
    if (ordered !== undefined) return rollBack(ordered, invocation);
    const drilled = readDrill(event);
    if (drilled) return drillOnce(drilled, invocation);
    const scope = { ...scopeOf(invocation, context), anyConfigRule: true } as const;
    const given = read(rule, event, scope);
    const chosen = isMessage(event) ? given : await ofRequester(rule, await ofChosenFeed(given, invocation.ports), invocation.ports);
    const { findings, refusals } = await identified(rule, chosen, invocation.identification);
    for (const refusal of refusals) note(refusal);
    if (findings.length > 1) {
      const handedOn = await handOn(event, findings, invocation.handingOn);
      logger.info('Handed on', { findings: findings.length, handedOn });
      return { results: [], refusals, handedOn };
    }
    return { results: await Promise.all(findings.map((attempt) => remediateOne(attempt, invocation.ports))), refusals };
  };

  async function rollBack(remediation: string, { ports, requestsFor }: Invocation): Promise<Answer> {
    const result = await carryOutRollbackOrder(remediation, ports, requestsFor(remediation));
    if (result === undefined)
      note({ kind: 'invalid', code: 'no-rollback-request', reason: `No request to roll back ${remediation} is recorded.` });
    else if (result === 'before') logger.info('Already rolled back', { remediation });
    else logger.info('Rolled back', { ...result });
    return { results: result === undefined || result === 'before' ? [] : [result], refusals: [] };
  }

  async function drillOnce(message: DrillMessage, { drillPorts }: Invocation): Promise<Answer> {
    const { allowed, denied, unknown } = await drill(message, drillPorts);
    logger.info('Drilled', { ...message.place, allowed, denied, unknown });
    return { results: [], refusals: [] };
  }

  async function remediateOne(attempt: Attempt, ports: Ports): Promise<Result> {
    try {
      const result = await remediate(attempt, ports);
      report(attempt, result);
      return result;
    } catch (error) {
      const stack = error instanceof Error ? error.stack : undefined;
      logger.error('The finding was not processed', { finding: attempt.finding.id, error: describe(error), stack });
      throw error;
    }
  }

  function note(refusal: Pick<Refusal, 'kind' | 'reason'> & { readonly code: Refusal['code'] | RequestCode }): void {
    if (refusal.kind === 'invalid') {
      logger.error('Invalid event', { ...refusal });
      metric(rule.id, { InvalidEvents: 1 }, clock);
    } else {
      logger.info('Ignored', { ...refusal });
    }
  }

  function report(attempt: Attempt, result: Result): void {
    const { finding, look, ticket, remediation } = attempt;
    logger.info(whatWasDone(attempt), { finding: finding.id, detectedBy: finding.detectedBy, ...result });
    // The remediation was counted when it ended.
    if ((look !== undefined || ticket) && result.remediation === remediation) return;
    const failed = result.outcome === 'failed' || result.outcome === 'unverified';
    const fixed = result.outcome === 'fixed' || result.outcome === 'partly-fixed';
    const RespondMilliseconds = Math.max(0, clock.now().getTime() - Date.parse(finding.sentAt));
    metric(rule.id, { Handled: 1, Fixed: fixed ? 1 : 0, Failed: failed ? 1 : 0, ...(fixed && { RespondMilliseconds }) }, clock);
  }
}

function whatWasDone({ look, ticket }: Attempt): string {
  if (ticket) return 'Note with the ticket';
  return look === undefined ? 'Processed' : 'Detector asked';
}

function scopeOf({ centralAccount }: Invocation, { invokedFunctionArn }: Context): Scope {
  const partition = partitionIn(invokedFunctionArn);
  return { centralAccount, ...(partition !== undefined && { partition }) };
}

function read(rule: Rule, event: unknown, scope: Scope): Read {
  const message = readMessage(rule, event, scope);
  if (message) return 'refusal' in message ? { findings: [], refusals: [message.refusal] } : { findings: [message], refusals: [] };
  const { findings, refusals } = readEvent(rule, event, scope);
  return { findings: findings.map((finding) => ({ finding, number: 0 })), refusals };
}
