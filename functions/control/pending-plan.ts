import { getAsk } from '../coordination/pending-approval';
import { historyOf } from './history';
import type { ControlPorts } from './ports';

/** The remediation whose plan awaits approval for the same rule and resource; undefined if there is none. */
export async function waitingFor(remediation: string, ports: ControlPorts): Promise<string | undefined> {
  const history = await historyOf(remediation, ports);
  if ('refusal' in history) return undefined;
  return (await getAsk(ports.dynamo, ports.coordination, history.rule.id, history.lease))?.remediation;
}
