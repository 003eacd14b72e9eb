import type { Kind, LogEvent } from './event';
import type { IndexAttribute } from './indexes';

/** The kinds of events that only the control function writes, because people requested them; refusals of other tools' requests apart. */
export const kindsOfPeople: readonly Kind[] = [
  'approved',
  'request-refused',
  'rejected',
  'released',
  'stopped',
  'resumed',
  'breaker-closed',
];

/** The attributes of the indexes for reports; none for an event without an outcome that is not by a person. */
export function indexAttributesOf({
  kind,
  outcome,
  actor,
  detectedBy,
  source,
}: Pick<LogEvent, 'kind' | 'outcome' | 'actor' | 'detectedBy' | 'source'>): { readonly [name in IndexAttribute]?: string } {
  const reported = outcome !== undefined || kind === 'approval-refused' || kindsOfPeople.includes(kind);
  return reported ? { indexActor: actor, indexControl: detectedBy, indexSource: source } : {};
}
