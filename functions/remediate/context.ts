import type { Aws, Tags } from '../../rules/rule';
import { describe } from '../aws/fault';
import type { Again } from '../findings/attempt';
import type { Happening, LogEvent, Outcome, Times } from '../log/event';
import type { Journal } from '../log/journal';
import { toldRule } from '../outcomes/rule-summary';
import { clean } from '../untrusted-text';
import { defer } from './defer';
import type { Tools } from './ports';

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

/** What goes with an end to those who listen. */
export interface Beside {
  readonly tags?: Tags | undefined;
  /** The organizational units of the account, where they were asked for. */
  readonly ous?: readonly string[] | undefined;
  readonly repeated?: boolean;
}

/** Writes the events, after the receipt of the finding where that is not in the log yet. */
export async function write({ again, received, journal, tools }: Story, ...told: readonly Told[]): Promise<void> {
  const { action, detectedAt } = again.finding;
  const receipt: Told = {
    kind: 'received',
    reason: receiptOf(again),
    ...(action && { action }),
  };
  const first = journal.events.some(({ kind }) => kind === 'received') ? [] : [receipt];
  await journal.write(
    ...[...first, ...told].map((one): Happening => {
      const times: Times = { detected: detectedAt, received: received.toISOString(), ...one.times };
      // A reason may quote tags and errors, which others have written.
      return { ...one, reason: clean(one.reason.replace(/\s+/g, ' '), 4000), actor: tools.actor, times };
    }),
  );
}

function receiptOf({ finding: { action }, requestedBy }: Again): string {
  if (requestedBy !== undefined) return `${requestedBy} asked for this.`;
  return action ? `A person asked for this by the custom action ${action}.` : 'A finding came in.';
}

/** Writes the last events, and tells those who listen; the last one carries the outcome. */
export async function end(
  story: Story,
  told: readonly [...Told[], Told & { readonly outcome: Outcome }],
  beside: Beside = {},
): Promise<Ending> {
  await write(story, ...told);
  const { outcome, reason } = told.at(-1) as Told & { readonly outcome: Outcome };
  const event = story.journal.events.at(-1);
  if (event) await announce(story, event, beside);
  return endingOf(story, outcome, reason);
}

/** Who listens is not part of the fix: what fails here is noted. */
export async function announce({ tools, journal }: Story, event: LogEvent, { tags, ous, repeated }: Beside = {}): Promise<void> {
  try {
    await tools.tellOutcome({
      event,
      earlier: journal.events,
      rule: toldRule(tools.rule),
      ...(tags && { tags }),
      ...(ous && { ous }),
      ...(repeated && { repeated }),
    });
  } catch (error) {
    tools.warn('The outcome was not told', { remediation: event.remediation, error: describe(error) });
  }
}

export function endingOf({ journal }: Story, outcome: Outcome, reason: string): Ending {
  return { remediation: journal.subject.remediation, resource: journal.subject.resource, outcome, reason };
}

/** Ends for now, and has the finding come again; after too many times, for good. */
export async function endForNow(story: Story, why: string, told: Pick<Told, 'kind'> & { readonly outcome: Outcome }): Promise<Ending> {
  const { again, journal, tools } = story;
  const next = defer(again.attempt, tools.clock.now(), journal.subject.remediation);
  if (!next) return end(story, [{ kind: 'failed', outcome: 'failed', reason: `${why} Tried ${again.attempt} times; not tried again.` }]);
  await tools.comeAgain({ ...again, attempt: next.attempt }, next.at, `${journal.subject.remediation}-${next.attempt}`);
  return end(story, [{ ...told, until: next.at.toISOString(), reason: `${why} Tried again at ${next.at.toISOString()}.` }]);
}
