import type { Json } from '../../rules/rule';
import { describe, isPassing } from '../aws/fault';
import type { Fix } from '../coordination/fixes';
import type { Lease } from '../coordination/lease';
import { leaseName } from '../coordination/lease-key';
import { besideOf, type Weighing } from '../facts/evaluate';
import type { LoggedChange } from '../log/event';
import { checkRevivable, loggedChange } from '../plan/change';
import { type Application, apply } from './apply';
import { type Beside, type Ending, endForNow, type Story, write } from './context';
import { endFailed } from './failed';
import type { Prepared } from './prepare';
import type { Question } from './request-approval';
import type { Resumption } from './resume';
import { confirm } from './verify-and-record';

/** A fix that was decided upon, with its permit. */
export interface Permitted {
  /** The state that was seen. */
  readonly state: Json;
  readonly proposal: Question['proposal'];
  readonly weighing: Weighing;
}

/** Writes the intent, makes the changes, and verifies that they show. */
export async function carryOut(story: Story, lease: Lease, prepared: Prepared, permitted: Permitted): Promise<Ending> {
  const { resource, resumed, policy, parameters, look } = prepared;
  const { state, proposal, weighing } = permitted;
  const { decision, onRecord } = weighing;
  const { aws, journal, tools } = story;
  const { rule, clock } = tools;
  const fix = { rule: rule.id, resource: leaseName(rule, resource), remediation: journal.subject.remediation, plan: proposal.plan };
  await intend(story, lease, { permitted, resumed, fix });

  const application = await apply(decision.changes, { rule, resource, aws, clock, before: state, parameters, look });
  const beside = besideOf(weighing);
  if (application.result !== 'applied') return endUnapplied(story, prepared, { application, fix, beside });
  return confirm(story, {
    before: resumed.status === 'open' ? resumed.before : state,
    applied: clock.now().toISOString(),
    logged: false,
    look,
    policy,
    approved: decision.approved,
    beside,
    failures: onRecord?.failures ?? 0,
  });
}

interface Intent {
  readonly permitted: Permitted;
  readonly resumed: Resumption;
  readonly fix: Fix;
}

/** Writes what is about to be changed, before the first change is sent. */
async function intend(story: Story, lease: Lease, { permitted, resumed, fix }: Intent): Promise<void> {
  const { proposal, weighing } = permitted;
  const changes = weighing.decision.changes.map(loggedChange);
  try {
    checkRevivable(story.tools.rule, changes);
    // Whoever comes next has to find this intent, and not an earlier worker that came to none.
    if (fix.remediation !== lease.remediation) await lease.remember(fix.remediation);
    await write(story, { ...proposal, changes, kind: 'intended', reason: intention(changes, resumed) });
  } catch (error) {
    // The permit counts as a fix, and there will be none.
    await forgetFix(story, fix);
    throw error;
  }
}

const intention = (changes: readonly LoggedChange[], { status }: Resumption): string =>
  `${status === 'open' ? 'Goes on after an interruption: ' : ''}${changes.map((change) => `${change.do.service}:${change.do.operation}`).join(', ')}.`;

interface Unapplied {
  readonly application: Exclude<Application, { readonly result: 'applied' }>;
  readonly fix: Fix;
  readonly beside: Beside;
}

/** Ends after a change failed: again later where AWS was busy, and as a failure otherwise. */
async function endUnapplied(story: Story, { policy }: Prepared, { application, fix, beside }: Unapplied): Promise<Ending> {
  const { result, error } = application;
  const failure = `A change failed (${describe(error)})`;
  if (result === 'left')
    return endFailed(story, policy, [{ kind: 'failed', outcome: 'failed', reason: `${failure}, and ${application.left}.` }], beside);
  await forgetFix(story, fix);
  if (isPassing(error)) return endForNow(story, `${failure}; the resource is as it was.`, { kind: 'undone', outcome: 'deferred' });
  return endFailed(story, policy, [{ kind: 'undone', outcome: 'failed', reason: `${failure}; the resource is as it was.` }], beside);
}

/** What is not forgotten counts as a fix that somebody changed back: that only keeps the rule from changing more. */
async function forgetFix({ tools }: Story, fix: Fix): Promise<void> {
  await tools.register.undone(fix).catch((error: unknown) => tools.warn('A fix that was undone still counts', { error: describe(error) }));
}
