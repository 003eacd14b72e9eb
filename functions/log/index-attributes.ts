import type { Kind, LogEvent } from './event';
import type { IndexAttribute } from './indexes';

/** The kinds of events that only the control function writes, because people did or requested it; refusals of other tools' requests apart. */
export const kindsOfPeople: readonly Kind[] = [
  'approved',
  'request-refused',
  'rejected',
  'released',
  'stopped',
  'resumed',
  'breaker-closed',
  'policy-published',
  'publisher-identified',
];

/** Nearly all findings are of these: they are found by their rule or account, and an index of them would be one of everything. */
export const commonSources: readonly string[] = ['security-hub', 'security-hub-v2', 'config'];

type Indexed = Pick<LogEvent, 'remediation' | 'sequence' | 'rule' | 'kind' | 'outcome' | 'actor' | 'detectedBy' | 'source' | 'ticket'>;

/** The attributes of the sparse indexes: each entry costs as much as a kilobyte of the event, and only those are made that a question needs. */
export function indexAttributesOf({ remediation, sequence, rule, kind, outcome, actor, detectedBy, source, ticket }: Indexed): {
  readonly [name in IndexAttribute]?: string;
} {
  const reported = outcome !== undefined || kind === 'approval-refused' || kindsOfPeople.includes(kind);
  // What the function of the rule did by itself is found by the rule.
  const byOther = !actor.endsWith(`:role/posture-function-${rule}`);
  return {
    ...(kind === 'ticketed' && ticket !== undefined && { indexTicket: ticket }),
    ...(sequence === 1 && { indexRemediation: remediation }),
    ...(reported && byOther && { indexActor: actor }),
    ...(reported && { indexControl: detectedBy }),
    ...(reported && !commonSources.includes(source) && { indexSource: source }),
  };
}
