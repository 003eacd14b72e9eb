import type { gone, Json } from '../../rules/rule';
import { describe } from '../aws/fault';
import { seconds } from '../duration';
import type { Policy } from '../policy/policy';
import { type Beside, type Ending, end, endingOf, type Story, type Told } from './context';
import { endFailed } from './failed';
import type { Look } from './inspect-and-plan';
import { askForRest } from './request-approval';
import { verify } from './verify';

/** How long a worker waits for a change to show before it leaves that to a second look, in seconds. */
const patience = 20;

export interface Changed {
  readonly before: Json;
  /** When the changes were accepted; ISO 8601. */
  readonly applied: string;
  /** Whether that is in the log already. */
  readonly logged: boolean;
  readonly look: () => Promise<Look | typeof gone>;
  readonly policy: Policy;
  /** Whether a person approved it: then nothing of it waits for that. */
  readonly approved: boolean;
  /** What is told beside the end. */
  readonly beside?: Beside;
  /** Failures of the rule in a row until now, where they were read. */
  readonly failures?: number;
}

/** Verifies that the changes show, records the end and tells it; a slow resource is left to a second look. */
export async function confirm(
  story: Story,
  { before, applied, logged, look, policy, approved, beside = {}, failures }: Changed,
): Promise<Ending> {
  const { rule, clock, secondsLeft } = story.tools;
  const settle = rule.settle ?? patience;
  const told: Told[] = logged ? [] : [{ kind: 'applied', reason: 'The changes were accepted.', times: { applied } }];
  const verification = await verify(look, { seconds: Math.min(settle, patience, secondsLeft() / 2), clock, approved });

  if (verification.result === 'gone')
    return end(story, [...told, { kind: 'failed', outcome: 'resource-gone', reason: 'The resource is gone since.' }], beside);

  if (verification.result === 'not-yet') {
    const passed = (clock.now().getTime() - Date.parse(applied)) / seconds(1);
    if (settle > patience && passed < settle) return lookLater(story, { settle, seen: verification.seen, told, beside });
    const { unfixable, after: left } = verification;
    // What it could do is done; a failure of the rule it is not.
    if (unfixable !== undefined && left !== undefined) {
      const times = { applied, verified: clock.now().toISOString() };
      const rest = {
        kind: 'verified',
        outcome: 'partly-fixed',
        reason: `What a call can fix is fixed; the rest is not: ${unfixable}`,
      } as const;
      return end(story, [...told, { ...rest, before, after: left, times }], beside);
    }
    const reason = `The changes were accepted, but ${Math.round(passed)} seconds later the resource is not as it should be: ${verification.seen}.`;
    const after = verification.after === undefined ? {} : { after: verification.after };
    return endFailed(story, policy, [...told, { kind: 'failed', outcome: 'unverified', reason, ...after }], beside);
  }

  const times = { applied, verified: clock.now().toISOString() };
  const proof = { kind: 'verified', before, after: verification.after, times } as const;
  // In a second look nobody has read how many there are.
  if (failures !== 0) await forgetFailures(story);
  if (verification.result === 'held') {
    return askForRest(story, { policy, told, proof, rest: verification.rest, beside });
  }
  const ending = await end(story, [...told, { ...proof, outcome: 'fixed', reason: 'The resource is as it should be.' }], beside);
  await tell(story);
  return ending;
}

/** What still counts only opens the breaker sooner: the fix stands. */
async function forgetFailures({ tools: { rule, register, warn } }: Story): Promise<void> {
  await register
    .succeeded(rule.id)
    .catch((error: unknown) => warn('The failures before this fix still count', { rule: rule.id, error: describe(error) }));
}

/** A slow resource: accepted at once, true minutes later, or days where AWS waits for a maintenance window. */
async function lookLater(
  story: Story,
  {
    settle,
    seen,
    told,
    beside,
  }: { readonly settle: number; readonly seen: string; readonly told: readonly Told[]; readonly beside: Beside },
): Promise<Ending> {
  const { again, journal, tools } = story;
  const pause = Math.min(Math.max(600, settle / 100), Math.max(60, settle / 4));
  const at = new Date(tools.clock.now().getTime() + seconds(pause));
  const reason = `The changes were accepted and show later; looked at again at ${at.toISOString()}. Until now: ${seen.replace(/\.$/, '')}.`;
  const [accepted] = told;
  if (accepted) await end(story, [{ ...accepted, outcome: 'pending', reason, until: at.toISOString() }], beside);
  const attempt = again.attempt + 1;
  await tools.comeAgain({ ...again, attempt }, at, `${journal.subject.remediation}-${attempt}`);
  return endingOf(story, 'pending', reason);
}

/** Telling comes last: what fails here is noted, and the fix stands. Security Hub learns of it at its next check anyway. */
export async function tell({ again, aws, journal, tools }: Story): Promise<void> {
  try {
    await tools.tellFixed(again.finding, journal.subject.remediation, aws);
  } catch (error) {
    tools.warn('The fix was not told', { remediation: journal.subject.remediation, error: describe(error) });
  }
}
