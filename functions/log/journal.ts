import type { Clock } from '../clock';
import { chain, findBreaks } from './chain';
import type { EventInput, Kind, LogEvent, Subject } from './event';
import { isRefusedCondition, type Log } from './log';

const maxAttempts = 5;
/** The kinds of events that the control function writes, without a lease. */
const ofPeople: readonly Kind[] = ['approved', 'approval-refused', 'request-refused', 'rejected', 'released'];

/** Writes the events of one remediation, in order. */
export interface Journal {
  readonly subject: Subject;
  /** The events so far. */
  readonly events: readonly LogEvent[];
  write(...inputs: readonly EventInput[]): Promise<void>;
}

export function openJournal(log: Log, clock: Clock, subject: Subject, earlier: readonly LogEvent[] = []): Journal {
  const events = [...earlier];
  return {
    subject,
    events,
    async write(...inputs) {
      for (let tries = 1; ; tries += 1) {
        const added = follow(inputs);
        try {
          await log.append(added);
          events.push(...added);
          return;
        } catch (error) {
          // The control function and the rule's function may write at the same time: the second one continues after the first.
          if (tries === maxAttempts || !isRefusedCondition(error) || !(await caughtUp())) throw error;
        }
      }
    },
  };

  function follow(inputs: readonly EventInput[]): readonly LogEvent[] {
    const time = clock.now();
    const added: LogEvent[] = [];
    for (const input of inputs) added.push(chain(subject, added.at(-1) ?? events.at(-1), input, time));
    return added;
  }

  /** Reads the events of operators since. False for any other event: it would be another worker on the same remediation. */
  async function caughtUp(): Promise<boolean> {
    const all = await log.read(subject.remediation);
    const since = all.slice(events.length);
    const known = events.length > 0 && events.every(({ hash }, index) => all[index]?.hash === hash) && findBreaks(all).length === 0;
    if (!known || since.length === 0 || !since.every(({ kind }) => ofPeople.includes(kind))) return false;
    events.push(...since);
    return true;
  }
}
