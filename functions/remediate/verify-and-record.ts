import type { Json, notFound } from '../../rules/rule';
import { describe } from '../aws/error';
import type { Clock } from '../clock';
import { seconds as milliseconds } from '../duration';
import type { Effect, Outcome } from '../log/event';
import type { Policy } from '../policy/policy';
import type { DisputeCode } from './codes';
import { announce, type EventBody, end, type OutcomeDetails, type RemediationContext, type Result, resultOf, write } from './context';
import { askLater } from './detector/ask-later';
import { endFailed } from './failed';
import type { Inspection } from './inspect-and-plan';
import { scheduleOpen } from './open-item';
import { type Collection, collectAgain } from './record-collected';
import { askForRest } from './request-approval';
import { ticketNote } from './ticket-note';
import { verify } from './verify';

/** The maximum wait for a change to take effect, in seconds; after that, a later verification is scheduled. */
const patience = 20;

export interface VerifyAndRecordOptions {
  readonly before: Json;
  /** When the changes were accepted; ISO 8601. */
  readonly applied: string;
  /** Whether this is already in the log. */
  readonly logged: boolean;
  /** Whether the changes were found in effect, after an interruption. */
  readonly seen?: boolean;
  /** What is known of each change. */
  readonly effects?: readonly Effect[];
  readonly inspectAndPlan: () => Promise<Inspection | typeof notFound>;
  readonly policy: Policy;
  /** Whether an operator approved the plan: then no change waits for an approval. */
  readonly approved: boolean;
  /** Details for the outcome event. */
  readonly details?: OutcomeDetails;
  /** The evidence that this run collected. */
  readonly collected?: Collection;
  /** The consecutive failures of the rule so far, if they were read. */
  readonly failures?: number;
}

/** Verifies the changes, and records and publishes the outcome; for a slow resource, schedules a later verification. */
export async function verifyAndRecord(context: RemediationContext, options: VerifyAndRecordOptions): Promise<Result> {
  const { before, applied, inspectAndPlan, policy, approved, details = {}, failures } = options;
  const { rule, clock, secondsLeft } = context.ports;
  const settle = rule.settle ?? patience;
  const known = acceptedIn(options, context.effects);
  const seconds = Math.min(settle, patience, secondsLeft() / 2);
  const verification = await verify(inspectAndPlan, { seconds, clock, approved }).catch(async (error: unknown) => {
    // What AWS accepted must not be forgotten.
    if (!options.logged) await write(context, appliedBody(options, known));
    throw error;
  });

  if (verification.result === 'not-found')
    return end(context, [{ ...known, kind: 'failed', outcome: 'resource-not-found', reason: 'The resource no longer exists.' }], details);

  if (verification.result === 'not-yet') {
    const passed = secondsSince(applied, clock);
    if (settle > patience && passed < settle) return scheduleVerification(context, { settle, seen: verification.seen, options, known });
    const { unfixable, code, after: left } = verification;
    // The rule did what is possible, so this does not count as a failure of the rule.
    if (unfixable !== undefined && left !== undefined) {
      const times = { applied, verified: clock.now().toISOString() };
      const rest = {
        kind: 'verified',
        outcome: 'partly-fixed',
        reason: `Partly fixed. The rest can't be fixed by API calls: ${unfixable}`,
      } as const;
      return end(context, [{ ...known, ...rest, ...(code !== undefined && { code }), before, after: left, times }], details);
    }
    const reason = `The changes were accepted, but ${Math.round(passed)} seconds later the fix is not verified: ${verification.seen}.`;
    const after = verification.after === undefined ? {} : { after: verification.after };
    return endUnverified(context, policy, { ...known, kind: 'failed', outcome: 'unverified', reason, ...after }, details);
  }

  const times = { applied, verified: clock.now().toISOString() };
  const proof = { ...known, kind: 'verified', before, after: verification.after, times } as const;
  // In a scheduled verification, the number of failures is not read.
  await forgetFailures(context, failures);
  if (verification.result === 'held') {
    return askForRest(context, { policy, proof, rest: verification.rest, details });
  }
  const { unmet } = verification;
  if (unmet !== undefined) {
    const reason = `${unmet}. The rule's check passes after the change, as far as the policy requires it.`;
    return end(context, [{ ...proof, outcome: 'disputed', code: 'policy-below-detector' satisfies DisputeCode, reason }], details);
  }
  return recordFixed(context, options, { proof, known });
}

