import type { Json, Plan, Resource, Rule } from '../../rules/rule';
import { seconds } from '../duration';
import { findBreaks } from '../log/chain';
import type { LogEvent } from '../log/event';
import { effectsIn } from '../plan/effects';
import { type Intent, intentsIn, isMade, isRollbackBegun, someMade, stateBefore } from '../plan/intents';
import type { Refusal } from './codes';

/** The changes of a remediation, according to its log. */
export interface Fix {
  /** All events of the remediation. */
  readonly events: readonly [LogEvent, ...LogEvent[]];
  /** It names the resource. */
  readonly last: LogEvent;
  /** All its intents, in order, with what is known of each change. */
  readonly intents: readonly Intent[];
  /** The state before its first change. */
  readonly before: Json;
  /** The state after its last intent, if it is in the log. */
  readonly after: Json | undefined;
  readonly parameters: unknown;
  /** Whether a rollback was begun, and did not end. */
  readonly begun: boolean;
}

/** The changes of a remediation, from its events, or why it cannot be rolled back. */
export function readFix(events: readonly LogEvent[], remediation: string, rule: Pick<Rule, 'id'>): Fix | Refusal {
  const [first, ...others] = events;
  if (!first)
    return { code: 'remediation-not-found', refused: `The log has no remediation ${remediation}. List them with \`posture log\`.` };
  if (first.rule !== rule.id)
    return { code: 'other-rule', refused: `Remediation ${remediation} was made by the rule ${first.rule}, not ${rule.id}.` };
  const [broken] = findBreaks(events);
  if (broken) return { code: 'log-broken', refused: `The hash chain of remediation ${remediation} is broken. ${broken}` };
  // After a rollback, the changes can be reverted again, if others have made them again.
  const back = events.findIndex(({ kind }) => kind === 'rolled-back');
  const intents = intentsIn(back < 0 ? events : events.slice(0, back));
  const intent = intents.at(-1);
  const end = events.findLast(({ kind }) => !kind.startsWith('rollback-'))?.reason;
  if (!intent) return { code: 'nothing-to-roll-back', refused: `Remediation ${remediation} changed nothing: ${end}` };
  const before = stateBefore(intents);
  if (before === undefined) {
    if (events.some(({ kind, outcome }) => kind === 'reverted' && outcome === 'failed'))
      return { code: 'already-reverted', refused: `The changes of remediation ${remediation} were already reverted when it failed.` };
    return { code: 'nothing-to-roll-back', refused: `No change of remediation ${remediation} is in effect: ${end}` };
  }
  return {
    events: [first, ...others],
    last: others.at(-1) ?? first,
    intents,
    before,
    after: intent.after,
    parameters: intent.parameters,
    begun: isRollbackBegun(events),
  };
}

/**
 * The same, with what a look at the resource shows of the changes that an interrupted worker may have made, or an interrupted rollback may
 * have undone.
 */
export function lookedFor(fix: Fix, rule: Rule, resource: Resource, { state, now }: { readonly state: Json; readonly now: Date }): Fix {
  const last = fix.intents.at(-1);
  if (!last || !(fix.begun || last.effects.includes('unknown'))) return fix;
  const independent = rule.independentUndo === true;
  const { detectedBy } = fix.events[0];
  const plan: Plan = rule.plan(resource, state, { parameters: last.parameters, detectedBy, now });
  const intents = fix.intents.map((intent) => {
    if (!fix.begun && intent !== last) return intent;
    const slow = rule.settle !== undefined && now.getTime() - Date.parse(intent.time) < seconds(rule.settle);
    // What is not needed again may be in effect, or undone and changed by others since: only independent undos can be sent again.
    const effects = fix.begun && independent ? intent.effects.map((effect) => (isMade(effect) ? 'unknown' : effect)) : intent.effects;
    return { ...intent, effects: effectsIn({ ...intent, effects }, { state, plan }, slow) };
  });
  return { ...fix, intents, before: fix.begun ? fix.before : (stateBefore(intents) ?? state) };
}

/** Whether a change of the remediation is, or may be, in effect. */
export const hasChanges = ({ intents }: Fix): boolean => someMade(intents);
