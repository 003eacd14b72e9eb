import { ulid } from 'ulid';
import { gone, type PlanContext, type Resource } from '../../rules/rule';
import { describe, isPassing } from '../aws/fault';
import { toJson } from '../canonical-json';
import type { Fix } from '../coordination/fixes';
import type { Lease } from '../coordination/lease';
import { leaseName } from '../coordination/lease-key';
import { decisionPath } from '../decision/decide';
import { besideOf } from '../facts/evaluate';
import type { Again } from '../findings/attempt';
import { identify } from '../findings/identify';
import type { LoggedChange } from '../log/event';
import { checkRevivable, isChanges, loggedChange } from '../plan/change';
import { parametersFor, readParameters } from '../policy/parameters';
import { apply } from './apply';
import { announce, type Ending, end, endForNow, endingOf, type Story, write } from './context';
import { permitted } from './decide-and-reserve';
import { defer } from './defer';
import { notFixed } from './end-without-fix';
import { endFailed } from './failed';
import { look } from './inspect-and-plan';
import { opening } from './open-remediation';
import type { Tools } from './ports';
import { planOf, type Resumption, resumption } from './resume';
import { confirm, tell } from './verify-and-record';

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
  readonly resumed: Resumption | undefined;
}

async function handle(fresh: Story, resource: Resource, { lease, resumed }: Held): Promise<Ending> {
  const story = resumed && !resumed.ended ? { ...fresh, journal: resumed.journal } : fresh;
  const { again, aws, tools } = story;
  const { rule, clock } = tools;
  const { detectedBy } = again.finding;

  const policy = await tools.policy().catch((error: unknown) => ({ unreadable: describe(error) }));
  if ('unreadable' in policy) {
    tools.count({ PolicyUnreadable: 1 });
    return endForNow(story, `${policy.unreadable} Nothing was changed.`, { kind: 'deferred', outcome: 'deferred' });
  }
  const parameters = readParameters(rule, parametersFor(rule, policy, resource));
  if ('problem' in parameters) return end(story, [{ kind: 'skipped', outcome: 'not-configured', reason: parameters.problem }]);
  const context: PlanContext<unknown> = { parameters: parameters.value, detectedBy, now: clock.now() };
  const lookAgain = () => look(rule, resource, aws, context);

  const seen = await lookAgain();
  if (seen === gone) return end(story, [absent]);
  const { state, plan } = seen;
  const goesOn = resumed && !resumed.ended;
  // What can't be undone waits, unless it is what was approved.
  const done = isChanges(plan) && plan.every((change) => 'irreversible' in change && !resumed?.approved);
  if (resumed?.ended === 'fixed' && done) {
    await tell({ ...story, journal: resumed.journal });
    return endingOf({ ...story, journal: resumed.journal }, 'fixed', 'The resource was fixed before; it is told again.');
  }
  if (resumed?.ended && again.remediation !== undefined) return refuseReplay(story, resumed.ended);
  if (goesOn && (done || resumed.applied !== undefined)) {
    return confirm(story, {
      before: resumed.before,
      applied: resumed.applied ?? clock.now().toISOString(),
      logged: resumed.applied !== undefined,
      look: lookAgain,
      policy,
      approved: resumed.approved,
    });
  }
  if (!isChanges(plan)) {
    if ('unfixable' in plan) return end(story, [{ kind: 'skipped', outcome: 'unfixable', reason: plan.unfixable, before: state }]);
    return endForNow(story, plan.blocked, { kind: 'deferred', outcome: 'blocked' });
  }
  if (plan.length === 0)
    return end(story, [{ kind: 'skipped', outcome: 'already-compliant', reason: 'The resource is as it should be.', before: state }]);

  const hash = planOf(plan.map(loggedChange), goesOn ? resumed : undefined);
  const weighing = await permitted(story, { policy, resource, changes: plan, plan: hash }).catch((error: unknown) => {
    // CloudTrail answers twice a second: a burst waits its turn.
    if (isPassing(error)) return { busy: describe(error) };
    throw error;
  });
  if ('busy' in weighing)
    return endForNow(story, `A fact could not be read at the moment (${weighing.busy}).`, { kind: 'deferred', outcome: 'deferred' });
  const { decision, onRecord } = weighing;
  const proposal = {
    decision: decisionPath(decision),
    changes: plan.map(loggedChange),
    plan: hash,
    before: state,
    parameters: toJson(parameters.value),
    times: { decided: clock.now().toISOString() },
  };
  if (decision.verdict !== 'fix') return notFixed(story, { policy, resource, proposal, weighing });

  const changes = decision.changes.map(loggedChange);
  const { remediation } = story.journal.subject;
  const fix: Fix = { rule: rule.id, resource: leaseName(rule, resource), remediation, plan: hash };
  try {
    checkRevivable(rule, changes);
    // Whoever comes next has to find this intent, and not an earlier worker that came to none.
    if (remediation !== lease.remediation) await lease.remember(remediation);
    await write(story, { ...proposal, changes, kind: 'intended', reason: intention(changes, resumed) });
  } catch (error) {
    // The permit counts as a fix, and there will be none.
    await forgetFix(story, fix);
    throw error;
  }

  const application = await apply(decision.changes, {
    rule,
    resource,
    aws,
    clock,
    before: state,
    parameters: parameters.value,
    look: lookAgain,
  });
  const beside = besideOf(weighing);
  if (application.result === 'applied') {
    return confirm(story, {
      before: goesOn ? resumed.before : state,
      applied: clock.now().toISOString(),
      logged: false,
      look: lookAgain,
      policy,
      approved: decision.approved,
      beside,
      failures: onRecord?.failures ?? 0,
    });
  }
  if (application.result === 'undone') await forgetFix(story, fix);
  const failure = `A change failed (${describe(application.error)})`;
  if (application.result === 'left')
    return endFailed(story, policy, [{ kind: 'failed', outcome: 'failed', reason: `${failure}, and ${application.left}.` }], beside);
  if (isPassing(application.error))
    return endForNow(story, `${failure}; the resource is as it was.`, { kind: 'undone', outcome: 'deferred' });
  return endFailed(story, policy, [{ kind: 'undone', outcome: 'failed', reason: `${failure}; the resource is as it was.` }], beside);
}

