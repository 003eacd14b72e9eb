import { eachOf } from '../../functions/concurrency';
import { parametersFor, readParameters } from '../../functions/policy/parameters';
import type { Policy } from '../../functions/policy/policy';
import { type Inspection, inspectAndPlan } from '../../functions/remediate/inspect-and-plan';
import { notFound } from '../../rules/rule';
import type { World } from '../contract/scenario';
import type { Case } from './case';

/** What the owner of the account sees of a resource, with credentials and a connection of his own. */
export type Sight = Inspection | 'gone';

/** The live state of each, and what its rule would still change about it. */
export async function lookAtAll(cases: readonly Case[], home: World, policy: Policy): Promise<ReadonlyMap<Case, Sight>> {
  const seen = await eachOf(cases, 8, async (one) => [one, await lookAt(one, home, policy)] as const);
  return new Map(seen);
}

export async function lookAt({ rule, piece, resource }: Case, home: World, policy: Policy): Promise<Sight> {
  if (resource === notFound) return 'gone';
  const parameters = readParameters(rule, parametersFor(rule, policy, resource));
  if ('problem' in parameters) throw new Error(parameters.problem);
  const world = piece.region === undefined ? home : home.in(piece.region);
  const seen = await inspectAndPlan(rule, resource, world, {
    parameters: parameters.value,
    detectedBy: piece.control,
    now: new Date(),
    exemptionTag: policy.exemptionTag,
  });
  return seen === notFound ? 'gone' : seen;
}
