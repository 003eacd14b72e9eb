import type { LogEvent } from './event';

/** Fields that an event may have, each a text. */
const texts = [
  'outcome',
  'code',
  'plan',
  'approvedBy',
  'until',
  'owner',
  'action',
  'requestedBy',
  'requester',
  'reference',
  'ticket',
] as const satisfies readonly (keyof LogEvent)[];

/** Fields that an event may have, each with members that are texts. */
const textsByName = ['times', 'occurrence', 'deadline', 'evidence', 'parametersFrom'] as const satisfies readonly (keyof LogEvent)[];

/** Fields that an event may have, each a list of texts. */
const lists = ['decision', 'effects'] as const satisfies readonly (keyof LogEvent)[];

const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const hasTexts = (value: unknown): boolean => value === undefined || (isRecord(value) && Object.values(value).every(isText));
const isListOf = (value: unknown, isOne: (one: unknown) => boolean): boolean =>
  value === undefined || (Array.isArray(value) && value.every(isOne));
const isCall = (value: unknown): boolean =>
  isRecord(value) && typeof value.service === 'string' && typeof value.operation === 'string' && isRecord(value.input);
const isChange = (value: unknown): boolean =>
  isRecord(value) &&
  isCall(value.do) &&
  (isText(value.undo) || isCall(value.undo)) &&
  [value.note, value.document, value.nearest, value.irreversible, value.evidence].every(isText);
const isCopy = (value: unknown): boolean =>
  isRecord(value) && [value.id, value.of, value.at, value.key].every(isText) && isListOf(value.custody, (one) => typeof one === 'string');

/** The field of another type than our functions write: a reader would fail on it, and with it the list or the report of everybody. */
export function oddField(fields: Partial<LogEvent>): keyof LogEvent | undefined {
  if (!isListOf(fields.changes, isChange)) return 'changes';
  if (!isListOf(fields.collected, isCopy)) return 'collected';
  return (
    texts.find((name) => !isText(fields[name])) ??
    textsByName.find((name) => !hasTexts(fields[name])) ??
    lists.find((name) => !isListOf(fields[name], (one) => typeof one === 'string'))
  );
}
