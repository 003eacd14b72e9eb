import type { Json, Plan } from '../../rules/rule';
import { sameJson } from '../canonical-json';
import type { Effect, LoggedChange } from '../log/event';
import { isChanges, loggedChange } from './change';
import type { Intent } from './intents';

/** What a look at the resource shows of the changes of an intent. `slow`: a change that AWS accepted may not be visible yet. */
export function effectsIn(
  { changes, before, effects }: Pick<Intent, 'changes' | 'before' | 'effects'>,
  { state, plan }: { readonly state: Json; readonly plan: Plan },
  slow: boolean,
): readonly Effect[] {
  const needed = isChanges(plan) ? plan.map(loggedChange) : undefined;
  const untouched = sameJson(state, before);
  return changes.map((change, index) => {
    const known = effects[index] ?? 'unknown';
    // The state of the resource does not show evidence.
    if (known === 'not-made' || 'evidence' in change) return known;
    if (slow && (untouched || includes(needed ?? [], change))) return known;
    return untouched ? 'not-made' : shownIn(needed, change, { known, changes });
  });
}

/** `needed`: the changes that the rule would make now; undefined if it has no plan. */
function shownIn(
  needed: readonly LoggedChange[] | undefined,
  change: LoggedChange,
  { known, changes }: { readonly known: Effect; readonly changes: readonly LoggedChange[] },
): Effect {
  if (needed === undefined) return known;
  if (includes(needed, change)) return 'not-made';
  return known === 'unknown' ? seenIn(needed, change, changes) : known;
}

/** A change that is not needed any more is in effect, unless the same operation is needed with another input: others may have changed the resource. */
const seenIn = (needed: readonly LoggedChange[], change: LoggedChange, changes: readonly LoggedChange[]): Effect =>
  needed.some((other) => sameOperation(other, change) && !includes(changes, other)) ? 'unknown' : 'seen';

const includes = (changes: readonly LoggedChange[], change: LoggedChange): boolean => changes.some((one) => sameJson(one.do, change.do));

const sameOperation = (one: LoggedChange, other: LoggedChange): boolean =>
  one.do.service === other.do.service && one.do.operation === other.do.operation;

const nameOf = ({ do: { service, operation } }: LoggedChange): string => `${service}:${operation}`;

/** Which changes are in effect, as a sentence. */
export function effectsText(intents: readonly Pick<Intent, 'changes' | 'effects'>[]): string {
  const all = intents.flatMap(({ changes, effects }) => changes.map((change, index) => [nameOf(change), effects[index]] as const));
  const listed = (label: string, ...wanted: readonly Effect[]) => {
    const names = all.flatMap(([name, effect = 'unknown']) => (wanted.includes(effect) ? [name] : []));
    return names.length === 0 ? [] : [`${label}: ${names.join(', ')}`];
  };
  const parts = [...listed('In effect', 'accepted', 'seen'), ...listed('unknown', 'unknown'), ...listed('not made', 'not-made')];
  return `Changes of this remediation: ${parts.join('; ')}.`;
}
