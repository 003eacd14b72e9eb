import { stoppable, stoppedText } from '../../coordination/stop';
import { hours, minutes } from '../../duration';
import { isReady } from '../order/drill';
import type { Listed } from '../order/list-open';
import type { Status } from './read-status';

/** A worker takes minutes at most: what is open for longer is half done. */
const atWork = minutes(15);

const maxRoutes = 5;

/** What needs attention, each as a sentence; none if all is quiet. */
export function attentionOf({
  at,
  stop,
  stops = {},
  policy,
  breakers,
  contained,
  drills,
  approvals,
  open,
  deadlines,
  failed,
  deadLetters,
  routes,
  seals,
  alarms,
}: Status): readonly string[] {
  const halfDone = (open?.listed ?? []).filter((one) => isHalfDone(one, at)).length;
  const dead = Object.values(deadLetters ?? {}).reduce((sum, count) => sum + count, 0);
  return [
    ...(stop ? ['All changes are stopped: `posture resume` allows them again.'] : []),
    ...stoppable.flatMap((of) =>
      stops[of] && !stop ? [`Stopped: ${stoppedText[of]}. \`posture resume --${of}\` allows them again.`] : [],
    ),
    ...(policy?.problem === undefined ? [] : [`There is no valid policy in force that is known. ${policy.problem}`]),
    ...some(breakers?.length, ['circuit breaker is open', 'circuit breakers are open'], 'posture breaker'),
    ...some(
      contained?.filter(({ overdue }) => overdue).length,
      ['contained resource is past its review', 'contained resources are past their review'],
      'posture contained',
    ),
    ...some(
      drills?.filter((one) => !isReady(one)).length,
      ['drill found a response that AWS would not permit in full', 'drills found responses that AWS would not permit in full'],
      'posture drill <response> <account>',
    ),
    ...some(approvals?.plans.length, ['plan waits for an approval', 'plans wait for an approval'], 'posture approvals'),
    ...some(halfDone, ['remediation is half done', 'remediations are half done'], 'posture open'),
    ...some(
      deadlines?.missed.length,
      ['misconfiguration has missed its deadline', 'misconfigurations have missed their deadlines'],
      'posture log --remediation <id>',
    ),
    ...some(deadlines?.soon.length, ['deadline ends within a day', 'deadlines end within a day'], 'posture log --remediation <id>'),
    ...some(
      failed?.count,
      ['remediation failed in the last 24 hours', 'remediations failed in the last 24 hours'],
      'posture log --outcome failed',
    ),
    ...routesAttention(routes, at),
    ...sealAttention(seals, at),
    ...(alarms ?? []).map(({ name, runbook }) => `The alarm ${name} is on. ${runbook}`),
    ...(dead > 0 ? [`Messages in dead-letter queues: ${dead}. See the runbook in docs/operate.md.`] : []),
  ];
}

/** Routes that are not as deployed receive nothing, and nothing says so. Two checks may be missed by a deployment. */
function routesAttention(routes: Status['routes'], at: string): readonly string[] {
  if (!routes) return [];
  const named = routes.problems.slice(0, maxRoutes).map(({ route, problem }) => `The route ${route} ${problem}.`);
  const more = routes.altered - named.length;
  return [
    ...named,
    ...(more > 0 ? [`${more} more ${more === 1 ? 'route is' : 'routes are'} not as deployed. See the log of posture-control.`] : []),
    ...(Date.parse(at) - Date.parse(routes.at) > hours(3) ? [`The routes were last checked at ${routes.at}, and not every hour.`] : []),
  ];
}

/** The archive is sealed every hour. Two runs may be missed by a deployment. */
function sealAttention(seals: Status['seals'], at: string): readonly string[] {
  if (!seals) return [];
  return [
    ...(seals.gap === undefined ? [] : [`The archive can not be sealed: ${seals.gap} See \`posture log verify\`.`]),
    ...(Date.parse(at) - Date.parse(seals.at) > hours(3)
      ? [`The archive was last looked at to be sealed at ${seals.at}, and not every hour.`]
      : []),
  ];
}

const some = (count: number | undefined, [one, many]: readonly [string, string], command: string): readonly string[] =>
  count ? [`${count} ${count === 1 ? one : many}: \`${command}\`.`] : [];

const isHalfDone = (one: Listed, at: string): boolean => 'key' in one || Date.parse(at) - Date.parse(one.since) > atWork;
