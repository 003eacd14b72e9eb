import type { Aws } from '../../rules/rule';
import type { Happening, Outcome, Times } from '../log/event';
import type { Journal } from '../log/journal';
import { defer } from './defer';
import type { Again, Tools } from './tools';

/** How the handling of one finding ended, for now. */
export interface Ending {
  readonly remediation: string;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly resource: string;
}

/** What the steps of one handling share. */
export interface Story {
  readonly again: Again;
  readonly received: Date;
  readonly aws: Aws;
  readonly journal: Journal;
  readonly tools: Tools;
}

/** An event to log; who acted, and the times of the finding, are added. */
export type Told = Omit<Happening, 'actor'>;

/** Writes the events, after the receipt of the finding where that is not in the log yet. */
export async function write({ again, received, journal, tools }: Story, ...told: readonly Told[]): Promise<void> {
  const { action, detectedAt } = again.finding;
  const receipt: Told = {
    kind: 'received',
    reason: action ? `A person asked for this by the custom action ${action}.` : 'A finding came in.',
    ...(action && { action }),
  };
  const first = journal.events.some(({ kind }) => kind === 'received') ? [] : [receipt];
  await journal.write(
    ...[...first, ...told].map((one): Happening => {
      const times: Times = { detected: detectedAt, received: received.toISOString(), ...one.times };
      return { ...one, actor: tools.actor, times };
    }),
  );
}

/** Writes the last events; the last one carries the outcome. */
export async function end(story: Story, ...told: readonly [...Told[], Told & { readonly outcome: Outcome }]): Promise<Ending> {
  await write(story, ...told);
  const { outcome, reason } = told.at(-1) as Told & { readonly outcome: Outcome };
  return endingOf(story, outcome, reason);
}

export function endingOf({ journal }: Story, outcome: Outcome, reason: string): Ending {
  return { remediation: journal.subject.remediation, resource: journal.subject.resource, outcome, reason };
}

/** Ends for now, and has the finding come again; after too many times, for good. */
export async function endForNow(story: Story, why: string, told: Pick<Told, 'kind'> & { readonly outcome: Outcome }): Promise<Ending> {
  const { again, journal, tools } = story;
  const next = defer(again.attempt, tools.clock.now());
  if (!next) return end(story, { kind: 'failed', outcome: 'failed', reason: `${why} Tried ${again.attempt} times; not tried again.` });
  await tools.comeAgain({ finding: again.finding, attempt: next.attempt }, next.at, `${journal.subject.remediation}-${next.attempt}`);
  return end(story, { ...told, reason: `${why} Tried again at ${next.at.toISOString()}.` });
}
