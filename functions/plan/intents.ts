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

/** Whether changes of these intents are, or may be, in effect. Evidence changes nothing. */
export const someMade = (intents: readonly Pick<Intent, 'changes' | 'effects'>[]): boolean =>
  intents.some(({ changes, effects }) => changes.some((change, index) => !('evidence' in change) && isMade(effects[index] ?? 'unknown')));

/** The state before the first change that is, or may be, in effect. */
export const stateBefore = (intents: readonly Intent[]): Json | undefined => intents.find((one) => someMade([one]))?.before;

/** All intents of a remediation, in order. */
export const intentsIn = (events: readonly LogEvent[]): readonly Intent[] => fold(events).intents;

/** The intents that are neither verified nor reverted, in order: a remediation that has one is open. */
export function openIntents(events: readonly LogEvent[]): readonly Intent[] {
  const { intents, closed } = fold(events);
  return intents.slice(closed);
}

/** Whether a rollback was begun, and did not end: then some of its commands may have been sent. */
export const isRollbackBegun = (events: readonly LogEvent[]): boolean => fold(events).begun;

interface Fold {
  readonly intents: readonly Intent[];
  /** The number of intents that are verified or reverted. */
  readonly closed: number;
  /** Whether a rollback was begun, and did not end. */
  readonly begun: boolean;
}

/** Follows the trail: an event states what is known of the changes of the intent before it. */
function fold(events: readonly LogEvent[]): Fold {
  let known: Fold = { intents: [], closed: 0, begun: false };
  let beforeRequest: Fold | undefined;
  for (const event of events) {
    // A rollback that was begun leaves a half state until it is complete.
    if (event.kind === 'rollback-requested') {
      beforeRequest = known;
      known = { ...known, closed: 0, begun: true };
      continue;
    }
    // Only a refusal right after the request says that nothing was undone.
    known = event.kind === 'rollback-refused' && beforeRequest ? beforeRequest : following(known, event);
    beforeRequest = undefined;
  }
  return known;
}

function following({ intents: earlier, closed, begun }: Fold, event: LogEvent): Fold {
  const last = earlier.at(-1);
  // What a look shows in between is the work of the rollback, too.
  const learned = last && (!begun || event.kind === 'rolled-back') ? learn(earlier, last, event) : earlier;
  if (event.kind === 'planned') return { intents: [...learned, intentOf(event)], closed, begun };
  const ends = closes(event, learned.slice(closed));
  return { intents: learned, closed: ends ? learned.length : closed, begun: begun && event.kind !== 'rolled-back' };
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
