import type { Obstacle } from '../../rule';

export type Metric = { readonly namespace: string; readonly name: string };
/** A metric filter of a log group: the controls whose activity it matches, and its metrics. */
export type Filter = {
  readonly logGroup: string;
  readonly name: string;
  readonly controls: readonly string[];
  readonly metrics: readonly Metric[];
};
/** A log group to count in. `note`: why that one. */
export interface CountingPlace {
  readonly logGroup: string;
  readonly note?: string;
}

/** The log group to count in; of several, the one that has the metric filters of the control, or else of others of these controls. */
export function placeOf(
  logGroups: readonly string[],
  filters: readonly Filter[],
  control: string,
  chosen: string | undefined,
): CountingPlace | Obstacle {
  const all = logGroups.join(', ');
  if (chosen !== undefined)
    return logGroups.includes(chosen)
      ? { logGroup: chosen }
      : {
          unfixable: `No multi-Region trail sends all management events to the log group ${chosen}. Set logGroup to one of these: ${all}.`,
          code: 'log-group-not-logged',
        };
  const having = (why: string, isMeant: (filter: Filter) => boolean) => ({
    why,
    found: logGroups.filter((logGroup) => filters.some((filter) => filter.logGroup === logGroup && isMeant(filter))),
  });
  const meant = [
    { why: undefined, found: logGroups },
    having(`a metric filter for ${control}`, ({ controls, metrics }) => controls.includes(control) && metrics.length > 0),
    having('metric filters for account activity', ({ controls }) => controls.length > 0),
  ].find(({ found }) => found.length === 1);
  const [logGroup] = meant?.found ?? [];
  if (logGroup === undefined)
    return {
      unfixable: `Several log groups receive all management events (${all}), and only their owner knows in which to count them. Set logGroup to one of them.`,
      code: 'several-log-groups',
    };
  return { logGroup, ...(meant?.why && { note: `Of the log groups ${all}, only ${logGroup} has ${meant.why}.` }) };
}
