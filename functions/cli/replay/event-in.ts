import type { Refusal } from '../../findings/finding';
import { quote } from '../../untrusted-text';
import type { Entry } from '../input/entries';
import { eventOf, eventOfOcsf } from '../input/event-of';
import type { Delivery } from './delivery';

/** The event that an entry of the file is, or stands for; or why it can't be replayed, with the command for it. */
export function eventIn(entry: Entry): { readonly event: object } | { readonly refusal: Refusal } {
  switch (entry.sort) {
    case 'event':
    case 'message':
      return { event: entry.value };
    case 'asff':
      return { event: eventOf(entry.value) };
    case 'ocsf': {
      const event = eventOfOcsf(entry.value);
      return 'problem' in event ? no(entry, event.problem) : { event };
    }
    case 'log':
      return no(entry, 'It is an entry of the log. Use `posture simulate`, or `posture fix` with the rule and the resource.');
    case 'rollback': {
      const { rollback } = entry.value as { readonly rollback?: unknown };
      return no(
        entry,
        `It is a request to roll back ${quote(rollback)} that waited too long. Send the request again with \`posture rollback\`.`,
      );
    }
    case 'digest':
      return no(entry, 'It was a digest of notifications. `posture log` has the outcomes.');
    case 'unknown':
      return no(entry, entry.reason);
  }
}

const no = ({ at }: Entry, reason: string): { readonly refusal: Refusal } => ({
  refusal: { kind: 'ignored', code: 'unsupported-event', reason: `${at}: ${reason}` },
});

/** A delivery to no rule. */
export const refused = (refusal: Refusal, event: number): Delivery => ({ event, answers: [], refusals: [{ ...refusal, rules: [] }] });
