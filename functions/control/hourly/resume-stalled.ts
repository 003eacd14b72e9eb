import { describe } from '../../aws/error';
import { listStalled, type Stalled } from '../../coordination/stalled';
import { minutes } from '../../duration';
import { type RetryMessage, retryMessageShape } from '../../findings/retry-message';
import type { ControlPorts } from '../ports';

/** How long a retry may be overdue: schedules are spread over minutes, and a worker takes up to two. */
const patience = minutes(15);

/** The maximum in one hour, within the time of the function. */
const max = 1000;
const atOnce = 10;

/** Invokes the functions of open remediations whose retry did not come. Returns how many. */
export async function resumeStalled(ports: ControlPorts): Promise<number> {
  const before = new Date(ports.clock.now().getTime() - patience);
  const stalled = await listStalled(ports.dynamo, ports.coordination, { before, limit: max, rules: ports.rules });
  let resumed = 0;
  for (let from = 0; from < stalled.length; from += atOnce) {
    const invoked = await Promise.all(stalled.slice(from, from + atOnce).map((one) => invoke(one, ports)));
    resumed += invoked.filter(Boolean).length;
  }
  if (resumed > 0) ports.count({ StalledRemediations: resumed });
  return resumed;
}

async function invoke({ rule, remediation, message }: Stalled, ports: ControlPorts): Promise<boolean> {
  const read = messageIn(message);
  if (!read) {
    ports.warn('The message of an open remediation is invalid', { rule, remediation });
    return false;
  }
  try {
    await ports.invoke(rule, read);
    return true;
  } catch (error) {
    ports.warn('The function of an open remediation was not invoked', { rule, remediation, error: describe(error) });
    return false;
  }
}

function messageIn(text: string): RetryMessage | undefined {
  try {
    return retryMessageShape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
