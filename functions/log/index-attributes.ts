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

/** Nearly all findings are of these: an index of them would be one of everything. */
export const commonSources: readonly string[] = ['security-hub', 'security-hub-v2', 'config'];

/** Most remediations end so: these are found soon among all events. */
const commonOutcomes: readonly string[] = ['fixed', 'observed'];

/** The rare kinds of events that never have an outcome. */
const kindsWithoutOutcome: readonly Kind[] = [
  'approved',
  'approval-refused',
  'request-refused',
  'released',
  'stopped',
  'resumed',
  'breaker-closed',
  'breaker-opened',
  'ticketed',
  'policy-published',
  'publisher-identified',
  'rollback-requested',
  'unconfirmed',
];

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const shardCount = 3;

/** The partitions of the index by time. A list of all accounts queries each. */
export const shards: readonly string[] = Array.from({ length: shardCount }, (_, shard) => String(shard));

/** By the random end of the ULID. */
const shardOf = (remediation: string): string => String(Math.max(0, crockford.indexOf(remediation.at(-1) ?? '')) % shardCount);

/** The role of the function of a rule. */
const ofFunction = /:role\/posture-function-(?<rule>[a-z0-9]+(?:-[a-z0-9]+)+)$/;

/** The rule whose function this actor is; undefined for any other. */
export const ruleOfActor = (actor: string): string | undefined => ofFunction.exec(actor)?.groups?.rule;

type Indexed = Pick<LogEvent, 'remediation' | 'sequence' | 'rule' | 'kind' | 'outcome' | 'actor' | 'source' | 'ticket'>;

/** The attributes of the derived indexes: each entry costs as much as a kilobyte of the event, and only those are made that a question needs. */
export function indexAttributesOf(event: Indexed): { readonly [name in IndexAttribute]?: string } {
  const { remediation, sequence, rule, kind, actor, source, ticket } = event;
  const result = resultOf(event);
  return {
    indexShard: shardOf(remediation),
    ...(result !== undefined && { indexResult: result }),
    ...(kind === 'ticketed' && ticket !== undefined && { indexTicket: ticket }),
    ...(sequence === 1 && { indexRemediation: remediation }),
    // What the function of the rule did by itself is found by the rule.
    ...(ruleOfActor(actor) !== rule && { indexActor: actor }),
    ...(!commonSources.includes(source) && { indexSource: source }),
  };
}

/** The partition of the index by result for events with this kind and outcome; undefined for what is common. */
export function resultOf({
  kind,
  outcome,
}: {
  readonly kind?: Kind | undefined;
  readonly outcome?: string | undefined;
}): string | undefined {
  if (kind !== undefined && kindsWithoutOutcome.includes(kind)) return kind;
  return outcome === undefined || commonOutcomes.includes(outcome) ? undefined : outcome;
}
