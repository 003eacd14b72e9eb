import { getAsk } from '../coordination/pending-approval';
import { historyOf } from './history';
import type { ControlTools } from './ports';

/** The remediation whose plan waits for the same rule and resource as this one; undefined where none waits. */
export async function waitingFor(remediation: string, tools: ControlTools): Promise<string | undefined> {
  const history = await historyOf(remediation, tools);
  if ('refusal' in history) return undefined;
  return (await getAsk(tools.dynamo, tools.coordination, history.rule.id, history.lease))?.remediation;
}
