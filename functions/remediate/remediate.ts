import { ulid } from 'ulid';
import { gone, type Resource } from '../../rules/rule';
import { describe, isPassing } from '../aws/fault';
import { toJson } from '../canonical-json';
import type { Lease } from '../coordination/lease';
import { leaseName } from '../coordination/lease-key';
import { decisionPath } from '../decision/decide';
import type { Again } from '../findings/attempt';
import { identify } from '../findings/identify';
import { loggedChange } from '../plan/change';
import { carryOut, type Permitted } from './carry-out';
import { type Ending, end, endForNow, endingOf, type Story, write } from './context';
import { permitted } from './decide-and-reserve';
import { defer } from './defer';
import { notFixed } from './end-without-fix';
import { opening } from './open-remediation';
import type { Tools } from './ports';
import { type Prepared, prepare } from './prepare';
import { planOf, type Resumption, resumption } from './resume';
import { type Proposed, settle } from './settle';

/**
 * The life of a finding: lease, resume, inspect, plan, decide, intend, apply, verify, record, tell.
 * Expected ends are endings. What may pass before anything is intended is thrown, and the finding is delivered again.
 */
export async function remediate(given: Again, tools: Tools): Promise<Ending> {
  const { finding } = given;
  const received = tools.clock.now();
  const aws = tools.connect(finding);
  const resource = await identify(finding, aws);
  const { again, journal, refused } = await opening(given, resource, received, tools);
  const id = journal.subject.remediation;
  const story: Story = { again, received, aws, tools, journal };
  if (refused !== undefined) {
    await write(story, { kind: 'approval-refused', reason: refused });
    tools.count({ RefusedOrders: 1 });
  }
  if (resource === gone) return end(story, [absent]);

  const work = `${tools.rule.id} ${finding.detectedBy}`;
  const seconds = tools.secondsLeft() + 5;
  // Two deliveries of one approval go on with the same remediation, and are two workers all the same.
  const owner = ulid(received.getTime());
  const lease = await tools.leases.acquire({ resource: leaseName(tools.rule, resource), work, remediation: id, owner, seconds });
  if (!lease) return waitForOther(story);

  let ending: Ending | undefined;
  try {
    const resumed = await resumption(lease.remediation, story.journal, tools);
    ending = await handle(story, resource, { lease, resumed }).catch((error: unknown) => endBadly(story, error));
    return ending;
  } finally {
    const finished = ending !== undefined && ending.outcome !== 'pending';
    // Not given back, the lease expires by itself.
    await lease.release({ finished }).catch((error: unknown) => tools.warn('The lease was not given back', { error: describe(error) }));
  }
}

/** What goes on with a remediation leaves its log to the other worker, which may be at the very same. */
async function waitForOther(story: Story): Promise<Ending> {
  const { again, tools, journal } = story;
  const why = 'Another worker is changing this resource.';
  const next = defer(again.attempt, tools.clock.now(), journal.subject.remediation);
  if (again.remediation === undefined || !next) return endForNow(story, why, { kind: 'deferred', outcome: 'deferred' });
  await tools.comeAgain({ ...again, attempt: next.attempt }, next.at, `${journal.subject.remediation}-${next.attempt}`);
  return endingOf(story, 'deferred', `${why} Tried again at ${next.at.toISOString()}.`);
}

interface Held {
  readonly lease: Lease;
  readonly resumed: Resumption;
}

/** What becomes of a resource under its lease: each step ends it, or hands on what the next one needs. */
async function handle(fresh: Story, resource: Resource, { lease, resumed }: Held): Promise<Ending> {
  const story = resumed.status === 'open' ? { ...fresh, journal: resumed.journal } : fresh;
  const prepared = await prepare(story, resource, resumed);
  if ('outcome' in prepared) return prepared;
  const seen = await prepared.look();
  if (seen === gone) return end(story, [absent]);
  const proposed = await settle(story, prepared, seen);
  if ('outcome' in proposed) return proposed;
  const decided = await decide(story, prepared, proposed);
  if ('outcome' in decided) return decided;
  return carryOut(story, lease, prepared, decided);
}

/** Decides by the facts, and takes the permit for a fix. */
async function decide(story: Story, prepared: Prepared, { state, changes }: Proposed): Promise<Ending | Permitted> {
  const { resource, resumed, policy, parameters } = prepared;
  const logged = changes.map(loggedChange);
  const plan = planOf(logged, resumed);
  const weighing = await permitted(story, { policy, resource, changes, plan }).catch((error: unknown) => {
    // CloudTrail answers twice a second: a burst waits its turn.
    if (isPassing(error)) return { busy: describe(error) };
    throw error;
  });
  if ('busy' in weighing)
    return endForNow(story, `A fact could not be read at the moment (${weighing.busy}).`, { kind: 'deferred', outcome: 'deferred' });
  const proposal = {
    decision: decisionPath(weighing.decision),
    changes: logged,
    plan,
    before: state,
    parameters: toJson(parameters),
    times: { decided: story.tools.clock.now().toISOString() },
  };
  if (weighing.decision.verdict !== 'fix') return notFixed(story, { policy, resource, proposal, weighing });
  return { state, proposal, weighing };
}

/** A refusal by AWS, or a fault of our own: it would not pass by itself, so it ends here, in the log. */
async function endBadly(story: Story, error: unknown): Promise<Ending> {
  if (isPassing(error)) throw error;
  story.tools.warn('The finding was given up', { error: describe(error), stack: error instanceof Error ? error.stack : undefined });
  return end(story, [{ kind: 'failed', outcome: 'failed', reason: `Given up: ${describe(error)}` }]);
}

const absent = { kind: 'skipped', outcome: 'resource-gone', reason: 'There is no such resource.' } as const;
