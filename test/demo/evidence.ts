import { eachOf } from '../../functions/cli/concurrency';
import { parametersFor, readParameters } from '../../functions/policy/parameters';
import type { Policy } from '../../functions/policy/policy';
import { type Look, look } from '../../functions/remediate/inspect-and-plan';
import { gone } from '../../rules/rule';
import type { World } from '../contract/scenario';
import type { Case } from './case';

/** What the owner of the account sees of a resource, with credentials and a connection of his own. */
export type Sight = Look | 'gone';

/** The live state of each, and what its rule would still change about it. */
export async function lookAtAll(cases: readonly Case[], home: World, policy: Policy): Promise<ReadonlyMap<Case, Sight>> {
  const seen = await eachOf(cases, 8, async (one) => [one, await lookAt(one, home, policy)] as const);
  return new Map(seen);
}

export async function lookAt({ rule, piece, resource }: Case, home: World, policy: Policy): Promise<Sight> {
  if (resource === gone) return 'gone';
  const parameters = readParameters(rule, parametersFor(rule, policy, resource));
  if ('problem' in parameters) throw new Error(parameters.problem);
  const world = piece.region === undefined ? home : home.in(piece.region);
  const seen = await look(rule, resource, world, { parameters: parameters.value, detectedBy: piece.control, now: new Date() });
  return seen === gone ? 'gone' : seen;
}
