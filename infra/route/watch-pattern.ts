import { recordedCall } from '../../functions/sources/cloudtrail/event-type';
import { callNames, type RecordedCalls } from '../../rules/recorded-calls';
import { type Json, type Rule, toArray } from '../../rules/rule';
import { maxLength } from './event-pattern';

type Pattern = { readonly [key: string]: Json };

/** The event patterns of the watch: calls that change what a rule looks at, and did not fail. The function matches service and call exactly. */
export function watchPatterns(rules: readonly Pick<Rule, 'resource' | 'changedBy'>[]): readonly Pattern[] {
  const names = new Map<string, Set<string>>();
  const all: readonly RecordedCalls[] = rules.flatMap(({ resource, changedBy }) => [
    ...toArray(resource).flatMap((kind) => kind.changedBy ?? []),
    ...(changedBy ? [changedBy] : []),
  ]);
  for (const calls of all) names.set(calls.service, new Set([...(names.get(calls.service) ?? []), ...callNames(calls)]));
  const services = [...names].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const patterns: Pattern[] = [];
  let together: [string, Set<string>][] = [];
  for (const one of services) {
    if (together.length > 0 && lengthOf([...together, one]) > maxLength) {
      patterns.push(patternOf(together));
      together = [];
    }
    together.push(one);
  }
  if (together.length > 0) patterns.push(patternOf(together));
  return patterns;
}

type Calls = readonly (readonly [service: string, names: ReadonlySet<string>])[];

const patternOf = (calls: Calls): Pattern => ({
  source: calls.map(([service]) => `aws.${service}`),
  'detail-type': [recordedCall],
  detail: { eventName: [...new Set(calls.flatMap(([, names]) => [...names]))].toSorted(), errorCode: [{ exists: false }] },
});

const lengthOf = (calls: Calls): number => JSON.stringify(patternOf(calls)).length;
