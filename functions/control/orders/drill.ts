import { toArray } from '../../../rules/rule';
import { idIn, parseArn } from '../../aws/arn';
import { drillMessage } from '../../drill/message';
import { quote } from '../../untrusted-text';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type Reply, refuse } from '../reply';
import { noRule } from '../unknown-rule';

/** Has the function of a response ask AWS whether it could be carried out in an account. Every caller of the endpoint is authorized: it changes nothing. */
export async function drill(
  { rule: id, account, region, resource }: Orders['drill'],
  by: string,
  { rules, invoke, central }: ControlPorts,
): Promise<Reply> {
  const rule = rules.get(id);
  if (!rule) return noRule(id, rules);
  if (!rule.response || !rule.drill) {
    const responses = [...rules.values()].filter((one) => one.response && one.drill).map((one) => one.id);
    return refuse('invalid', 'not-a-response', `${id} is not a response to a threat. A drill is of one of: ${responses.join(', ')}.`);
  }
  const parsed = resource === undefined ? undefined : parseArn(resource);
  const place = { partition: central.partition, account, region: region ?? (parsed?.region || central.region) };
  if (resource !== undefined && !toArray(rule.resource).some((kind) => idIn(kind, place, resource) !== undefined)) {
    const arns = toArray(rule.resource).map(({ arn }) => arn);
    const reason = `${quote(resource)} is not a valid ARN for ${id} in account ${account}, ${place.region}. It must match ${arns.join(' or ')}.`;
    return refuse('invalid', 'unsupported-resource', reason);
  }
  await invoke(id, drillMessage({ place, requestedBy: by, ...(resource !== undefined && { resource }) }));
  return accept(`Requested. ${id} asks AWS what its role may do in account ${account}, ${place.region}, and changes nothing.`);
}
