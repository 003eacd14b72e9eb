import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { eachOf } from '../../concurrency';
import { maxProblems, putRouteCheck } from '../../coordination/route-check';
import type { ControlPorts } from '../ports';
import { differenceOf } from '../routes/compare';
import type { ExpectedRoute } from '../routes/expected';
import { routesOn, targetsOf } from '../routes/find-routes';

export interface RoutePorts {
  readonly eventBridge: EventBridgeClient;
  /** All routes, as the template deployed them. */
  readonly expected: readonly ExpectedRoute[];
}

/** A route that is not as the template deployed it. */
export interface AlteredRoute {
  readonly route: string;
  readonly problem: string;
}

/** EventBridge answers 50 of these calls a second in an account. */
const atOnce = 5;

/**
 * Compares all routes with what was deployed: no event says that a route was disabled, deleted or altered, and no finding arrives any more. Nobody
 * can send an event in the name of AWS through the routes to see whether it arrives; what they match and deliver to is what can be compared. It is
 * in the item `routes` for `posture status`, and in the metrics for the alarms, one of which follows if no check ends.
 */
export async function checkRoutes({ eventBridge, expected }: RoutePorts, ports: ControlPorts): Promise<readonly AlteredRoute[]> {
  const buses = [...new Set(expected.map(({ bus }) => bus))];
  const found = new Map(await eachOf(buses, 1, async (bus) => [bus, await routesOn(eventBridge, bus)] as const));
  const compared = await eachOf(expected, atOnce, async (one) => {
    const route = found.get(one.bus)?.get(one.name);
    const targets = route ? await targetsOf(eventBridge, one.name, one.bus) : [];
    const problem = differenceOf(one, { route, targets }, ports.central);
    return problem === undefined ? [] : [{ route: one.name, problem }];
  });
  const altered = compared.flat().toSorted((a, b) => (a.route < b.route ? -1 : 1));
  for (const one of altered) ports.warn('A route is not as deployed', { ...one });
  await putRouteCheck(
    ports.dynamo,
    ports.coordination,
    { at: ports.clock.now().toISOString(), checked: expected.length, altered: altered.length, problems: altered.slice(0, maxProblems) },
    ports.clock,
  );
  ports.count({ RoutesChecked: expected.length, RoutesAltered: altered.length });
  return altered;
}
