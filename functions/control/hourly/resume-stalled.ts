import { describe } from '../../aws/error';
import type { OpenItem } from '../../coordination/open-remediation';
import { listOverdue } from '../../coordination/overdue';
import { minutes } from '../../duration';
import type { ControlPorts } from '../ports';

/** How long a retry may be overdue: schedules are spread over minutes, and a worker takes up to two. */
const patience = minutes(15);

/** The maximum in one hour, within the time of the function. */
const max = 1000;
const atOnce = 10;

/** What became of the open remediations whose retry did not come. */
export interface Resumed {
  /** How many were invoked again. */
  readonly resumed: number;
  /** How many nothing can continue. */
  readonly stranded: number;
}

/** Invokes the functions of open remediations whose retry did not come, and reports those that nothing can continue. */
export async function resumeStalled(ports: ControlPorts): Promise<Resumed> {
  const before = new Date(ports.clock.now().getTime() - patience);
  const { stalled, stranded } = await listOverdue(ports.dynamo, ports.coordination, { before, limit: max, rules: ports.rules });
  for (const one of stranded) ports.warn('Nothing continues an open remediation', { ...one });
  if (stranded.length > 0) ports.count({ StrandedRemediations: stranded.length });
  let resumed = 0;
  for (let from = 0; from < stalled.length; from += atOnce) {
    const invoked = await Promise.all(stalled.slice(from, from + atOnce).map((one) => invoke(one, ports)));
    resumed += invoked.filter(Boolean).length;
  }
  if (resumed > 0) ports.count({ StalledRemediations: resumed });
  return { resumed, stranded: stranded.length };
}

async function invoke({ rule, remediation, message }: OpenItem, ports: ControlPorts): Promise<boolean> {
  try {
    await ports.invoke(rule, message);
    return true;
  } catch (error) {
    ports.warn('The function of an open remediation was not invoked', { rule, remediation, error: describe(error) });
    return false;
  }
}
