import { quote } from '../../untrusted-text';
import type { Line } from '../line';
import type { Mismatch } from './check-batches';
import type { Finding } from './finding';
import { eventName } from './trail-book';

/** What happened to a batch that is not as it was sealed, as far as its root can say: first what names an event. */
export function explainMismatch({ seal, batch, lines }: Mismatch, others: readonly Finding[]): readonly Finding[] {
  const at = { seal, batch: batch.number };
  const whole: Finding = {
    code: 'batch-altered',
    ...at,
    text: `Batch ${batch.number} does not have the root of seal ${seal}: it has ${countText(lines.length, batch.lines)}.`,
  };
  const isExplained = others.some((one) => one.trail !== undefined && (one.batch === batch.number || one.seal === seal));
  if (isExplained) return [whole];
  if (lines.length < batch.lines) return [{ ...whole, code: 'event-missing' }];
  if (lines.length > batch.lines) return [addedLine(lines, at) ?? { ...whole, code: 'event-added' }, whole];
  const unreadable = lines.findIndex(({ is }) => is === 'unreadable');
  if (unreadable >= 0)
    return [{ ...whole, code: 'event-altered', text: `Line ${unreadable + 1} of batch ${batch.number} can't be read.` }, whole];
  const early = firstOutOfOrder(lines);
  return [
    early
      ? {
          code: 'events-reordered',
          ...at,
          ...early,
          text: `${eventName(early.trail, early.sequence)} is in batch ${batch.number} after a later one.`,
        }
      : {
          ...whole,
          code: 'events-reordered',
          text: `The lines of batch ${batch.number} are in another order, or a record that is no event was altered.`,
        },
    whole,
  ];
}

const countText = (now: number, sealed: number): string => (now === sealed ? `as many lines, ${now}` : `${now} lines instead of ${sealed}`);

/** A record that is no event has no chain: it may be the one. */
function addedLine(lines: readonly Line[], at: { readonly seal: number; readonly batch: number }): Finding | undefined {
  const line = lines.find(({ is }) => is === 'other');
  if (line?.is !== 'other') return undefined;
  const { trail, sequence } = line;
  return {
    code: 'event-added',
    ...at,
    trail,
    sequence,
    text: `A line was added: it may be record ${sequence} of ${quote(trail)}, which is no event.`,
  };
}

function firstOutOfOrder(lines: readonly Line[]): { readonly trail: string; readonly sequence: number } | undefined {
  const highest = new Map<string, number>();
  for (const line of lines) {
    // What a stream lost comes later than what follows it.
    if (line.is !== 'event' || line.refilled) continue;
    const { trail, sequence } = line;
    const before = highest.get(trail) ?? 0;
    if (sequence < before) return { trail, sequence };
    highest.set(trail, sequence);
  }
  return undefined;
}
