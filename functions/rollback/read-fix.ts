import type { Json, Rule } from '../../rules/rule';
import { sameJson } from '../canonical-json';
import { findBreaks } from '../log/chain';
import type { LogEvent, LoggedChange } from '../log/event';
import type { Refusal } from './codes';

/** The changes of a remediation, according to its log. */
export interface Fix {
  /** All events of the remediation. */
  readonly events: readonly [LogEvent, ...LogEvent[]];
  readonly before: Json;
  /** The state after the fix, if its end is in the log. */
  readonly after: Json | undefined;
  readonly parameters: unknown;
  /** The changes, in reverse order. */
  readonly changes: readonly LoggedChange[];
}

/** The changes of a remediation, from its events, or why it cannot be rolled back. */
export function readFix(events: readonly LogEvent[], remediation: string, rule: Rule): Fix | Refusal {
  const [first, ...others] = events;
  if (!first)
    return { code: 'remediation-not-found', refused: `The log has no remediation ${remediation}. List them with \`posture log\`.` };
  if (first.rule !== rule.id)
    return { code: 'other-rule', refused: `Remediation ${remediation} was made by the rule ${first.rule}, not ${rule.id}.` };
  const [broken] = findBreaks(events);
  if (broken) return { code: 'log-broken', refused: `The hash chain of remediation ${remediation} is broken. ${broken}` };
  const plans = events.filter(({ kind }) => kind === 'planned');
  const [planned] = plans;
  if (!planned) return { code: 'nothing-to-roll-back', refused: `Remediation ${remediation} changed nothing: ${events.at(-1)?.reason}` };
  if (events.some(({ kind }) => kind === 'reverted') && !events.some(({ kind }) => kind === 'verified')) {
    return { code: 'already-reverted', refused: `The changes of remediation ${remediation} were already reverted when it failed.` };
  }
  return {
    events: [first, ...others],
    before: planned.before ?? null,
    after: events.findLast(({ kind }) => kind === 'verified' || kind === 'failed')?.after,
    parameters: planned.parameters,
    changes: appliedChanges(plans).toReversed(),
  };
}

/** The changes of all plans, in order; a change that a later plan repeats was not applied by the earlier one. */
function appliedChanges(plans: readonly LogEvent[]): readonly LoggedChange[] {
  return plans.flatMap(({ changes = [] }, index) => {
    const later = plans.slice(index + 1).flatMap((plan) => plan.changes ?? []);
    return changes.filter((change) => !later.some((other) => sameJson(other.do, change.do)));
  });
}
