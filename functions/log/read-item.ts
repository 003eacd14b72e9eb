import { valuesOf } from '../aws/values-of';
import { quote } from '../untrusted-text';
import type { LogEvent } from './event';
import { oddField } from './field-types';
import { indexAttributesOf, kindsOfPeople } from './index-attributes';
import { indexAttributes } from './indexes';
import { eventOf, type Item } from './item';
import { parseTrail, type Trail } from './trail';

/** An item of the log that is not what its key says. Somebody else than our functions wrote it, so nothing in it is used. */
export interface ForgedRecord {
  /** The partition key, which says who wrote it. */
  readonly trail: string;
  readonly sequence: number;
  readonly why: string;
}

/** Fields that every event has. */
const required = [
  'remediation',
  'rule',
  'version',
  'finding',
  'source',
  'detectedBy',
  'partition',
  'account',
  'region',
  'resource',
  'resourceType',
  'kind',
  'reason',
  'actor',
  'time',
  'previous',
  'hash',
] as const satisfies readonly (keyof LogEvent)[];

/** The event of an item, or why it is forged. */
export function readItem(item: Item): { readonly trail: Trail; readonly event: LogEvent } | { readonly forged: ForgedRecord } {
  const key = item.trail?.S ?? '';
  const trail = parseTrail(key);
  const event = eventOf(item);
  const why = trail ? (forgeryIn(trail, event, required) ?? derivedWrongly(item, event)) : notATrail(key);
  return trail && why === undefined ? { trail, event } : { forged: { trail: key, sequence: event.sequence, why: why ?? '' } };
}

export const notATrail = (key: string): string => `${quote(key)} is not the key of a trail.`;

/** Why these fields can't be of an event in the trail; undefined if they can. */
export function forgeryIn(trail: Trail, fields: Partial<LogEvent>, names: readonly (keyof LogEvent)[]): string | undefined {
  const missing = names.find((name) => typeof fields[name] !== 'string');
  if (missing !== undefined) return `It has no ${missing}.`;
  const odd = oddField(fields);
  if (odd !== undefined) return `Its ${odd} is ${quote(fields[odd])}.`;
  for (const name of ['rule', 'remediation'] as const)
    if (fields[name] !== trail[name]) return `Its ${name} is ${quote(fields[name])}, and the ${name} of its key ${quote(trail[name])}.`;
  // The function that receives requests of other tools writes nothing but refusals of them.
  if (trail.by === 'requests')
    return fields.kind === 'request-refused' ? statedIn(fields) : `The function for requests does not write ${quote(fields.kind)}.`;
  if (trail.by === 'tickets' && fields.kind === 'ticketed') return statedIn(fields);
  if ((trail.by === 'tickets') !== (fields.kind === 'ticketed'))
    return trail.by === 'tickets'
      ? `The function of tickets does not write ${quote(fields.kind)}.`
      : 'Only the function of tickets writes ticketed, and the key names another writer.';
  if (trail.by !== 'control' && fields.kind !== undefined && kindsOfPeople.includes(fields.kind))
    return `Only the control function writes ${fields.kind}, and the key names another writer.`;
  return undefined;
}

/** What only those state who decide and change: a refusal or a ticket says nothing about how a remediation stands. */
const ofRemediations = [
  'outcome',
  'times',
  'occurrence',
  'deadline',
  'owner',
  'until',
  'changes',
] as const satisfies readonly (keyof LogEvent)[];

function statedIn(fields: Partial<LogEvent>): string | undefined {
  const stated = ofRemediations.find((name) => fields[name] !== undefined);
  return stated && `It states ${stated}, which its writer never does.`;
}

/** Why the attributes of the indexes are not those of the event; undefined if they are. */
function derivedWrongly(item: Item, event: LogEvent): string | undefined {
  const attributes = valuesOf(item);
  const derived = indexAttributesOf(event);
  const wrong = indexAttributes.find((name) => attributes[name] !== derived[name]);
  return wrong === undefined ? undefined : `Its attribute ${wrong} is ${quote(attributes[wrong])}, and should be ${quote(derived[wrong])}.`;
}
