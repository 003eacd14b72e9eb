import type { Clock } from '../clock';
import { chain } from './chain';
import type { EventInput, LogEvent, Subject } from './event';
import type { Log } from './log';

/** Writes the events of one remediation, in order, into the trail of its only writer. */
export interface Journal {
  readonly subject: Subject;
  /** The writer's events so far. */
  readonly events: readonly LogEvent[];
  /** How many of them were there when it was opened: others, or an earlier run, wrote these. */
  readonly earlier: number;
  write(...inputs: readonly EventInput[]): Promise<void>;
}

export function openJournal(log: Log, clock: Clock, subject: Subject, earlier: readonly LogEvent[] = []): Journal {
  const events = [...earlier];
  return {
    subject,
    events,
    earlier: earlier.length,
    async write(...inputs) {
      const time = clock.now();
      const added: LogEvent[] = [];
      for (const input of inputs) added.push(chain(subject, added.at(-1) ?? events.at(-1), input, time));
      await log.append(added);
      events.push(...added);
    },
  };
}