interface Proven {
  readonly proof: Pick<EventBody, 'effects' | 'times' | 'before'> & { readonly kind: 'verified'; readonly after: Json };
  readonly known: Accepted;
}

async function recordFixed(context: RemediationContext, options: VerifyAndRecordOptions, { proof, known }: Proven): Promise<Result> {
  const { rule, clock } = context.ports;
  const { settle = patience } = rule;
  const evidence = options.collected ?? (await collectAgain(context, proof.after));
  // RDS takes no snapshot before it has made the changes.
  if (evidence?.isMissing && settle > patience && secondsSince(options.applied, clock) < settle)
    return scheduleVerification(context, { settle, seen: evidence.text, options, known });
  const reason = `The rule's check passes after the change.${evidence === undefined ? '' : ` ${evidence.text}`}`;
  const fixed = { ...proof, outcome: 'fixed', reason } as const;
  await write(context, fixed);
  const event = context.journal.events.at(-1);
  await Promise.all([event && announce(context, event, options.details), notifyFixed(context)]);
  return resultOf(context, fixed.outcome, fixed.reason);
}

const secondsSince = (time: string, clock: Clock): number => (clock.now().getTime() - Date.parse(time)) / milliseconds(1);

/** What is known of the changes, unless it is in the log. */
function acceptedIn({ logged, applied, effects }: VerifyAndRecordOptions, known: readonly Effect[] | undefined): Accepted {
  const each = effects ?? known;
  return logged ? {} : { times: { applied }, ...(each && { effects: each }) };
}

type Accepted = Pick<EventBody, 'times' | 'effects'>;

const appliedBody = ({ seen }: VerifyAndRecordOptions, known: Accepted): EventBody => ({
  ...known,
  kind: 'applied',
  reason: seen ? 'The changes are in effect.' : 'The changes were accepted.',
});

/** The remediation stays open, and comes back. It counts as a failure of the rule once. */
async function endUnverified(
  context: RemediationContext,
  policy: Policy,
  body: EventBody & { readonly outcome: Outcome },
  details: OutcomeDetails,
): Promise<Result> {
  const next = await scheduleOpen(context);
  const before = context.journal.events.some(({ outcome }) => outcome === 'unverified');
  const timed = [{ ...body, until: next.toISOString() }] as const;
  return before ? end(context, timed, { ...details, repeated: true }) : endFailed(context, policy, timed, details);
}

/** If this fails, the breaker only opens sooner; the fix is not affected. */
async function forgetFailures({ journal, ports: { rule, store, warn } }: RemediationContext, failures: number | undefined): Promise<void> {
  if (failures === 0) return;
  await store
    .succeeded({ rule: rule.id, account: journal.subject.account })
    .catch((error: unknown) => warn('The failures before this fix are still counted', { rule: rule.id, error: describe(error) }));
}

/** For a slow resource: changes take effect minutes later, or days later in a maintenance window. */
async function scheduleVerification(
  context: RemediationContext,
  {
    settle,
    seen,
    options,
    known,
  }: { readonly settle: number; readonly seen: string; readonly options: VerifyAndRecordOptions; readonly known: Accepted },
): Promise<Result> {
  const { ports } = context;
  const pause = Math.min(Math.max(600, settle / 100), Math.max(60, settle / 4));
  const at = await scheduleOpen(context, new Date(ports.clock.now().getTime() + milliseconds(pause)));
  const reason = `The changes were accepted and take effect later. Next check at ${at.toISOString()}. So far: ${seen.replace(/\.$/, '')}.`;
  if (!options.logged)
    await end(context, [{ ...appliedBody(options, known), outcome: 'verifying', reason, until: at.toISOString() }], options.details ?? {});
  return resultOf(context, 'verifying', reason);
}

/** Notifies the source at the end, and has its detector asked later. A failure is only logged: Security Hub updates the finding at its next check anyway. */
export async function notifyFixed(context: RemediationContext): Promise<void> {
  const { attempt, aws, journal, ports } = context;
  const { remediation } = journal.subject;
  const notified = ticketNote(context)
    .then((ticket) => ports.notifySource(attempt.finding, remediation, aws, ticket))
    .catch((error: unknown) => ports.warn('The source was not notified', { remediation, error: describe(error) }));
  await Promise.all([notified, askLater(context)]);
}
