import { ulid } from 'ulid';
import { gone, type PlanContext, type Resource } from '../../rules/rule';
import { describe, isPassing } from '../aws/fault';
import { toJson } from '../canonical-json';
import { decide } from '../decision/decide';
import type { Finding } from '../findings/finding';
import { identify } from '../findings/identify';
import type { LoggedChange, Subject } from '../log/event';
import { openJournal } from '../log/journal';
import { checkRevivable, isChanges, loggedChange } from '../plan/change';
import { readParameters } from '../settings/parameters';
import { apply } from './apply';
import { confirm, tell } from './confirm';
import { leaseName } from './lease-name';
import { look } from './look';
import { type Resumption, resumption } from './resume';
import { type Ending, end, endForNow, endingOf, type Story, write } from './story';
import type { Again, Tools } from './tools';

/**
 * The life of a finding: lease, resume, inspect, plan, decide, intend, apply, verify, record, tell.
 * Expected ends are endings. What may pass before anything is intended is thrown, and the finding is delivered again.
 */
export async function remediate(again: Again, tools: Tools): Promise<Ending> {
  const { finding } = again;
  const received = tools.clock.now();
  const aws = tools.connect(finding);
  const resource = await identify(finding, aws);
  const id = ulid(received.getTime());
  const story: Story = {
    again,
    received,
    aws,
    tools,
    journal: openJournal(tools.log, tools.clock, subjectOf(finding, resource, id, tools)),
  };
  if (resource === gone) return end(story, absent);

  const work = `${tools.rule.id} ${finding.detectedBy}`;
  const seconds = tools.secondsLeft() + 5;
  const lease = await tools.leases.acquire({ resource: leaseName(tools.rule, resource), work, remediation: id, owner: id, seconds });
  if (!lease) return endForNow(story, 'Another worker is changing this resource.', { kind: 'deferred', outcome: 'deferred' });

  let ending: Ending | undefined;
  try {
    ending = await handle(story, resource, await resumption(lease.remediation, story.journal, tools)).catch((error: unknown) =>
      endBadly(story, error),
    );
    return ending;
  } finally {
    const finished = ending !== undefined && ending.outcome !== 'pending';
    // Not given back, the lease expires by itself.
    await lease.release({ finished }).catch((error: unknown) => tools.warn('The lease was not given back', { error: describe(error) }));
  }
}

async function handle(fresh: Story, resource: Resource, resumed: Resumption | undefined): Promise<Ending> {
  const story = resumed && !resumed.ended ? { ...fresh, journal: resumed.journal } : fresh;
  const { again, aws, tools } = story;
  const { rule, settings, clock } = tools;
  const {
    detectedBy,
    resource: { kind },
  } = again.finding;

  const parameters = readParameters(rule, settings.parameters);
  if ('problem' in parameters) return end(story, { kind: 'skipped', outcome: 'not-configured', reason: parameters.problem });
  const context: PlanContext<unknown> = { parameters: parameters.value, detectedBy, now: clock.now() };
  const lookAgain = () => look(rule, resource, aws, context);

  const seen = await lookAgain();
  if (seen === gone) return end(story, absent);
  const { state, plan } = seen;
  const done = isChanges(plan) && plan.every((change) => 'irreversible' in change);
  if (resumed?.ended === 'fixed' && done) {
    await tell({ ...story, journal: resumed.journal });
    return endingOf({ ...story, journal: resumed.journal }, 'fixed', 'The resource was fixed before; it is told again.');
  }
  if (resumed && !resumed.ended && (done || resumed.applied !== undefined)) {
    return confirm(story, {
      before: resumed.before,
      applied: resumed.applied ?? clock.now().toISOString(),
      logged: resumed.applied !== undefined,
      look: lookAgain,
    });
  }
  if (!isChanges(plan)) {
    if ('unfixable' in plan) return end(story, { kind: 'skipped', outcome: 'unfixable', reason: plan.unfixable, before: state });
    return endForNow(story, plan.blocked, { kind: 'deferred', outcome: 'blocked' });
  }
  if (plan.length === 0)
    return end(story, { kind: 'skipped', outcome: 'already-compliant', reason: 'The resource is as it should be.', before: state });

  const tags = await kind.tags?.(resource, aws);
  const decision = decide({ rule, settings, tags, changes: plan });
  const proposal = {
    decision: decision.reasons,
    changes: plan.map(loggedChange),
    before: state,
    parameters: toJson(parameters.value),
    times: { decided: clock.now().toISOString() },
  };
  if (decision.verdict !== 'fix') return end(story, { ...proposal, ...unfixed[decision.verdict] });

  const changes = decision.changes.map(loggedChange);
  checkRevivable(rule, changes);
  await write(story, { ...proposal, changes, kind: 'intended', reason: intention(changes, resumed) });

  const application = await apply(decision.changes, {
    rule,
    resource,
    aws,
    clock,
    before: state,
    parameters: parameters.value,
    look: lookAgain,
  });
  if (application.result === 'applied') {
    return confirm(story, { before: resumed?.before ?? state, applied: clock.now().toISOString(), logged: false, look: lookAgain });
  }
  const failure = `A change failed (${describe(application.error)})`;
  if (application.result === 'left')
    return end(story, { kind: 'failed', outcome: 'failed', reason: `${failure}, and ${application.left}.` });
  if (isPassing(application.error))
    return endForNow(story, `${failure}; the resource is as it was.`, { kind: 'undone', outcome: 'deferred' });
  return end(story, { kind: 'undone', outcome: 'failed', reason: `${failure}; the resource is as it was.` });
}

/** A refusal by AWS, or a fault of our own: it would not pass by itself, so it ends here, in the log. */
async function endBadly(story: Story, error: unknown): Promise<Ending> {
  if (isPassing(error)) throw error;
  story.tools.warn('The finding was given up', { error: describe(error), stack: error instanceof Error ? error.stack : undefined });
  return end(story, { kind: 'failed', outcome: 'failed', reason: `Given up: ${describe(error)}` });
}

const absent = { kind: 'skipped', outcome: 'resource-gone', reason: 'There is no such resource.' } as const;

const unfixed = {
  ask: { kind: 'asked', outcome: 'asked', reason: 'This needs an approval; nothing was changed.' },
  observe: { kind: 'observed', outcome: 'observed', reason: 'The rule only observes; nothing was changed.' },
  skip: { kind: 'skipped', outcome: 'exempt', reason: 'The resource is exempt; nothing was changed.' },
} as const;

const intention = (changes: readonly LoggedChange[], resumed: Resumption | undefined): string =>
  `${resumed && !resumed.ended ? 'Goes on after an interruption: ' : ''}${changes.map((change) => `${change.do.service}:${change.do.operation}`).join(', ')}.`;

function subjectOf(finding: Finding, resource: Resource | typeof gone, remediation: string, { rule, version }: Tools): Subject {
  const { id, source, detectedBy, partition, account, region } = finding;
  const { reported, kind } = finding.resource;
  const named = 'arn' in reported ? reported.arn : reported.configId;
  return {
    remediation,
    rule: rule.id,
    version,
    finding: id,
    source,
    detectedBy,
    partition,
    account,
    region,
    resource: resource === gone ? named : resource.arn,
    resourceType: kind.type,
  };
}
