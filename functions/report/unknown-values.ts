import type { RemediationRecord } from '../log/record';
import { quote } from '../untrusted-text';
import { categoryOf } from './category';
import type { Occurrence } from './facts';

const occurrences: Readonly<Record<Occurrence, true>> = { activity: true, change: true, stated: true };

/**
 * The values in the events that this version has no word for: a newer version or somebody else wrote them. The report leaves the remediation
 * out and says so, as any number that it goes into could be wrong.
 */
export function unknownIn({ events }: Pick<RemediationRecord, 'events'>): readonly string[] {
  return events.flatMap(({ sequence, outcome, occurrence }) => {
    if (outcome !== undefined && !Object.hasOwn(categoryOf, outcome)) return [unknown(sequence, 'outcome', outcome)];
    if (occurrence !== undefined && !Object.hasOwn(occurrences, occurrence.as)) return [unknown(sequence, 'occurrence', occurrence.as)];
    return [];
  });
}

const unknown = (sequence: number, name: string, value: unknown): string =>
  `The ${name} of event ${sequence} is ${quote(value)}, which this version does not know. Use the version that is deployed.`;
