import type { Change, Resource } from '../../rules/rule';
import { leaseName } from '../coordination/lease-key';
import type { Ask } from '../coordination/recorded-state';
import type { LastChange } from '../decision/facts';
import { hours, minutes } from '../duration';
import { resourceOf } from '../findings/identify';
import { againMessage } from '../findings/retry-message';
import type { LogEvent, Outcome } from '../log/event';
import { loggedChange } from '../plan/change';
import { differenceOf } from '../plan/difference';
import { hashOfPlan } from '../plan/hash';
import type { Policy } from '../policy/policy';
import { type Beside, type Ending, end, type Story, type Told } from './context';

export interface Question {
  readonly policy: Policy;
  readonly resource: Resource;
  readonly proposal: Omit<Told, 'kind' | 'outcome' | 'reason'> & { readonly plan: string };
  /** Why it is asked, a phrase. */
  readonly why: string;
  /** What is asked already. */
  readonly open: Ask | undefined;
  readonly lastChange: LastChange | undefined;
  readonly beside: Beside;
}

/** Parks the plan until a person approves it, unless the very same is asked already. */
export async function ask(story: Story, { policy, resource, proposal, why, open, lastChange, beside }: Question): Promise<Ending> {
  const now = story.tools.clock.now();
  if (open && open.hash === proposal.plan && new Date(open.expires) > now) {
    const { remediation, at, expires: until } = open;
    // What was refused waits on, and whoever tried to approve it has to hear of that.
    if (remediation === story.journal.subject.remediation) {
      const reason = `This needs an approval still, until ${until} (${why}); nothing was changed.`;
      return end(story, [{ ...proposal, kind: 'asked', outcome: 'asked', reason, until }], beside);
    }
    if (await waits(remediation, story)) {
      const reason = `${waitsAlready}${at}, as remediation ${remediation}; nothing was changed.`;
      return end(story, [{ ...proposal, kind: 'asked', outcome: 'asked', reason, until }], { ...beside, repeated: true });
    }
  }
  const before = story.journal.events.findLast(({ kind }) => kind === 'asked');
  const differs =
    before?.changes && before.plan !== proposal.plan
      ? ` The plan is another one than was asked before: ${differenceOf(before.changes, proposal.changes ?? [])}.`
      : '';
  const unanswered =
    open && open.hash === proposal.plan && new Date(open.expires) <= now
      ? ` The same plan was asked before, as remediation ${open.remediation}, and nobody answered until ${open.expires}.`
      : '';
  const until = expiry(policy, now);
  const reason = `This needs an approval until ${until} (${why}); nothing was changed.${differs}${unanswered}`;
  const ending = await end(story, [{ ...proposal, kind: 'asked', outcome: 'asked', reason, until }], beside);
  await park(story, resource, { plan: proposal.plan, until, now, changedBy: lastChange?.principal });
  return ending;
}

/** What an `asked` event begins with whose plan waits as another remediation. */
export const waitsAlready = 'The same plan waits for an approval already, since ';

/** Whether the remediation can still come to its fix: one that was approved may have ended otherwise, as exempt, and waits no more. */
async function waits(remediation: string, { tools }: Story): Promise<boolean> {
  const last = (await tools.log.read(remediation)).findLast(({ outcome }) => outcome !== undefined)?.outcome;
  return last === undefined || coming.includes(last);
}

const coming: readonly Outcome[] = ['asked', 'partly-fixed', 'deferred', 'blocked', 'pending'];

export interface Rest {
  readonly policy: Policy;
  readonly told: readonly Told[];
  readonly proof: Omit<Told, 'outcome' | 'reason'>;
  /** The changes that can't be undone. */
  readonly rest: readonly Change[];
  readonly beside: Beside;
}

/** Records that what can be undone is done, and parks the rest until a person approves it. */
export async function askForRest(story: Story, { policy, told, proof, rest, beside }: Rest): Promise<Ending> {
  const now = story.tools.clock.now();
  const changes = rest.map(loggedChange);
  const plan = hashOfPlan(changes);
  const until = expiry(policy, now);
  const reason = `What can be undone is fixed; the rest waits for an approval until ${until}.`;
  const ending = await end(story, [...told, { ...proof, outcome: 'partly-fixed', reason, changes, plan, until }], beside);
  await park(story, resourceOf(story.tools.rule, story.journal.subject as LogEvent), { plan, until, now, changedBy: undefined });
  return ending;
}

const expiry = ({ approvals }: Policy, now: Date): string => new Date(now.getTime() + hours(approvals.hours)).toISOString();

interface Parked {
  readonly plan: string;
  readonly until: string;
  readonly now: Date;
  readonly changedBy: string | undefined;
}

async function park({ again, journal, tools }: Story, resource: Resource, { plan, until, now, changedBy }: Parked): Promise<void> {
  const { remediation } = journal.subject;
  // Security Hub reports a fault again within a day. Nobody else does: what is not answered has to be asked again by ourselves.
  if (again.finding.source !== 'security-hub') {
    const { remediation: _, ...anew } = again;
    await tools.comeAgain({ ...anew, attempt: 0 }, new Date(Date.parse(until) + minutes(1)), `${remediation} unanswered until ${until}`);
  }
  await tools.register.ask({
    rule: tools.rule.id,
    resource: leaseName(tools.rule, resource),
    ask: {
      remediation,
      hash: plan,
      at: now.toISOString(),
      expires: until,
      message: againMessage({ ...again, attempt: 0, remediation }),
      ...(again.requestedBy !== undefined && { requestedBy: again.requestedBy }),
      ...(changedBy !== undefined && { changedBy }),
    },
  });
}
