import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import type { Rule } from '../../rules/rule';
import { describe } from '../aws/fault';
import { type Clock, systemClock } from '../clock';
import type { Again } from '../findings/attempt';
import type { Refusal } from '../findings/finding';
import { readAgain } from '../findings/retry-message';
import { metric } from '../metric';
import type { Ending } from '../remediate/context';
import type { Tools } from '../remediate/ports';
import { remediate } from '../remediate/remediate';
import { readRollback, takeRollbackOrder } from '../rollback/order';
import { readSettings } from '../settings';
import { readEvent } from '../sources/read-event';
import { environment } from './environment';
import { type Invocation, prepare } from './prepare';

/** What an invocation answers: how each finding of the event ended, and what of the event was not acted upon. */
export interface Answer {
  readonly endings: readonly Ending[];
  readonly refusals: readonly Refusal[];
}

/** The Lambda handler of one rule. What it needs is made at its first event, so that a bad environment fails the event, not the start. */
export function handlerFor(rule: Rule, clock: Clock = systemClock): (event: unknown, context: Context) => Promise<Answer> {
  const logger = new Logger({ serviceName: rule.id });
  let invocationFor: ReturnType<typeof prepare> | undefined;

  return async function handler(event, context) {
    logger.addContext(context);
    invocationFor ??= prepare(rule, readSettings(environment, process.env), { logger, clock });
    const invocation = invocationFor(context);
    const ordered = readRollback(event);
    if (ordered !== undefined) return rollBack(ordered, invocation);
    const { findings, refusals } = read(rule, event, invocation.hubAccount);
    for (const refusal of refusals) note(refusal);
    return { endings: await remediateAll(findings, invocation.tools), refusals };
  };

  async function rollBack(remediation: string, { tools, ordersFor }: Invocation): Promise<Answer> {
    const ending = await takeRollbackOrder(remediation, tools, ordersFor(remediation));
    if (ending === undefined) note({ kind: 'rejected', reason: `There is no order on record to roll back ${remediation}.` });
    else if (ending === 'before') logger.info('Rolled back before', { remediation });
    else logger.info('Rolled back', { ...ending });
    return { endings: ending === undefined || ending === 'before' ? [] : [ending], refusals: [] };
  }

  /** One that is not handled does not hold up the others; then the event is delivered again. */
  async function remediateAll(findings: readonly Again[], tools: Tools): Promise<readonly Ending[]> {
    const endings: Ending[] = [];
    const faults: unknown[] = [];
    for (const again of findings) {
      try {
        const ending = await remediate(again, tools);
        endings.push(ending);
        report(again, ending);
      } catch (error) {
        const stack = error instanceof Error ? error.stack : undefined;
        logger.error('The finding was not handled', { finding: again.finding.id, error: describe(error), stack });
        faults.push(error);
      }
    }
    if (faults.length === 0) return endings;
    const reasons = faults.map(describe).join('; ');
    throw new AggregateError(faults, `${faults.length} of ${findings.length} findings were not handled: ${reasons}`);
  }

  function note(refusal: Pick<Refusal, 'kind' | 'reason'>): void {
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
