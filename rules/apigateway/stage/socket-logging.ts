import { GetApiCommand, GetStageCommand, type RouteSettings, UpdateStageCommand } from '@aws-sdk/client-apigatewayv2';
import { undefinedOn } from '../../absence';
import type { JsonObject } from '../../json';
import type { Aws, Change, Resource } from '../../rule';
import { isLogged, type Level } from './level';
import { allMethods } from './method-setting';
import { apiOf, unknown } from './resource';

/** The settings for all routes, and those of routes with their own; `none` for an HTTP API, which has no execution logs. */
export type SocketLogging = { readonly all: JsonObject; readonly own: { readonly [route: string]: JsonObject } } | 'none';

/** The log settings of a WebSocket API stage; undefined if the stage does not exist. */
export async function readSocketLogging(stage: Resource, aws: Aws): Promise<SocketLogging | undefined> {
  const api = { ApiId: apiOf(stage) };
  const found = await undefinedOn(unknown, aws.send(new GetStageCommand({ ...api, StageName: stage.id })));
  if (!found) return undefined;
  const { ProtocolType } = await aws.send(new GetApiCommand(api));
  if (ProtocolType !== 'WEBSOCKET') return 'none';
  const own = Object.entries(found.RouteSettings ?? {}).map(([route, settings]) => [route, settled(settings)] as const);
  return { all: settled(found.DefaultRouteSettings), own: Object.fromEntries(own.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

const settled = (settings: RouteSettings = {}): JsonObject => ({ ...settings, LoggingLevel: settings.LoggingLevel ?? 'OFF' });

/** The routes that do not log now, and would log complete messages if they did. */
export function tracedRoutes(logging: SocketLogging): readonly string[] {
  if (logging === 'none') return [];
  const { all, own } = logging;
  return Object.entries({ [allMethods]: all, ...own }).flatMap(([route, { LoggingLevel, DataTraceEnabled }]) =>
    LoggingLevel === 'OFF' && DataTraceEnabled ? route : [],
  );
}

/** The change that raises all routes of a WebSocket API to this level; undefined if none is needed. */
export function socketLoggingChange(stage: Resource, logging: SocketLogging, expected: Level): Change | undefined {
  if (logging === 'none') return undefined;
  const { all, own } = logging;
  const raised = (settings: JsonObject): JsonObject => (isNoncompliant(settings) ? { ...settings, LoggingLevel: expected } : settings);
  const isNoncompliant = ({ LoggingLevel }: JsonObject) => !isLogged(String(LoggingLevel), expected);
  const noncompliant = { all: isNoncompliant(all), own: Object.values(own).some(isNoncompliant) };
  if (!noncompliant.all && !noncompliant.own) return undefined;
  const update = (change: (settings: JsonObject) => JsonObject) =>
    new UpdateStageCommand({
      ApiId: apiOf(stage),
      StageName: stage.id,
      ...(noncompliant.all && { DefaultRouteSettings: change(all) }),
      ...(noncompliant.own && {
        RouteSettings: Object.fromEntries(Object.entries(own).map(([route, settings]) => [route, change(settings)])),
      }),
    });
  return { do: update(raised), undo: update((settings) => settings) };
}
