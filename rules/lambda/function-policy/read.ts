import { GetPolicyCommand, ListAliasesCommand, ListVersionsByFunctionCommand } from '@aws-sdk/client-lambda';
import { undefinedOn } from '../../absence';
import { collect } from '../../pages';
import type { Aws } from '../../rule';

/** AWS allows 15 of these calls per second in an account and region, and a function can have thousands of versions. */
const maxFunctions = 300;
const together = 8;

/** The policy of a function, or of one of its versions or aliases: `name:qualifier`. */
export interface FunctionPolicy {
  readonly on: string;
  readonly text: string;
}

/** The policies of a function, its aliases and its versions, and the number left unread; undefined if the function does not exist. */
export async function readPolicies(
  name: string,
  aws: Aws,
): Promise<{ readonly policies: readonly FunctionPolicy[]; readonly unread: number } | undefined> {
  const qualifiers = await undefinedOn(['ResourceNotFoundException'], listQualifiers(name, aws));
  if (!qualifiers) return undefined;
  const all = [name, ...qualifiers.map((qualifier) => `${name}:${qualifier}`)];
  const policies: FunctionPolicy[] = [];
  for (let first = 0; first < Math.min(all.length, maxFunctions); first += together) {
    const next = all.slice(first, Math.min(first + together, maxFunctions));
    const texts = await Promise.all(next.map((on) => readPolicyOn(on, aws)));
    policies.push(...next.flatMap((on, index) => (texts[index] === undefined ? [] : [{ on, text: texts[index] }])));
  }
  return { policies, unread: Math.max(0, all.length - maxFunctions) };
}

/** Aliases, then versions, the newest first. */
async function listQualifiers(FunctionName: string, aws: Aws): Promise<readonly string[]> {
  const aliases = await collect(
    (Marker) => aws.send(new ListAliasesCommand({ FunctionName, Marker })),
    ({ Aliases = [] }) => Aliases.flatMap(({ Name }) => Name ?? []),
    ({ NextMarker }) => NextMarker,
  );
  const versions = await collect(
    (Marker) => aws.send(new ListVersionsByFunctionCommand({ FunctionName, Marker })),
    ({ Versions = [] }) => Versions.flatMap(({ Version }) => Version ?? []),
    ({ NextMarker }) => NextMarker,
  );
  // $LATEST can't have a policy.
  const published = versions.filter((version) => version !== '$LATEST').sort((a, b) => Number(b) - Number(a));
  return [...aliases, ...published];
}

async function readPolicyOn(FunctionName: string, aws: Aws): Promise<string | undefined> {
  return (await undefinedOn(['ResourceNotFoundException'], aws.send(new GetPolicyCommand({ FunctionName }))))?.Policy;
}
