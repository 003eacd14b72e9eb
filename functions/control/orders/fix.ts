import { toArray } from '../../../rules/rule';
import { idIn, parseArn } from '../../aws/arn';
import type { Finding } from '../../findings/finding';
import { retryMessage } from '../../findings/retry-message';
import { quote } from '../../untrusted-text';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type Reply, refuse } from '../reply';
import { noRule } from '../unknown-rule';

/** Has a rule look at a resource now, as if it had been found. The policy says what it may do there: an order lifts nothing. */
export async function fix(
  { rule: id, resource, why }: Orders['fix'],
  by: string,
  { rules, clock, invoke, central }: ControlPorts,
): Promise<Reply> {
  const rule = rules.get(id);
  if (!rule) return noRule(id, rules);
  const now = clock.now().toISOString();
  const place = placeOf(resource, central);
  const kind = toArray(rule.resource).find((one) => place && idIn(one, place, resource) !== undefined);
  const detectedBy = rule.detectedBy.securityHub[0] ?? rule.detectedBy.config[0];
  if (!place || !kind || detectedBy === undefined) {
    return refuse(
      'invalid',
      `${quote(resource)} is no ARN of a resource that ${id} looks at: ${toArray(rule.resource)
        .map(({ arn }) => arn)
        .join(' or ')}.`,
    );
  }
  const finding: Finding = {
    ...place,
    // The log finds by it, and DynamoDB takes keys of 2048 bytes: a letter is up to three.
    id: `ordered by ${by} at ${now}: ${why}`.slice(0, 600),
    source: 'control',
    detectedBy,
    resource: { kind, reported: { arn: resource } },
    detectedAt: now,
    sentAt: now,
  };
  await invoke(id, retryMessage({ finding, number: 0, requestedBy: by }));
  return accept(`Ordered: ${id} looks at ${resource} now. \`posture log --resource ${resource}\` tells what came of it.`);
}

/** Where a resource is by its ARN; an ARN that leaves account or region out is of the hub's. */
function placeOf(arn: string, central: ControlPorts['central']): Pick<Finding, 'partition' | 'account' | 'region'> | undefined {
  const account = /^AWS::::Account:(\d{12})$/.exec(arn)?.[1];
  if (account !== undefined) return { ...central, account };
  const parsed = parseArn(arn);
  if (!parsed) return undefined;
  return { partition: parsed.partition, account: parsed.account || central.account, region: parsed.region || central.region };
}
