import { type AwsCommand, type Json, notFound, type Resource, type Rule, toArray } from '../../rules/rule';
import { commandOf } from '../aws/call';
import { describe } from '../aws/fault';
import { sameJson, toJson } from '../canonical-json';
import { leaseKey } from '../coordination/lease-key';
import { resourceOf } from '../findings/identify';
import { findBreaks } from '../log/chain';
import type { EventInput, LogEvent, LoggedChange } from '../log/event';
import { openJournal } from '../log/journal';
import { subjectIn } from '../log/subject';
import { ruleSummary } from '../outcomes/rule-summary';
import type { Result } from '../remediate/context';
import { holdAfterRollback } from './hold-after-rollback';
import type { RollbackPorts } from './ports';

export interface RollbackRequest {
  readonly remediation: string;
  /** Send the undo although the resource has changed since: what others changed may be lost. */
  readonly force: boolean;
  /** The person's reason. */
  readonly why?: string | undefined;
}

/** Milliseconds between two looks at what the undo did. */
const pauses = [0, 250, 500, 1000, 2000, 4000];

/** Restores the state before a remediation, from the log alone. Refuses where the resource is no longer as the fix left it. */
export async function rollback({ remediation, force, why }: RollbackRequest, ports: RollbackPorts): Promise<Result> {
  const { rule, aws, actor, log, leases, clock, warn } = ports;
  const fix = readFix(await log.read(remediation), remediation, rule);
  if ('refused' in fix) throw new RollbackImpossible(fix.refused);
  const { events, before, after, parameters, changes } = fix;
  const [subject] = events as [LogEvent];
  const resource = resourceOf(rule, subject);
  const journal = openJournal(log, clock, subjectIn(subject), events);
  const owner = `rollback of ${remediation} by ${actor} at ${clock.now().toISOString()}`;

  const work = `rollback ${remediation}`;
  const seconds = ports.secondsLeft() + 5;
  const lease = await leases.acquire({ resource: leaseKey(rule, resource), work, remediation, owner, seconds });
  if (!lease) throw new RollbackImpossible('Another worker is changing this resource. Try again in a minute.', true);
  try {
    const now = await inspect();
    if (now === notFound) return end({ kind: 'rollback-refused', outcome: 'rollback-refused', reason: 'The resource is gone.' });
    if (sameJson(now, before))
      return end({ kind: 'rolled-back', outcome: 'rolled-back', reason: 'The resource is as it was before already.', after: now });

    const back = events.findLast(({ kind }) => kind === 'rolled-back')?.after;
    if (back !== undefined && sameJson(now, back)) {
      return end({ kind: 'rolled-back', outcome: 'rolled-back', reason: 'It was rolled back before, and is as that left it.', after: now });
    }

    const way = wayBack(now);
    if (typeof way === 'string') return end({ kind: 'rollback-refused', outcome: 'rollback-refused', reason: way, after: now });
    await write({
      kind: 'rollback-requested',
      reason: `A person asked for this${force ? ', by force' : ''}${why ? `: ${why}` : ''}.`,
      before: now,
    });
    return await revert(way);
  } finally {
    // Not given back, the lease expires by itself.
    await lease.release({ finished: true }).catch((error: unknown) => warn('The lease was not given back', { error: describe(error) }));
  }

  async function inspect(): Promise<Json | typeof notFound> {
    const state = await rule.inspect(resource, aws, parameters);
    return state === notFound ? notFound : toJson(state);
  }

  /** The commands that lead back, or why there are none. */
  function wayBack(now: Json): WayBack | string {
    const untouched = after !== undefined && sameJson(now, after);
    const logged = changes.flatMap((change) => ('undo' in change && change.undo !== 'revert-own-part' ? [change.undo] : []));
    const whole = logged.length === changes.length;
    if (whole && (untouched || force)) return { commands: logged.map((call) => commandOf(call, rule.commands)), others: !untouched };
    const commands = ownPart(now);
    if (commands) return { commands, others: !untouched };
    if (untouched) return `${rule.id} can't tell its own part from the state now. Take it back by hand.`;
    return `The resource has changed since the fix${after === undefined ? ', of which no end is in the log' : ''}: its undo could overwrite what others did. Look at it first; force the rollback if that is meant.`;
  }

  function ownPart(now: Json): readonly AwsCommand[] | undefined {
    return rule.revertOwnPart?.(resource, now, { before, after: after ?? now, parameters });
  }

  async function revert({ commands, others }: WayBack): Promise<Result> {
    try {
      for (const command of commands) await aws.send(command);
    } catch (error) {
      // One that was applied, its answer lost, may be refused when the SDK sends it again.
      if (!(await isBack())) {
        return end({
          kind: 'rollback-failed',
          outcome: 'rollback-failed',
          reason: `An undo command failed: ${describe(error)}. Send the rollback again, or mend the resource by hand.`,
        });
      }
    }
    return end(await proof(others));
  }

  async function isBack(): Promise<boolean> {
    const now = await inspect().catch(() => notFound);
    return now !== notFound && sameJson(now, before);
  }

  /** Whether the resource is as it was before, given a moment for AWS to show it. */
  async function proof(others: boolean): Promise<EventBody> {
    const nearest = changes.flatMap((change) => ('nearest' in change && change.nearest !== undefined ? [change.nearest] : []));
    const back = { kind: 'rolled-back', outcome: 'rolled-back' } as const;
    for (const pause of pauses) {
      await clock.sleep(pause);
      const now = await inspect();
      if (now === notFound) return { kind: 'rollback-failed', outcome: 'rollback-failed', reason: 'The resource is gone since.' };
      if (sameJson(now, before)) return { ...back, reason: 'The resource is as it was before.', after: now };
      if (sameJson(now, after ?? null)) continue;
      if (nearest.length > 0)
        return { ...back, reason: `The resource is as near to the state before as AWS allows. ${nearest.join(' ')}`, after: now };
      if (others && !ownPart(now)?.length)
        return { ...back, reason: "This rule's part is taken back; what others have changed since is kept.", after: now };
    }
    const accepted = 'The undo commands were accepted, but the resource is not as it was before';
    const minutes = Math.ceil((rule.settle ?? 0) / 60);
    const later = `AWS may take ${minutes} minutes to show it: ask for the rollback again then, to have it checked and noted.`;
    return { kind: 'rollback-failed', outcome: 'rollback-failed', reason: minutes > 0 ? `${accepted} yet. ${later}` : `${accepted}.` };
  }

  async function write(told: EventBody): Promise<void> {
    await journal.write({ ...told, actor });
  }

  async function end(told: EventBody): Promise<Result> {
    const counts = !events.some(({ kind }) => kind === 'rolled-back');
    const held = told.kind === 'rolled-back' ? await holdAfterRollback({ remediation, resource, counts }, ports) : '';
    const reason = `${told.reason}${held}`;
    await write({ ...told, reason });
    const event = journal.events.at(-1);
    if (event) await announce(event, resource, ports);
    return { remediation, resource: resource.arn, outcome: told.outcome ?? 'rollback-failed', reason };
  }
}

