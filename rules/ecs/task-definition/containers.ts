import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import type { JsonObject } from '../../json';
import type { Amendment } from './revise';

/** The names of the misconfigured containers, sorted; undefined if there are none. */
export function containersWhere(
  { containerDefinitions = [] }: TaskDefinition,
  isNoncompliant: (container: ContainerDefinition) => boolean,
): readonly string[] | undefined {
  const names = containerDefinitions.filter(isNoncompliant).flatMap(({ name }) => name ?? []);
  return names.length > 0 ? names.sort() : undefined;
}

/** The amendment that sets the same members in each of these containers. */
export const settingEach = (names: readonly string[], set: JsonObject): Amendment => ({
  containers: Object.fromEntries(names.map((name) => [name, { set }])),
});