/** What is not forgotten counts as a fix that somebody changed back: that only keeps the rule from changing more. */
async function forgetFix({ tools }: Story, fix: Fix): Promise<void> {
  await tools.register.undone(fix).catch((error: unknown) => tools.warn('A fix that was undone still counts', { error: describe(error) }));
}

/** A refusal by AWS, or a fault of our own: it would not pass by itself, so it ends here, in the log. */
async function endBadly(story: Story, error: unknown): Promise<Ending> {
  if (isPassing(error)) throw error;
  story.tools.warn('The finding was given up', { error: describe(error), stack: error instanceof Error ? error.stack : undefined });
  return end(story, [{ kind: 'failed', outcome: 'failed', reason: `Given up: ${describe(error)}` }]);
}

/** An approval is for once: the same message again is of no use. */
async function refuseReplay(story: Story, ended: string): Promise<Ending> {
  const reason = `The approval was used before, and that ended as ${ended}; nothing was changed.`;
  await write(story, { kind: 'approval-refused', reason });
  story.tools.count({ RefusedOrders: 1 });
  const event = story.journal.events.at(-1);
  if (event) await announce(story, event);
  return endingOf(story, 'rejected', reason);
}

const absent = { kind: 'skipped', outcome: 'resource-gone', reason: 'There is no such resource.' } as const;

const intention = (changes: readonly LoggedChange[], resumed: Resumption | undefined): string =>
  `${resumed && !resumed.ended ? 'Goes on after an interruption: ' : ''}${changes.map((change) => `${change.do.service}:${change.do.operation}`).join(', ')}.`;
