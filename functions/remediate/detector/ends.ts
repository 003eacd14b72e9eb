import type { Json } from '../../../rules/rule';
import { describe } from '../../aws/error';
import type { Attempt } from '../../findings/attempt';
import type { Verdict } from '../../sources/verdict';
import type { UnconfirmedCode } from '../codes';
import { announce, end, type Result, resultOf, write } from '../context';
import { nextAttempt } from '../next-attempt';
import { askOnceMore } from './ask-later';
import type { Hearing } from './trail';

export type Compliant = Extract<Verdict, { readonly says: 'compliant' }>;
export type Noncompliant = Extract<Verdict, { readonly says: 'noncompliant' }>;

/** A duplicate, or a remediation that has been rolled back meanwhile. */
export const endQuietly = ({ remediation = '', finding: { resource } }: Attempt): Result => ({
  remediation,
  resource: 'arn' in resource.reported ? resource.reported.arn : resource.reported.configId,
  outcome: 'already-compliant',
  reason: 'The detector is not asked: its answer is in the log, or the remediation has ended otherwise meanwhile.',
});

export async function endConfirmed(hearing: Hearing, { by, started, toResolve }: Compliant): Promise<Result> {
  const set = toResolve ? ' The finding was set to RESOLVED.' : '';
  const reason = `${by}, of an evaluation at ${started?.toISOString()}. The detector agrees.${set}`;
  await write(hearing.context, { kind: 'confirmed', reason });
  await publish(hearing);
  return finish(hearing, reason);
}

export async function endUnconfirmed(hearing: Hearing, code: UnconfirmedCode, why: string): Promise<Result> {
  const reason = `The detector has not confirmed it. ${why}`;
  await write(hearing.context, { kind: 'unconfirmed', code, reason });
  await publish(hearing);
  return finish(hearing, reason);
}

/** For those who wait for the detector, such as a ticket. */
async function publish({ context }: Hearing): Promise<void> {
  const event = context.journal.events.at(-1);
  if (event) await announce(context, event);
}

/** So that its trail says that nobody asks any more. */
export const endOutdated = (hearing: Hearing, later: string): Promise<Result> =>
  endUnconfirmed(hearing, 'changed-since', `Remediation ${later} handled the resource after it, and the detector is asked about that one.`);

async function finish({ context, fix, lease }: Hearing, reason: string): Promise<Result> {
  const { attempt, journal, ports } = context;
  const { rule, looks, warn } = ports;
  const { remediation } = journal.subject;
  await looks
    .remove({ rule: rule.id, resource: lease }, attempt.finding.detectedBy, remediation)
    .catch((error: unknown) => warn('The look at the detector is still recorded', { remediation, error: describe(error) }));
  return resultOf(context, fix.outcome, reason);
}

/** The detector has not evaluated the resource since: it is asked once more, and then left alone. */
export async function waitForEvaluation(hearing: Hearing, code: 'not-evaluated' | 'not-judged', why: string): Promise<Result> {
  const { attempt, journal, ports } = hearing.context;
  if (attempt.look === 2) return endUnconfirmed(hearing, code, `${why} It is not asked again, and its finding is left as it is.`);
  const at = await askOnceMore(attempt, journal.subject.remediation, hearing.lease, ports);
  return resultOf(hearing.context, hearing.fix.outcome, `${why} It is asked once more at ${at.toISOString()}.`);
}

/** An error: the same question comes back at growing intervals. */
export async function askAgain(hearing: Hearing, why: string): Promise<Result> {
  const { attempt, journal, ports } = hearing.context;
  const { remediation } = journal.subject;
  const next = nextAttempt(attempt.number, ports.clock.now(), remediation);
  if (!next) return endUnconfirmed(hearing, 'detector-unreadable', `${why} It is not asked again.`);
  await ports.scheduleRetry({ ...attempt, number: next.number }, next.at, `${remediation}-look-${attempt.look}-${next.number}`);
  return resultOf(hearing.context, hearing.fix.outcome, `${why} It is asked again at ${next.at.toISOString()}.`);
}

export async function dispute(hearing: Hearing, { by, started }: Noncompliant, before: Json): Promise<Result> {
  const { context, fix } = hearing;
  const { ports, resource, attempt, aws } = context;
  const { tags: read } = attempt.finding.resource.kind;
  // They name the owner to notify.
  const tags = await read?.(resource, aws).catch(() => undefined);
  const reason = `${by}, of an evaluation at ${started?.toISOString()}. The rule found the resource compliant at ${fix.verified.toISOString()}, and still finds nothing to change. Either of them is wrong. The finding is not set to RESOLVED.`;
  const result = await end(context, [{ kind: 'disputed', outcome: 'disputed', reason, before }], { tags });
  ports.count({ Disputed: 1 });
  await finish(hearing, reason);
  return result;
}
