import type { Json } from '../../rules/rule';
import { sameJson } from '../canonical-json';
import { type Intent, isMade } from '../plan/intents';

/** A value that was replaced, and its place. */
interface Replaced {
  readonly from: Json | undefined;
  readonly to: Json | undefined;
}

/**
 * Whether the state after an intent differs from the one before by nothing but its changes: each value that differs is one that a change sets,
 * and its undo sets back. A value that AWS returns in another form than it was sent proves nothing.
 */
export function isOwnWork(intent: Intent): boolean {
  const { before, after } = intent;
  return after !== undefined && explains(replacedBy(intent), replaced(before, after));
}

/**
 * Whether its changes replace a whole document, such as a policy or a list, and the state after them has another one in its place: others have
 * added something between a change and the look at it, and an undo would replace that, too.
 */
export function mayHoldOthers(intent: Intent): boolean {
  const { before, after } = intent;
  const own = replacedBy(intent).filter(isDocument);
  if (after === undefined || own.length === 0) return false;
  const foreign = replaced(before, after).filter((one) => isDocument(one) && !own.some((other) => sameJson(asList(one), asList(other))));
  return foreign.some((one) => own.some((other) => isInPlaceOf(one, other)));
}

/** Whether both replace the same document, or a text that did not exist. */
function isInPlaceOf(one: Replaced, other: Replaced): boolean {
  if (isAbsent(one.from) || isAbsent(other.from))
    return isAbsent(one.from) && isAbsent(other.from) && typeof one.to === 'string' && typeof other.to === 'string';
  return sameJson(parsed(one.from), parsed(other.from));
}

/** The values that the changes in effect replace, by which. */
const replacedBy = ({ changes, effects }: Intent): readonly Replaced[] =>
  changes.flatMap((change, index) =>
    isMade(effects[index] ?? 'unknown') && 'undo' in change && change.undo !== 'revert-own-part'
      ? replaced(asJson(change.undo.input), asJson(change.do.input))
      : [],
  );

/** Two settings that become `true` need two commands, or two values of one. */
function explains(own: readonly Replaced[], seen: readonly Replaced[]): boolean {
  const left = [...own];
  return seen.every((one) => {
    const index = left.findIndex((other) => sameJson(asList(one), asList(other)));
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
}

const isDocument = ({ from, to }: Replaced): boolean =>
  [from, to].some((value) => value !== undefined && typeof parsed(value) === 'object' && value !== null);

const asJson = (input: unknown): Json => input as Json;

const asList = ({ from, to }: Replaced): Json => [from, to].map((value) => (isAbsent(value) ? [] : [parsed(value)]));

/** What a service does not show: an empty text or list removes a document, as null does. */
const isAbsent = (value: Json | undefined): value is undefined | null | '' | [] =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** AWS may return a policy with other spaces than it was sent. */
function parsed(value: Json): Json {
  if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

/** The smallest parts that differ. Lists are compared as a whole: their places mean nothing. */
function replaced(from: Json | undefined, to: Json | undefined): Replaced[] {
  if (isRecord(from) && isRecord(to))
    return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((key) => replaced(from[key], to[key]));
  return sameJson(asList({ from, to: from }), asList({ from: to, to })) ? [] : [{ from, to }];
}

const isRecord = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
