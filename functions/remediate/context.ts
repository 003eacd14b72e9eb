import type { Aws, Resource, Tags } from '../../rules/rule';
import { describe } from '../aws/error';
import { hashJson } from '../canonical-json';
import type { OpenItem } from '../coordination/open-remediation';
import type { Attempt } from '../findings/attempt';
import type { Effect, EventInput, LogEvent, Outcome, Times } from '../log/event';
import type { Journal } from '../log/journal';
import type { OutcomeNotice } from '../outcomes/outcome-event';
import { ruleSummary } from '../outcomes/rule-summary';
import { sanitize } from '../untrusted-text';
import { deadlineAfter } from './due';
import { nextAttempt } from './next-attempt';
import { statedOccurrence } from './occurrence';
import type { Ports } from './ports';
import { scheduleTicketNote } from './schedule-ticket-note';

/** The result of one attempt to handle a finding. */
export interface Result {
  readonly remediation: string;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly resource: string;
}

/** The values that all steps of an attempt share. */
export interface AttemptContext {
  readonly attempt: Attempt;
  readonly received: Date;
  readonly aws: Aws;
  readonly journal: Journal;
  readonly ports: Ports;
  /** What is known of the changes of the last intent, to be logged with the next events. */
  readonly effects?: readonly Effect[] | undefined;
  /** What became of earlier attempts, as a sentence that the end of this one states, too. */
  readonly earlier?: string;
  /** The hash of what is logged and published again after a week, if it is still the same. */
  readonly renews?: string | undefined;
}

/** The values that the steps under the lease share. */
export interface RemediationContext extends AttemptContext {
  readonly resource: Resource;
  /** The item of the open remediation that it continues. */
  readonly open?: OpenItem;
  /** Has this done together with the release of the lease. */
  readonly atRelease?: ((work: () => Promise<void>) => void) | undefined;
}

/** An event to log; who acted, and the times of the finding, are added. */
export type EventBody = Omit<EventInput, 'actor'>;

/** Details for the outcome event. */
export interface OutcomeDetails {
  readonly tags?: Tags | undefined;
  /** The organizational units of the account, if they were read. */
  readonly ous?: readonly string[] | undefined;
  readonly repeated?: boolean;
}

/** Writes the events. The first one of the trail also says how the finding was received. */
export async function write(
  { attempt, received, journal, ports, effects }: AttemptContext,
  ...bodies: readonly EventBody[]
): Promise<void> {
  const { requestedBy, finding } = attempt;
  const { action, detectedAt, requester, reference, evidence } = finding;
  const receipt = {
    ...(action && { action }),
    ...(requestedBy !== undefined && { requestedBy }),
    ...(requester !== undefined && { requester }),
    ...(reference !== undefined && { reference }),
    ...(evidence && { evidence }),
  };
  const stated = statedOccurrence(finding, received);
  await journal.write(
    ...bodies.map((one, index): EventInput => {
      const times: Times = { ...stated.times, detected: detectedAt, received: received.toISOString(), ...one.times };
      const first = journal.events.length === 0 && index === 0 ? receipt : {};
      const late = one.after !== undefined && sentBefore(journal) ? { late: true as const } : {};
      const { occurrence = stated.occurrence } = one;
      return {
        ...first,
        ...(effects && { effects }),
        ...late,
        ...(occurrence && { occurrence }),
        ...one,
        reason: plainReason(one.reason),
        actor: ports.actor,
        times,
      };
    }),
  );
}

/** A reason may quote tags and errors, which are untrusted. */
const plainReason = (reason: string): string => sanitize(reason.replace(/\s+/g, ' '), 4000);

/** SHA-256 of all that an end says, but for the look of the resource, and what it was compared with on the way. */
export const hashOfEnd = ({ kind, outcome, code, reason, plan, until, parameters }: EventBody): string =>
  hashJson({ kind, outcome, code, reason: plainReason(reason), plan, until, parameters });

/** Whether an earlier run sent the changes of the last intent, and this one only looks at them. */
export const sentBefore = ({ events, earlier }: Journal): boolean => {
  const planned = events.findLastIndex(({ kind }) => kind === 'planned');
  return planned >= 0 && planned < earlier;
};

/** Writes the final events, and publishes the last one, which has the outcome. */
export async function end(
  context: AttemptContext,
  bodies: readonly [...EventBody[], EventBody & { readonly outcome: Outcome }],
  details: OutcomeDetails = {},
): Promise<Result> {
  const last = bodies.at(-1) as EventBody & { readonly outcome: Outcome };
  const { outcome } = last;
  const reason = context.earlier === undefined ? last.reason : `${last.reason} ${context.earlier}`;
  const deadline = await deadlineAfter(context, outcome, details);
  await write(context, ...bodies.slice(0, -1), { ...last, reason, ...(deadline && { deadline }) });
  const event = context.journal.events.at(-1);
  if (event) await announce(context, event, details);
  return resultOf(context, outcome, reason);
}

/** Publishing is not part of the fix: a failure is only logged. */
export async function announce(
  context: AttemptContext,
  event: LogEvent,
  { tags, ous, repeated = context.renews !== undefined && context.renews === hashOfEnd(event) }: OutcomeDetails = {},
): Promise<void> {
  const { ports, journal } = context;
  const notice: OutcomeNotice = {
    event,
    earlier: journal.events,
    rule: ruleSummary(ports.rule),
    ...(tags && { tags }),
    ...(ous && { ous }),
    ...(repeated && { repeated }),
  };
  const unlessFailed = (what: string) => (error: unknown) => ports.warn(what, { remediation: event.remediation, error: describe(error) });
  await ports.publishOutcome(notice).catch(unlessFailed('The outcome was not published'));
  await scheduleTicketNote(context, notice).catch(unlessFailed('The note with the ticket was not scheduled'));
}

export function resultOf({ journal }: AttemptContext, outcome: Outcome, reason: string): Result {
  return { remediation: journal.subject.remediation, resource: journal.subject.resource, outcome, reason };
}

/** Ends this attempt and schedules the next one, which continues the same remediation; fails after the maximum number of attempts. */
export async function deferRetry(
  context: AttemptContext,
  why: string,
  bodies: Pick<EventBody, 'kind' | 'code'> & { readonly outcome: Outcome },
): Promise<Result> {
  const { attempt, journal, ports } = context;
  const next = nextAttempt(attempt.number, ports.clock.now(), journal.subject.remediation);
  if (!next)
    return end(context, [{ kind: 'failed', outcome: 'failed', reason: `${why} No further attempt after ${attempt.number} attempts.` }]);
  const { remediation } = journal.subject;
  await ports.scheduleRetry({ ...attempt, remediation, deferred: true, number: next.number }, next.at, `${remediation}-${next.number}`);
  return end(context, [{ ...bodies, until: next.at.toISOString(), reason: `${why} Next attempt at ${next.at.toISOString()}.` }]);
}
