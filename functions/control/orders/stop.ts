import { ulid } from 'ulid';
import type { Rule } from '../../../rules/rule';
import { describe } from '../../aws/fault';
import { closeBreaker, isOpen } from '../../coordination/breaker';
import { getStop, putStop, removeStop } from '../../coordination/stop';
import type { Kind, Subject } from '../../log/event';
import { openJournal } from '../../log/journal';
import { ruleSummary } from '../../outcomes/rule-summary';
import type { Policy } from '../../policy/policy';
import { forbidden } from '../authorize';
import { accept, type Order, type Reply, refuse } from '../order';
import type { ControlPorts } from '../ports';
import { noRule } from '../unknown-rule';

/** Stops all changes. Whoever may give orders at all may do so: nothing is safer. */
export async function stop({ why }: Extract<Order, { order: 'stop' }>, by: string, ports: ControlPorts): Promise<Reply> {
  const before = await getStop(ports.dynamo, ports.coordination);
  if (before) return accept(`${before.by} stopped all changes at ${before.at} already: ${before.why}.`);
  await putStop(ports.dynamo, ports.coordination, { by, at: ports.clock.now().toISOString(), why }, ports.clock);
  const stopped = 'Stopped: nothing is changed until somebody starts it again (`posture resume`). Rollbacks can be made.';
  try {
    return accept(stopped, await note('stopped', `${by} stopped all changes: ${why}.`, by, ports));
  } catch (error) {
    // It holds all the same, and who asks again must not think that it does not.
    ports.warn('The stop is not in the log', { by, why, error: describe(error) });
    return accept(`${stopped} It could not be written into the log: ${describe(error)}`);
  }
}

/** Lets changes be made again. */
export async function start({ why }: Extract<Order, { order: 'resume' }>, by: string, policy: Policy, ports: ControlPorts): Promise<Reply> {
  const no = await forbidden(by, 'everything', { policy, ousOf: ports.ousOf });
  if (no !== undefined) return refuse('forbidden', no);
  if (!(await getStop(ports.dynamo, ports.coordination))) return refuse('conflict', 'Changes are not stopped.');
  // First the log: nothing lets changes through of which it does not tell.
  const remediation = await note('resumed', `${by} let changes be made again: ${why}.`, by, ports);
  await removeStop(ports.dynamo, ports.coordination, ports.clock);
  return accept('Started: what was put off comes again within the hour.', remediation);
}

/** Puts the rule back to what the policy says. */
export async function closeBreaker(
  { rule: id, why }: Extract<Order, { order: 'close-breaker' }>,
  by: string,
  policy: Policy,
  ports: ControlPorts,
): Promise<Reply> {
  const rule = ports.rules.get(id);
  if (!rule) return noRule(id, ports.rules);
  const no = await forbidden(by, { rule }, { policy, ousOf: ports.ousOf });
  if (no !== undefined) return refuse('forbidden', no);
  if (!(await isOpen(ports.dynamo, ports.coordination, id))) return refuse('conflict', `The breaker of ${id} is not open.`);
  const remediation = await note('breaker-closed', `${by} closed the breaker of ${id}: ${why}.`, by, ports, rule);
  await closeBreaker(ports.dynamo, ports.coordination, id, ports.clock);
  return accept(`Closed: ${id} does again what the policy says.`, remediation);
}

/** To those who listen, an order for everything is of the highest weight. */
const itself = { id: 'posture', title: 'The remediator itself', severity: 'critical', risk: 'safe' } as const;

/** What is ordered for no single resource stands in the log under the hub itself. */
async function note(kind: Kind, reason: string, by: string, ports: ControlPorts, rule?: Rule): Promise<string> {
  const { log, clock, central, version } = ports;
  const remediation = ulid(clock.now().getTime());
  const subject: Subject = {
    ...central,
    remediation,
    rule: rule?.id ?? 'posture',
    version,
    finding: 'none',
    source: 'control',
    detectedBy: 'none',
    resource: `AWS::::Account:${central.account}`,
    resourceType: 'AWS::::Account',
  };
  const journal = openJournal(log, clock, subject);
  await journal.write({ kind, reason, actor: by });
  const [event] = journal.events;
  if (event) {
    await ports
      .publishOutcome({ event, rule: rule ? ruleSummary(rule) : itself })
      .catch((error: unknown) => ports.warn('The order was not told', { remediation, error: describe(error) }));
  }
  return remediation;
}
