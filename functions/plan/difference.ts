import { canonicalJson, sameJson } from '../canonical-json';
import type { LoggedChange } from '../log/event';

/** The calls in only one of the plans, as a sentence. */
export function differenceOf(before: readonly LoggedChange[], after: readonly LoggedChange[]): string {
  const notFound = without(before, after).map((change) => `removed ${text(change)}`);
  const added = without(after, before).map((change) => `added ${text(change)}`);
  return [...notFound, ...added].join('; ') || 'the same calls in a different order';
}

const without = (changes: readonly LoggedChange[], others: readonly LoggedChange[]): readonly LoggedChange[] =>
  changes.filter((change) => !others.some((other) => sameJson(change.do, other.do)));

const maxLength = 300;

function text({ do: { service, operation, input } }: LoggedChange): string {
  const json = canonicalJson(input);
  return `${service}:${operation} ${json.length > maxLength ? `${json.slice(0, maxLength)}…` : json}`;
}
