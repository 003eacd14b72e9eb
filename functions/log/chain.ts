import { hashJson, toJson } from '../canonical-json';
import type { EventInput, LogEvent, Subject } from './event';

/** The event that follows: numbered, and chained to the one before. */
export function chain(subject: Subject, last: LogEvent | undefined, happening: EventInput, time: Date): LogEvent {
  const unsealed = toJson({
    ...subject,
    ...happening,
    sequence: (last?.sequence ?? 0) + 1,
    time: time.toISOString(),
    previous: last?.hash ?? '',
  }) as unknown as Omit<LogEvent, 'hash'>;
  return { ...unsealed, hash: hashJson(unsealed) };
}

/** Undefined for what is no JSON: we write no such event, so somebody else did. */
function hashOf(unsealed: Omit<LogEvent, 'hash'>): string | undefined {
  try {
    return hashJson(unsealed);
  } catch {
    return undefined;
  }
}

/** What is wrong with the events of one remediation, in order: nothing, if none is altered or missing between the first and the last. */
export function findBreaks(events: readonly LogEvent[]): readonly string[] {
  return events.flatMap((event, index) => {
    const { hash, ...unsealed } = event;
    const last = events[index - 1];
    const found: string[] = [];
    if (hashOf(unsealed) !== hash) found.push(`Event ${event.sequence} was altered: its content does not have the hash it carries.`);
    if (event.sequence !== index + 1) found.push(`Event ${index + 1} is missing: event ${event.sequence} stands in its place.`);
    if (event.previous !== (last?.hash ?? ''))
      found.push(`Event ${event.sequence} does not follow the event before it: that one was altered or replaced.`);
    return found;
  });
}
