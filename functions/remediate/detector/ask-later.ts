import { describe } from '../../aws/error';
import { leaseKey } from '../../coordination/lease-key';
import type { Attempt, Look } from '../../findings/attempt';
import { evaluationPeriod, longestPeriod } from '../../sources/evaluation-period';
import { hasDetector } from '../../sources/verdict';
import type { RemediationContext } from '../context';
import type { Ports } from '../ports';

/** The detector is asked after twice its period, so that an evaluation began after the fix. */
const periods = 2;

/**
 * Schedules the question to the detector whether it agrees that the resource is compliant. What was scheduled before is not scheduled again.
 * A failure is only logged: then nobody sets the finding to RESOLVED but Security Hub itself.
 */
export async function askLater({ attempt, journal, ports, resource }: RemediationContext): Promise<void> {
  const { finding } = attempt;
  const { remediation, finding: id, detectedBy } = journal.subject;
  // A command line can schedule nothing.
  if (ports.openRemediations.user !== undefined || !hasDetector(finding)) return;
  // A report of another detector can continue the remediation.
  if (finding.id !== id || finding.detectedBy !== detectedBy) return;
  const of = { rule: ports.rule.id, resource: leaseKey(ports.rule, resource) };
  try {
    await schedule({ finding, number: 0, remediation, look: 1 }, of, periods * evaluationPeriod(detectedBy), ports);
  } catch (error) {
    ports.warn('The question to the detector was not scheduled, or not recorded', { remediation, error: describe(error) });
  }
}

/** Schedules the second and last look, for an evaluation that is late. */
export const askOnceMore = ({ finding }: Attempt, remediation: string, resource: string, ports: Ports): Promise<Date> =>
  schedule({ finding, number: 0, remediation, look: 2 }, { rule: ports.rule.id, resource }, periods * longestPeriod, ports);

type Asking = Attempt & { readonly remediation: string; readonly look: Look };

async function schedule(
  asking: Asking,
  of: { readonly rule: string; readonly resource: string },
  pause: number,
  { looks, scheduleRetry, clock }: Ports,
): Promise<Date> {
  const { remediation, look, finding } = asking;
  const at = new Date(clock.now().getTime() + pause);
  // Together: without the item, the question is asked all the same; without the question, the item is ignored after a day.
  const both = await Promise.allSettled([
    looks.put(of, finding.detectedBy, { remediation, at }),
    scheduleRetry(asking, at, `${remediation}-look-${look}`),
  ]);
  for (const one of both) if (one.status === 'rejected') throw one.reason;
  return at;
}
