import { GetStageCommand } from '@aws-sdk/client-api-gateway';
import { undefinedOn } from '../../absence';
import type { Aws, Change, Resource } from '../../rule';
import { isLogged, type Level } from './level';
import { allMethods, methodSettings } from './method-setting';
import { apiOf, unknown } from './resource';

/** The log level for all methods (`all`; null if never set), and for methods with their own. `traced`: methods that do not log now, and would log complete requests if they did. */
export type RestLogging = {
  readonly all: string | null;
  readonly own: { readonly [method: string]: string };
  readonly traced: readonly string[];
};

/** The log settings of a REST API stage; undefined if the stage does not exist. */
export async function readRestLogging(stage: Resource, aws: Aws): Promise<RestLogging | undefined> {
  const found = await undefinedOn(unknown, aws.send(new GetStageCommand({ restApiId: apiOf(stage), stageName: stage.id })));
  if (!found) return undefined;
  const { [allMethods]: all, ...own } = found.methodSettings ?? {};
  const levels = Object.entries(own).map(([key, { loggingLevel = 'OFF' }]) => [key, loggingLevel] as const);
  const traced = Object.entries(found.methodSettings ?? {}).flatMap(([key, { loggingLevel = 'OFF', dataTraceEnabled }]) =>
    loggingLevel === 'OFF' && dataTraceEnabled ? key : [],
  );
  return {
    all: all ? (all.loggingLevel ?? 'OFF') : null,
    own: Object.fromEntries(levels.sort(([a], [b]) => (a < b ? -1 : 1))),
    traced: traced.sort(),
  };
}

/** The change that raises all methods of a REST API to this level; undefined if none is needed. */
export function restLoggingChange(stage: Resource, { all, own }: RestLogging, expected: Level): Change | undefined {
  const noncompliant = [{ key: allMethods, value: all }, ...Object.entries(own).map(([key, value]) => ({ key, value }))].filter(
    ({ value }) => !isLogged(value, expected),
  );
  if (noncompliant.length === 0) return undefined;
  const path = 'logging/loglevel';
  return {
    do: methodSettings(
      stage,
      path,
      noncompliant.map(({ key }) => ({ key, value: expected })),
    ),
    undo: methodSettings(stage, path, noncompliant),
  };
}
