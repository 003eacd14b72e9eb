import { describe } from '../../aws/error';
import { eachOf } from '../../concurrency';
import { isReviewDue, type ListedContainment, listContainments, releaseCommand } from '../../coordination/containment';
import { days } from '../../duration';
import { historyOf } from '../history';
import type { ControlPorts } from '../ports';

/** The maximum in one hour, within the time of the function; the earliest first. */
const max = 200;
const atOnce = 10;

/** Notifies people of what is contained past its review, once a day. Nothing is released. Returns how many are past it. */
export async function reviewContained(ports: ControlPorts): Promise<number> {
  const now = ports.clock.now();
  const due = (await listContainments(ports.dynamo, ports.coordination, ports.clock)).filter((one) => isReviewDue(one, now));
  await eachOf(due.slice(0, max), atOnce, async (one) => {
    await remind(one, now, ports).catch((error: unknown) =>
      ports.warn('The review of a containment was not notified', { ...one, error: describe(error) }),
    );
  });
  return due.length;
}

async function remind({ rule, remediation, review = 'an unknown time' }: ListedContainment, now: Date, ports: ControlPorts): Promise<void> {
  const history = await historyOf(`${rule}/${remediation}`, ports);
  if ('refusal' in history) {
    ports.warn('A containment has no remediation in the log', { rule, remediation, why: history.refusal.reason });
    return;
  }
  const before = history.events.findLast(({ kind }) => kind === 'review-due');
  // An hourly check is some minutes early or late.
  if (before && now.getTime() - Date.parse(before.time) < days(1) - days(1) / 48) return;
  const { partition, account } = ports.central;
  await history.write({
    kind: 'review-due',
    reason: `Contained since ${sinceOf(history.events) ?? 'an unknown time'}. The review was due at ${review}. It stays contained until an approver releases it: \`${releaseCommand({ rule, remediation })} --why "..."\`.`,
    actor: `arn:${partition}:iam::${account}:role/posture-function-control`,
  });
}

/** By the log, whose words only the function of the response writes. */
const sinceOf = (events: readonly { readonly kind: string; readonly time: string }[]): string | undefined =>
  events.find(({ kind }) => kind === 'planned')?.time;
