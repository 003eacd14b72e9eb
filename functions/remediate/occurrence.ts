import { operationOf } from '../../rules/recorded-calls';
import { type Rule, toArray } from '../../rules/rule';
import type { LastChange } from '../decision/facts';
import type { Finding, Occurrence } from '../findings/finding';
import { isPossible } from '../findings/occurrence';
import type { EventInput, LoggedChange, Times } from '../log/event';
import type { Fact } from '../policy/fact';

/** When the misconfiguration came about, and who says so, for the log; nothing if nobody who can be believed does. */
export interface Occurred extends Pick<EventInput, 'occurrence'> {
  readonly times?: Pick<Times, 'occurred'>;
}

/** What the source says by itself, whatever the plan. */
export function statedOccurrence({ occurrence, detectedAt }: Pick<Finding, 'occurrence' | 'detectedAt'>, received: Date): Occurred {
  return occurrence && occurrence.as !== 'change' && isBefore(occurrence.at, detectedAt, received) ? logged(occurrence) : {};
}

/**
 * When a recorded call that could have brought about what the plan changes was made: the one that the finding names, or else the last one of the
 * resource, if that was looked up. Pure.
 */
export function occurrenceByPlan(
  { attempt: { finding }, received, ports: { rule } }: Handled,
  changes: readonly LoggedChange[],
  lastChange: Fact<LastChange | undefined>,
): Occurred {
  const stated = statedOccurrence(finding, received);
  if (stated.occurrence) return stated;
  const last = 'known' in lastChange ? lastChange.known : undefined;
  const recorded: readonly (Occurrence | undefined)[] = [finding.occurrence, last && { as: 'change', at: last.at, call: last.event }];
  const found = recorded.find(
    (one) => one?.as === 'change' && isBefore(one.at, finding.detectedAt, received) && couldCause(one.call, { finding, rule, changes }),
  );
  return found ? logged(found) : {};
}

interface Handled {
  readonly attempt: { readonly finding: Finding };
  readonly received: Date;
  readonly ports: Named;
}

interface Named {
  readonly rule: Pick<Rule, 'changedBy'>;
}

interface Cause extends Named {
  readonly finding: Pick<Finding, 'resource'>;
  readonly changes: readonly LoggedChange[];
}

/** Whether the call created the resource, or is one of those that make or undo the changes of the plan: then it may have set what they set. */
function couldCause(call: string, { finding: { resource }, rule: { changedBy }, changes }: Cause): boolean {
  const operations = changes.flatMap((change) => [
    change.do.operation,
    ...('undo' in change && change.undo !== 'revert-own-part' ? [change.undo.operation] : []),
  ]);
  const recorded = [...toArray(changedBy ?? []), ...toArray(resource.kind.changedBy ?? [])];
  const names = recorded.length === 0 ? [operationOf(call)] : recorded.map((calls) => operationOf(call, calls));
  return names.some((name) => operations.includes(name)) || creates(call, resource.kind.type);
}

/** `CreateBucket`, `RunInstances` and `RestoreDBInstanceFromS3` create what `CreateAccessKey` does not: a resource of the type. */
function creates(call: string, type: string): boolean {
  const kind = type.slice(type.lastIndexOf(':') + 1).toLowerCase();
  const [, verb, made = ''] = /^(Create|Run|Restore)(\w+)$/.exec(operationOf(call)) ?? [];
  const name = made.toLowerCase();
  if (verb === undefined) return false;
  return name === kind || name === `${kind}s` || (verb === 'Restore' && name.includes(kind));
}

/** Clocks and words of others: what came about after its detection, or after we heard of it, is not known. */
const isBefore = (at: string, detectedAt: string, received: Date): boolean =>
  isPossible(at, detectedAt) && Date.parse(at) <= received.getTime();

const logged = (occurrence: Occurrence): Occurred => ({
  occurrence: { as: occurrence.as, ...('call' in occurrence && { call: occurrence.call }) },
  times: { occurred: new Date(occurrence.at).toISOString() },
});
