import type { Json, Rule } from '../../rules/rule';
import { sameJson } from '../canonical-json';
import { findBreaks } from '../log/chain';
import type { LogEvent, LoggedChange } from '../log/event';

/** What a remediation did, as its log tells. */
export interface Fix {
  /** All events of the remediation. */
  readonly events: readonly [LogEvent, ...LogEvent[]];
  readonly before: Json;
  /** The state after the fix, where its end is in the log. */
  readonly after: Json | undefined;
  readonly parameters: unknown;
  /** What was done, last one first. */
  readonly changes: readonly LoggedChange[];
}

/** What a remediation did, from its events, or why it can't be taken back. */
export function readFix(events: readonly LogEvent[], remediation: string, rule: Rule): Fix | { readonly refused: string } {
  const [first, ...others] = events;
  if (!first) return { refused: `The log has no remediation ${remediation}. List them with \`posture log\`.` };
  if (first.rule !== rule.id) return { refused: `Remediation ${remediation} is of the rule ${first.rule}, not of ${rule.id}.` };
  const [broken] = findBreaks(events);
  if (broken) return { refused: `The log of remediation ${remediation} can't be trusted. ${broken}` };
  const intents = events.filter(({ kind }) => kind === 'planned');
  const [intent] = intents;
  if (!intent) return { refused: `Remediation ${remediation} changed nothing: ${events.at(-1)?.reason}` };
  if (events.some(({ kind }) => kind === 'reverted') && !events.some(({ kind }) => kind === 'verified')) {
    return { refused: `What remediation ${remediation} did was taken back when it failed.` };
  }
  return {
    events: [first, ...others],
    before: intent.before ?? null,
    after: events.findLast(({ kind }) => kind === 'verified' || kind === 'failed')?.after,
    parameters: intent.parameters,
    changes: appliedChanges(intents).toReversed(),
  };
}

/** The changes of all intents, in order; one that a later intent names again was not applied by the earlier. */
function appliedChanges(intents: readonly LogEvent[]): readonly LoggedChange[] {
  return intents.flatMap(({ changes = [] }, index) => {
    const later = intents.slice(index + 1).flatMap((intent) => intent.changes ?? []);
    return changes.filter((change) => !later.some((other) => sameJson(other.do, change.do)));
  });
}
