import { detectorsOf, toArray } from '../../../rules/rule';
import { idIn, parseArn } from '../../aws/arn';
import type { Finding } from '../../findings/finding';
import { retryMessage } from '../../findings/retry-message';
import { quote } from '../../untrusted-text';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type Reply, refuse } from '../reply';
import { noRule } from '../unknown-rule';

/** Runs a rule on a resource now, as for a finding. The policy applies: a request overrides nothing. */
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
  const [detectedBy] = detectorsOf(rule.detectedBy);
  if (!place || !kind || detectedBy === undefined) {
    return refuse(
      'invalid',
      'unsupported-resource',
      `${quote(resource)} is not a valid ARN for ${id}. It must match ${toArray(rule.resource)
        .map(({ arn }) => arn)
        .join(' or ')}.`,
    );
  }
  const finding: Finding = {
    ...place,
    // A key of an index: DynamoDB accepts 2048 bytes, and a character has up to three.
    id: `requested by ${by} at ${now}: ${why}`.slice(0, 600),
    source: 'control',
    detectedBy,
    resource: { kind, reported: { arn: resource } },
    detectedAt: now,
    sentAt: now,
  };
  await invoke(id, retryMessage({ finding, number: 0, requestedBy: by }));
  return accept(`Requested. ${id} inspects ${resource} now. Follow it with \`posture log --resource ${resource}\`.`);
}

/** The place of a resource by its ARN; the central account and region if the ARN has none. */
function placeOf(arn: string, central: ControlPorts['central']): Pick<Finding, 'partition' | 'account' | 'region'> | undefined {
  const account = /^AWS::::Account:(\d{12})$/.exec(arn)?.[1];
  if (account !== undefined) return { ...central, account };
  const parsed = parseArn(arn);
  if (!parsed) return undefined;
  return { partition: parsed.partition, account: parsed.account || central.account, region: parsed.region || central.region };
}
