import type { Json } from '../../rules/rule';
import { sameJson } from '../canonical-json';
import type { Effect, LogEvent, LoggedChange, Outcome } from '../log/event';

/** The changes that a worker was about to make, and what is known of each. */
export interface Intent {
  readonly changes: readonly LoggedChange[];
  /** What is known of each change, in the same order. */
  readonly effects: readonly Effect[];
  readonly plan: string | undefined;
  /** The state right before its first change. */
  readonly before: Json;
  /** The first state that was logged after its changes. */
  readonly after?: Json;
  /** Others may have changed the resource between its changes and the look at `after`. */
  readonly late?: true;
  /** A later state that was logged after its changes differs. */
  readonly changedSince?: true;
  readonly parameters: Json | undefined;
  /** The ARN of the operator whose approval paid for it. */
  readonly approvedBy?: string;
  /** ISO 8601. */
  readonly time: string;
}

export const isMade = (effect: Effect): boolean => effect !== 'not-made';

/** Whether changes of these intents are, or may be, in effect. */
export const someMade = (intents: readonly Pick<Intent, 'effects'>[]): boolean => intents.some(({ effects }) => effects.some(isMade));

/** The state before the first change that is, or may be, in effect. */
export const stateBefore = (intents: readonly Intent[]): Json | undefined => intents.find((one) => someMade([one]))?.before;

/** All intents of a remediation, in order. */
export const intentsIn = (events: readonly LogEvent[]): readonly Intent[] => fold(events).intents;

/** The intents that are neither verified nor reverted, in order: a remediation that has one is open. */
export function openIntents(events: readonly LogEvent[]): readonly Intent[] {
  const { intents, closed } = fold(events);
  return intents.slice(closed);
}

/** Follows the trail: an event states what is known of the changes of the intent before it. */
function fold(events: readonly LogEvent[]): { readonly intents: readonly Intent[]; readonly closed: number } {
  let intents: readonly Intent[] = [];
  let closed = 0;
  let closedBefore: number | undefined;
  for (const event of events) {
    const last = intents.at(-1);
    if (last) intents = learn(intents, last, event);
    if (event.kind === 'planned') intents = [...intents, intentOf(event)];
    // A rollback that was begun leaves a half state until it is complete.
    else if (event.kind === 'rollback-requested') {
      closedBefore = closed;
      closed = 0;
      continue;
    } else if (event.kind === 'rollback-refused' && closedBefore !== undefined) closed = closedBefore;
    else if (closes(event, intents.slice(closed))) closed = intents.length;
    // Only a refusal right after the request says that nothing was undone.
    closedBefore = undefined;
  }
  return { intents, closed };
}

const intentOf = ({ changes = [], plan, before = null, parameters, approvedBy, time }: LogEvent): Intent => ({
  changes,
  effects: changes.map(() => 'unknown'),
  plan,
  before,
  parameters,
  ...(approvedBy !== undefined && { approvedBy }),
  time,
});

function learn(intents: readonly Intent[], last: Intent, event: LogEvent): readonly Intent[] {
  if (event.kind === 'rolled-back') return intents.map((one) => ({ ...one, effects: one.changes.map(() => 'not-made') }));
  const known = { ...last, effects: effectsBy(event, last) };
  return [...intents.slice(0, -1), event.kind === 'planned' ? known : withState(known, event)];
}

function effectsBy({ kind, effects }: LogEvent, { changes, effects: before }: Intent): readonly Effect[] {
  if (effects?.length === changes.length) return effects;
  if (kind === 'applied') return changes.map(() => 'accepted');
  return kind === 'reverted' ? changes.map(() => 'not-made') : before;
}

function withState(intent: Intent, { kind, after, late }: LogEvent): Intent {
  if (after === undefined || kind.startsWith('rollback-')) return intent;
  if (intent.after === undefined) return { ...intent, after, ...(late && { late }) };
  return sameJson(intent.after, after) ? intent : { ...intent, changedSince: true };
}

/** Whether the event ends what its open intents began: verified, reverted, not found, or nothing of it is in effect. */
function closes({ kind, outcome }: LogEvent, open: readonly Intent[]): boolean {
  if (outcome === undefined) return false;
  if (kind === 'verified' || kind === 'rolled-back' || outcome === 'resource-not-found') return true;
  return !someMade(open);
}

/** The events since the last request for an approval of a plan: a remediation has one permit and at most one approval for each phase. */
export const phaseIn = (events: readonly LogEvent[]): { readonly number: number; readonly events: readonly LogEvent[] } => {
  const last = events.findLastIndex(endsPhase);
  return { number: events.filter(endsPhase).length + 1, events: events.slice(last + 1) };
};

const endsPhase = ({ kind, outcome }: LogEvent): boolean => kind === 'approval-requested' || outcome === 'partly-fixed';

/** How the present phase of a remediation ended; undefined if it had no intent, is open, or made no change and goes on later. */
export function endOf(events: readonly LogEvent[]): Outcome | undefined {
  const { events: since } = phaseIn(events);
  if (openIntents(events).length > 0 || !since.some(({ kind }) => kind === 'planned')) return undefined;
  const outcome = since.findLast((event) => event.outcome !== undefined)?.outcome;
  return outcome === undefined || goingOn.includes(outcome) ? undefined : outcome;
}

const goingOn: readonly Outcome[] = [
  'deferred',
  'blocked',
  'observed',
  'exempt',
  'suppressed',
  'off',
  'breaker-open',
  'drift-loop',
  'not-configured',
];
