import type { Clock } from '../clock';
import { chained } from './chain';
import type { Happening, LogEvent, Subject } from './event';
import type { Log } from './log';

/** Writes the events of one remediation, one after another. */
export interface Journal {
  readonly subject: Subject;
  /** What is written so far. */
  readonly events: readonly LogEvent[];
  write(...happenings: readonly Happening[]): Promise<void>;
}

export function openJournal(log: Log, clock: Clock, subject: Subject, earlier: readonly LogEvent[] = []): Journal {
  const events = [...earlier];
  return {
    subject,
    events,
    async write(...happenings) {
      const time = clock.now();
      const added: LogEvent[] = [];
      for (const happening of happenings) added.push(chained(subject, added.at(-1) ?? events.at(-1), happening, time));
      await log.append(added);
      events.push(...added);
    },
  };
}
