import { leaseKey } from '../coordination/lease-key';
import type { Queue } from '../coordination/queue';
import { maxWait } from '../coordination/queue';
import type { Turns } from '../coordination/turn';
import type { Facts } from '../decision/facts';
import { days, hours } from '../duration';
import { namesOthers } from '../findings/same-evidence';
import { type EventBody, end, type OutcomeDetails, type RemediationContext, type Result, resultOf } from './context';
import { spread } from './next-attempt';

export interface WaitOptions {
  readonly turns: Turns;
  readonly proposal: Omit<EventBody, 'kind' | 'outcome' | 'reason'>;
  readonly reason: string;
  readonly facts: Facts;
  readonly details: OutcomeDetails;
}

/**
 * Defers what is beyond a limit to its turn: one schedule and one event, and the same remediation goes on then. Another report of what
 * already waits adds nothing.
 */
export async function waitForTurn(context: RemediationContext, { turns, proposal, reason, facts, details }: WaitOptions): Promise<Result> {
  const { attempt, journal, ports, resource } = context;
  const { remediation, detectedBy } = journal.subject;
  const waiter = { rule: ports.rule.id, resource: leaseKey(ports.rule, resource), detectedBy };
  const waiting = await waitsAlready(context, turns);
  if (waiting) return waiting;
  const at = await turnOf(facts, turns, waiter.resource);
  await ports.scheduleRetry({ ...attempt, remediation, deferred: true }, at, `${remediation} turn ${at.toISOString()}`);
  const until = at.toISOString();
  const sentence = `This attempt made no changes. Next attempt at ${until}, when its turn comes: ${reason}.`;
  const result = await end(context, [{ ...proposal, kind: 'deferred', outcome: 'deferred', until, reason: sentence }], details);
  await turns.record(waiter, { remediation, at: until });
  return result;
}

/**
 * The result for another report of what already waits, until `at` at the latest; undefined if it does not. What continues a remediation, as an
 * approval does, waits on its own.
 */
export async function waitsAlready(context: RemediationContext, turns: Turns, at?: Date): Promise<Result | undefined> {
  const { attempt, journal, ports, resource } = context;
  if (attempt.remediation !== undefined) return undefined;
  const { remediation, detectedBy } = journal.subject;
  const waiting = await turns.find({ rule: ports.rule.id, resource: leaseKey(ports.rule, resource), detectedBy });
  if (!waiting || waiting.remediation === remediation) return undefined;
  const until = new Date(waiting.at);
  if (until <= ports.clock.now() || (at && until > at)) return undefined;
  const { evidence } = attempt.finding;
  // The response to other credentials waits on its own.
  if (ports.rule.response && evidence && namesOthers((await ports.log.read(waiting.remediation))[0]?.evidence, evidence)) return undefined;
  const sentence = `It waits until ${waiting.at}, in remediation ${waiting.remediation}. This attempt made no changes.`;
  // Who asked for it gets an answer.
  const { action, requester } = attempt.finding;
  if ([attempt.requestedBy, action, requester].some((asker) => asker !== undefined))
    return end(context, [{ kind: 'deferred', outcome: 'deferred', until: waiting.at, reason: sentence }]);
  return { ...resultOf(context, 'deferred', sentence), remediation: waiting.remediation };
}

async function turnOf(facts: Facts, turns: Turns, resource: string): Promise<Date> {
  const { now } = facts;
  const reached = reachedLimits(facts);
  // Under a limit of no changes, no turn comes until the policy has changed.
  const closed = reached.some(({ max }) => max === 0);
  const turn = closed ? undefined : await turns.take(reached);
  if (turn) return turn;
  const from = closed ? hours(1) : maxWait - days(1);
  return new Date(now.getTime() + from + spread(resource, closed ? hours(1) : days(1)));
}

/** The limits that are reached, each with its queue. */
function reachedLimits({ policy: { limits }, about: { rule, account }, recorded }: Facts): readonly Queue[] {
  if ('unknown' in recorded) return [];
  const { used } = recorded.known;
  const names = { all: 'all', rule: `rule ${rule.id}`, account: `account ${account}` } as const;
  return (['rule', 'account', 'all'] as const).flatMap((sort) =>
    (['hour', 'day'] as const).flatMap((period) => {
      const max = limits[sort][period];
      return max === undefined || used[sort][period] < max ? [] : [{ of: names[sort], period, max }];
    }),
  );
}