/** Writes that an ordered rollback can't even be tried, and tells it. */
export async function refuseRollback(remediation: string, reason: string, ports: RollbackPorts): Promise<Result> {
  const { rule, log, clock, actor } = ports;
  const events = await log.read(remediation);
  const [first] = events as [LogEvent];
  const journal = openJournal(log, clock, subjectIn(first), events);
  await journal.write({ kind: 'rollback-refused', outcome: 'rollback-refused', reason, actor });
  const event = journal.events.at(-1);
  if (event) await announce(event, resourceOf(rule, first), ports);
  return { remediation, resource: first.resource, outcome: 'rollback-refused', reason };
}

/** Who listens is not part of the rollback: what fails here is noted. */
async function announce(event: LogEvent, resource: Resource, { rule, aws, publishOutcome, warn }: RollbackPorts): Promise<void> {
  const kind = toArray(rule.resource).find(({ type }) => type === resource.type);
  try {
    // By its tags its owner is told, too.
    const tags = await kind?.tags?.(resource, aws).catch(() => undefined);
    await publishOutcome({ event, rule: ruleSummary(rule), ...(tags && { tags }) });
  } catch (error) {
    warn('The outcome was not told', { remediation: event.remediation, error: describe(error) });
  }
}

/** What leads back; `others`: the resource was changed since the fix. */
interface WayBack {
  readonly commands: readonly AwsCommand[];
  readonly others: boolean;
}

type EventBody = Omit<EventInput, 'actor'>;

/** The rollback can't even be tried; nothing was changed and nothing is logged. */
export class RollbackImpossible extends Error {
  override readonly name = 'RollbackImpossible';

  constructor(
    message: string,
    /** Whether it may well be possible in a minute. */
    readonly forNow = false,
  ) {
    super(message);
  }
}

interface Fix {
  readonly events: readonly LogEvent[];
  readonly before: Json;
  /** The state after the fix, where its end is in the log. */
  readonly after: Json | undefined;
  readonly parameters: unknown;
  /** What was done, last one first. */
  readonly changes: readonly LoggedChange[];
}

/** What a remediation did, from its events, or why it can't be taken back. */
export function readFix(events: readonly LogEvent[], remediation: string, rule: Rule): Fix | { readonly refused: string } {
  const [first] = events;
  if (!first) return { refused: `The log has no remediation ${remediation}. List them with \`posture log\`.` };
  if (first.rule !== rule.id) return { refused: `Remediation ${remediation} is of the rule ${first.rule}, not of ${rule.id}.` };
  const [broken] = findBreaks(events);
  if (broken) return { refused: `The log of remediation ${remediation} can't be trusted. ${broken}` };
  const intents = events.filter(({ kind }) => kind === 'planned');
  const [intent] = intents;
  if (!intent) return { refused: `Remediation ${remediation} changed nothing: ${events.at(-1)?.reason}` };
  if (events.some(({ kind }) => kind === 'reverted') && !events.some(({ kind }) => kind === 'verified')) {
    return { refused: `What remediation ${remediation} did was taken back when it failed.` };
  }
  return {
    events,
    before: intent.before ?? null,
    after: events.findLast(({ kind }) => kind === 'verified' || kind === 'failed')?.after,
    parameters: intent.parameters,
    changes: appliedChanges(intents).toReversed(),
  };
}

/** The changes of all intents, in order; one that a later intent names again was not applied by the earlier. */
function appliedChanges(intents: readonly LogEvent[]): readonly LoggedChange[] {
  return intents.flatMap(({ changes = [] }, index) => {
    const later = intents.slice(index + 1).flatMap((intent) => intent.changes ?? []);
    return changes.filter((change) => !later.some((other) => sameJson(other.do, change.do)));
  });
}
