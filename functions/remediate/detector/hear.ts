import { describe } from '../../aws/error';
import type { Attempt } from '../../findings/attempt';
import { verdictOn } from '../../sources/verdict';
import type { Result } from '../context';
import type { Ports } from '../ports';
import { ticketNote } from '../ticket-note';
import { lookAtDisagreement } from './disagreement';
import {
  askAgain,
  type Compliant,
  dispute,
  endConfirmed,
  endOutdated,
  endQuietly,
  endUnconfirmed,
  type Noncompliant,
  waitForEvaluation,
} from './ends';
import { sawTheSame } from './fix-to-confirm';
import { type Hearing, readHearing } from './trail';
import { underLease } from './under-lease';

type HandleAnew = (attempt: Attempt, ports: Ports) => Promise<Result>;

/**
 * Asks the detector whether it agrees with a remediation. If it does, that is logged, and its finding becomes RESOLVED; if it disagrees, the
 * rule looks again. Nothing is changed on its word alone, and what can't be read is asked again.
 */
export async function hearDetector(attempt: Attempt, ports: Ports, handleAnew: HandleAnew): Promise<Result> {
  const hearing = await readHearing(attempt, ports);
  if (!hearing) return endQuietly(attempt);
  const { context, fix, later } = hearing;
  if (later !== undefined) return endOutdated(hearing, later);
  const verdict = await verdictOn(attempt.finding, context.resource, context.aws).catch((error: unknown) => ({ error }));
  if ('error' in verdict) return askAgain(hearing, `The detector can't be asked (${describe(verdict.error)}).`);
  switch (verdict.says) {
    case 'nothing':
      return endUnconfirmed(hearing, verdict.code, verdict.why);
    case 'neither':
      return waitForEvaluation(hearing, 'not-judged', `${verdict.by} says ${verdict.what} about the resource.`);
    case 'compliant':
      if (verdict.started === undefined || verdict.started <= fix.since)
        return waitForEvaluation(hearing, 'not-evaluated', notSince(verdict, fix.since));
      return confirm(hearing, verdict);
    case 'noncompliant':
      if (!sawTheSame(verdict.started, fix, ports.rule.settle))
        return waitForEvaluation(hearing, 'not-evaluated', notSince(verdict, fix.verified));
      return disagree(hearing, verdict, handleAnew);
  }
}

const notSince = ({ by, started }: Compliant | Noncompliant, since: Date): string =>
  `${by}, of ${started ? `an evaluation at ${started.toISOString()}` : 'an evaluation whose time is unknown'}, which says nothing about the resource since ${since.toISOString()}.`;

async function confirm(hearing: Hearing, verdict: Compliant): Promise<Result> {
  // Security Hub sets a finding that passes to RESOLVED by itself, so nothing is to be written there, and nothing can go wrong in between.
  if (!verdict.toResolve) return endConfirmed(hearing, verdict);
  return underLease(hearing, async (held) => {
    const { attempt, aws, ports, journal } = held.context;
    const found = held.fix.outcome === 'fixed' ? 'Fixed' : 'Found compliant';
    const note = `${verdict.by}. ${found} by ${ports.rule.id}, remediation ${journal.subject.remediation}.${await ticketNote(held.context)}`;
    try {
      await ports.tellSource(attempt.finding, { status: 'RESOLVED', note }, aws);
    } catch (error) {
      return askAgain(held, `The finding can't be updated (${describe(error)}).`);
    }
    return endConfirmed(held, verdict);
  });
}

/** The detector has looked later, and disagrees: the rule looks again. What it finds to change is handled like a new finding. */
async function disagree(hearing: Hearing, verdict: Noncompliant, handleAnew: HandleAnew): Promise<Result> {
  const answer = await underLease(hearing, async (held) => {
    const look = await lookAtDisagreement(held);
    switch (look.sees) {
      case 'same':
        return dispute(held, verdict, look.state);
      case 'unread':
        return askAgain(held, look.why);
      case 'not-found':
        return endUnconfirmed(held, 'resource-not-found', 'The resource does not exist any more.');
      case 'other':
        return 'anew' as const;
    }
  });
  if (answer !== 'anew') return answer;
  const { attempt, ports } = hearing.context;
  const at = (verdict.started ?? ports.clock.now()).toISOString();
  const result = await handleAnew({ finding: { ...attempt.finding, detectedAt: at, sentAt: at }, number: 0 }, ports);
  const before = await readHearing(attempt, ports);
  const why = `${verdict.by}, and the resource is not as it was then: remediation ${result.remediation} handles it.`;
  if (before) await endUnconfirmed(before, 'changed-since', why);
  return result;
}
