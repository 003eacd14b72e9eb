import type { Call } from '../../functions/aws/call';
import type { Json, Resource, Rule, TargetContext } from '../../rules/rule';
import { isOfResource } from '../../rules/target';
import { touchedBy } from './touched-arns';

/** A command of a rule, and what is known when it is sent. */
export interface Aimed extends TargetContext<Json, unknown> {
  readonly call: Call;
  readonly resource: Resource;
}

/** The commands that a rule does not recognize as acting on the resource, and those that it still does when they name something else, as sentences. */
export async function misaimed(rule: Rule, aimed: readonly Aimed[]): Promise<readonly string[]> {
  const distinct = new Map(aimed.map((one) => [JSON.stringify(one), one]));
  const found = await Promise.all([...distinct.values()].map((one) => misaims(rule, one)));
  return [...new Set(found.flat())];
}

async function misaims(rule: Rule, { call, resource, ...context }: Aimed): Promise<readonly string[]> {
  const name = `${call.service}:${call.operation}`;
  const isAccepted = (other: Call): boolean => isOfResource(rule, other, resource, context);
  if (!isAccepted(call)) return [`${name} ${JSON.stringify(call.input)} is not recognized as acting on ${resource.arn}`];
  const others = await aimedElsewhere(call, resource);
  return others.flatMap(({ at, other, foreign }) => (isAccepted(other) ? [`${name} may name ${foreign.join(', ')} in ${at}`] : []));
}

interface Elsewhere {
  /** The field that is altered. */
  readonly at: string;
  readonly other: Call;
  /** The ARNs that it touches, and the call did not. */
  readonly foreign: readonly string[];
}

/** The call with one of its strings altered, wherever it then touches another resource. */
export async function aimedElsewhere(call: Call, resource: Resource): Promise<readonly Elsewhere[]> {
  const { arns } = await touchedBy(call, resource, resource);
  const found: Elsewhere[] = [];
  for (const { at, input } of altered(call.input)) {
    const other = { ...call, input };
    const touched = await touchedBy(other, resource, resource);
    const foreign = touched.arns.filter((arn) => !arns.includes(arn) && !isPartOf(resource, arn));
    if (foreign.length > 0) found.push({ at, other, foreign });
  }
  return found;
}

/** A version or an alias of the resource. */
const isPartOf = ({ arn: whole }: Resource, arn: string): boolean => arn === whole || arn.startsWith(`${whole}:`);

interface Altered {
  readonly at: string;
  readonly input: Json;
}

/** The input with each of its strings changed, and with one more in each list of strings. */
function altered(value: Json | undefined, at = ''): readonly Altered[] {
  if (typeof value === 'string') return [{ at, input: `${value}x` }];
  if (Array.isArray(value)) {
    return value.flatMap((one: Json, index) =>
      altered(one, `${at}[]`).flatMap((other) => [
        { at: other.at, input: value.with(index, other.input) },
        { at: `${other.at}, added`, input: [...value, other.input] },
      ]),
    );
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, one]) =>
    altered(one as Json, at === '' ? key : `${at}.${key}`).map((other) => ({ at: other.at, input: { ...value, [key]: other.input } })),
  );
}
