import type { EventInput, LogEvent, Subject } from '../log/event';
import { openJournal } from '../log/journal';
import { dynamoLog, isDuplicate } from '../log/log';
import type { ControlPorts } from './ports';

const maxAttempts = 5;

/** Writes the events of the control function about a remediation. */
export interface ControlJournal {
  /** Returns the event. */
  write(input: EventInput): Promise<LogEvent>;
}

/** The journal of the control function, in its own trail. Two requests at the same time both continue it: the second one after the first. */
export function openControlJournal(
  { dynamo, logTable, clock, countForged: onForged }: Pick<ControlPorts, 'dynamo' | 'logTable' | 'clock' | 'countForged'>,
  subject: Subject,
  earlier: readonly LogEvent[] = [],
): ControlJournal {
  const log = dynamoLog(dynamo, logTable, { by: 'control', rule: subject.rule }, { clock, onForged });
  let journal = openJournal(log, clock, subject, earlier);
  return {
    async write(input) {
      for (let tries = 1; ; tries += 1) {
        try {
          await journal.write(input);
          return journal.events.at(-1) as LogEvent;
        } catch (error) {
          if (tries === maxAttempts || !isDuplicate(error)) throw error;
          journal = openJournal(log, clock, subject, await log.read(subject.remediation));
        }
      }
    },
  };
}
