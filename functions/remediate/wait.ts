import { describe } from '../aws/error';
import { canonicalJson } from '../canonical-json';
import type { Held } from '../coordination/lease';
import { leaseKey } from '../coordination/lease-key';
import { minutes } from '../duration';
import { namesOthers } from '../findings/same-evidence';
import { findBreaks } from '../log/chain';
import { openJournal } from '../log/journal';
import { subjectIn } from '../log/subject';
import { effectsText } from '../plan/effects';
import { openIntents, someMade } from '../plan/intents';
import type { IncompleteCode } from './codes';
import { deferRetry, type RemediationContext, type Result, resultOf } from './context';
import { endIncomplete } from './halt';
import { nextAttempt } from './next-attempt';
import { attemptOf } from './open-item';
import type { OpenRemediation } from './resume';

const why = 'Another worker is changing this resource.';

/** The maximum of a message. */
const maxNumber = 1000;

/** The time of a worker. One that has lost its lease may still write to its trail until then. */
const maxWork = minutes(2);

/** Another worker has the lease. An open remediation stays open; any other finding comes back. */
export async function waitForOther(context: RemediationContext, { heldBy }: Held): Promise<Result> {
  const { attempt, ports, journal, resource } = context;
  const item = await ports.openRemediations.find(ports.rule.id, leaseKey(ports.rule, resource));
  // A worker of this rule may be on that very remediation, however long ago it last wrote to its trail.
  if (item && heldBy !== ports.rule.id && heldBy !== '') {
    const result = await waitOpen(context, item.remediation, attemptOf(item, ports) ?? attempt);
    if (result) {
      await comeAfter(context, { item });
      return result;
    }
  }
  const next = nextAttempt(attempt.number, ports.clock.now(), journal.subject.remediation);
  // The other worker may be writing to the trail of a remediation that is continued.
  if (attempt.remediation === undefined || !next) return deferRetry(context, why, { kind: 'deferred', outcome: 'deferred' });
  await ports.scheduleRetry({ ...attempt, number: next.number }, next.at, `${journal.subject.remediation}-${next.number}`);
  return resultOf(context, 'deferred', `${why} Next attempt at ${next.at.toISOString()}.`);
}

/** Undefined if a worker may still be on this very remediation, or it has no change in effect. */
async function waitOpen(
  context: RemediationContext,
  remediation: string,
  attempt: RemediationContext['attempt'],
): Promise<Result | undefined> {
  const { ports } = context;
  const events = await ports.log.read(remediation);
  const last = events.at(-1);
  const open = openIntents(events);
  if (!last || findBreaks(events).length > 0 || !someMade(open)) return undefined;
  // An event in between would keep that worker from recording what it did.
  if (ports.clock.now().getTime() - Date.parse(last.time) < maxWork) return undefined;
  const journal = openJournal(ports.log, ports.clock, subjectIn(last, ports.version), events);
  const standing = { effects: open.at(-1)?.effects ?? [], text: effectsText(open) };
  try {
    return await endIncomplete({ ...context, attempt, journal }, { code: 'busy' satisfies IncompleteCode, why }, standing);
  } catch (error) {
    // The other worker has written to it meanwhile, so it is being continued.
    ports.warn('The wait was not logged', { remediation, error: describe(error) });
    return undefined;
  }
}

/** While AWS completes accepted changes, and a later verification is scheduled, another delivery has nothing to do. */
export function waitForVerification(context: RemediationContext, { applied, item }: OpenRemediation): Result | undefined {
  if (applied === undefined || item.next === undefined || new Date(item.next) <= context.ports.clock.now()) return undefined;
  return resultOf(context, 'verifying', `AWS accepted the changes, and they take effect later. Next check at ${item.next}.`);
}

/** A finding of another detector, another request of a tool, or an approval of another remediation, waits until the open remediation has ended. */
export async function comeAfter(
  { attempt, journal, ports, resource }: RemediationContext,
  { item }: Pick<OpenRemediation, 'item'>,
): Promise<void> {
  const other = attempt.remediation !== undefined && attempt.remediation !== item.remediation;
  // A tool that requests a remediation awaits its end by its own reference.
  const request = attempt.finding.requester !== undefined && attempt.finding.id !== item.message.finding.id ? attempt.finding.id : '';
  const { evidence } = attempt.finding;
  const others = ports.rule.response && evidence && namesOthers(item.message.finding.evidence, evidence) ? canonicalJson(evidence) : '';
  if (!other && request === '' && others === '' && attempt.finding.detectedBy === item.detectedBy) return;
  const now = ports.clock.now();
  const soonest = nextAttempt(attempt.number, now, journal.subject.remediation)?.at ?? new Date(now.getTime() + minutes(60));
  // While it is open, there is nothing to do before its own next attempt. By the same name, other reports add no schedule.
  const open = await ports.openRemediations.find(ports.rule.id, leaseKey(ports.rule, resource));
  const after = open?.next === undefined ? soonest : new Date(Date.parse(open.next) + minutes(1));
  const at = after > soonest ? after : soonest;
  const { remediation = '', requestedBy = '', finding } = attempt;
  await ports.scheduleRetry(
    { ...attempt, number: Math.min(attempt.number + 1, maxNumber) },
    at,
    `${item.remediation} before ${remediation} ${requestedBy}${request}${others} ${finding.detectedBy} ${at.toISOString()}`,
  );
}
