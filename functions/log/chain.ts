import { hashJson, toJson } from '../canonical-json';
import type { EventInput, LogEvent, Subject } from './event';

/** The next event: numbered, and chained to the previous one. */
export function chain(subject: Subject, last: LogEvent | undefined, input: EventInput, time: Date): LogEvent {
  const unsealed = toJson({
    ...subject,
    ...input,
    sequence: (last?.sequence ?? 0) + 1,
    time: time.toISOString(),
    previous: last?.hash ?? '',
  }) as unknown as Omit<LogEvent, 'hash'>;
  return { ...unsealed, hash: hashJson(unsealed) };
}

/** Undefined if the event is not valid JSON. We never write one, so somebody else did. */
function hashOf(unsealed: Omit<LogEvent, 'hash'>): string | undefined {
  try {
    return hashJson(unsealed);
  } catch {
    return undefined;
  }
}

/** The errors in the hash chain of one remediation; none if no event was altered or is missing between the first and the last. */
export function findBreaks(events: readonly LogEvent[]): readonly string[] {
  return events.flatMap((event, index) => {
    const { hash, ...unsealed } = event;
    const last = events[index - 1];
    const found: string[] = [];
    if (hashOf(unsealed) !== hash) found.push(`Event ${event.sequence} was altered: its content does not match its hash.`);
    if (event.sequence !== index + 1) found.push(`Event ${index + 1} is missing: event ${event.sequence} is in its place.`);
    if (event.previous !== (last?.hash ?? ''))
      found.push(`Event ${event.sequence} does not continue the chain: the event before it was altered or replaced.`);
    return found;
  });
}
