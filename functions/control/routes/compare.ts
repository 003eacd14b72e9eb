import type { Rule as Route, Target } from '@aws-sdk/client-eventbridge';
import type { Place } from '../../../rules/rule';
import { parseArn } from '../../aws/arn';
import { type ExpectedRoute, hashOf } from './expected';

/** What is wrong with a route, as a sentence without its name; undefined if it is as the template deployed it. */
export function differenceOf(
  expected: ExpectedRoute,
  { route, targets }: { readonly route: Route | undefined; readonly targets: readonly Target[] },
  central: Place,
): string | undefined {
  if (!route) return 'does not exist';
  if (route.State !== expected.state)
    return `is ${(route.State ?? 'in no state').toLowerCase()}, and was deployed ${expected.state.toLowerCase()}`;
  const wanted = typeof expected.matches === 'string' ? expected.matches : hashOf(expected.matches);
  if (hashOf(matchedBy(route)) !== wanted) return 'matches other events, or at other times, than it was deployed for';
  const own = targets.filter(({ Arn = '' }) => isOwn(Arn, expected.target, central));
  if (own.length === 0) return 'does not have the target that it was deployed with';
  if (own.some(({ Input, InputPath, InputTransformer }) => [Input, InputPath, InputTransformer].some((one) => one !== undefined)))
    return 'gives its target something else than the event';
  if (own.some(({ DeadLetterConfig }) => !isOwn(DeadLetterConfig?.Arn ?? '', 'posture-*', central)))
    return 'does not keep what could not be delivered';
  return undefined;
}

/** As the template says it: the pattern as JSON, or the expression. What is no JSON equals nothing that was deployed. */
function matchedBy({ EventPattern, ScheduleExpression }: Route): unknown {
  if (EventPattern === undefined) return ScheduleExpression ?? null;
  try {
    return JSON.parse(EventPattern);
  } catch {
    return null;
  }
}

function isOwn(text: string, wanted: string, central: Place): boolean {
  const arn = parseArn(text);
  if (arn?.account !== central.account || arn.region !== central.region) return false;
  return wanted.endsWith('*') ? arn.resource.startsWith(wanted.slice(0, -1)) : arn.resource === wanted;
}
