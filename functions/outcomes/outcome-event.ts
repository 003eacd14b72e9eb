import type { Tags } from '../../rules/rule';
import { ownerByTags } from '../decision/clause/ownership';
import type { LogEvent } from '../log/event';
import type { Policy } from '../policy/policy';
import { sanitize } from '../untrusted-text';
import { max, type OutcomeEvent, type PublishedOutcome } from './outcome-schema';
import type { RuleSummary } from './rule-summary';

/** How the handling of a finding, or a rollback, ended: for those who listen. */
export interface OutcomeNotice {
  /** The last event of it. */
  readonly event: LogEvent;
  /** The events before, the oldest first: what the last one does not repeat is taken from them. */
  readonly earlier?: readonly LogEvent[];
  readonly rule: RuleSummary;
  /** Left out where they were not read. */
  readonly tags?: Tags;
  /** The organizational units of the account, its parent first; left out where nobody asked. */
  readonly ous?: readonly string[];
  /** What owns the resource, where more than its tags tell it. */
  readonly ownedBy?: string;
  /** Nothing is new: it was told before. */
  readonly repeated?: true;
}

type Said = Pick<Policy, 'notifications' | 'ownership'>;

/** The event that tells it, cut to what EventBridge takes. Pure. Throws on an event of the log that ends nothing. */
export function outcomeEvent({ event, earlier = [], rule, tags, ous, ownedBy, repeated }: OutcomeNotice, policy: Said): OutcomeEvent {
  const trail = [...earlier.filter(({ sequence }) => sequence < event.sequence), event];
  const decision = trail.findLast((one) => one.decision !== undefined)?.decision ?? [];
  const changes = (trail.findLast((one) => one.changes !== undefined)?.changes ?? []).map(
    ({ do: { service, operation } }) => `${service}:${operation}`,
  );
  const omitted = { decision: Math.max(0, decision.length - max.decision), changes: Math.max(0, changes.length - max.changes) };
  const outcome = outcomeOf(event);
  const owner = tags && own(tags, policy.notifications.ownerTag);
  const owned = ownedBy ?? (tags && ownerByTags(tags, policy.ownership.tags));
  return {
    version: '1',
    remediation: event.remediation,
    outcome,
    reason: sanitize(event.reason, max.reason),
    time: event.time,
    rule: ruleIn(rule),
    finding: named(event.finding),
    source: named(event.source),
    detectedBy: named(event.detectedBy),
    partition: event.partition,
    account: event.account,
    region: event.region,
    resource: { arn: named(event.resource), type: named(event.resourceType) },
    actor: named(event.actor),
    decision: decision.slice(0, max.decision).map((clause) => sanitize(clause, max.clause)),
    changes: changes.slice(0, max.changes).map((change) => sanitize(change, max.change)),
    ...((omitted.decision > 0 || omitted.changes > 0) && { omitted }),
    times: Object.assign({}, ...trail.map(({ times }) => times)),
    ...waitingIn(outcome, event, decision),
    ...(owner && { owner: named(owner) }),
    ...(owned && { ownedBy: named(owned) }),
    ...(tags && { tags: namedTags(tags, policy) }),
    ...(ous && { ous: ous.slice(0, max.ous) }),
    ...(repeated && { repeated }),
  };
}

const ruleIn = ({ id, title, impact, severity, risk, controls = [] }: RuleSummary): OutcomeEvent['rule'] => ({
  id,
  title: sanitize(title, max.text),
  ...(impact !== undefined && { impact: sanitize(impact, max.text) }),
  severity,
  risk,
  controls: controls.slice(0, 100),
});

/** For what it waits, and until when. */
function waitingIn(
  outcome: PublishedOutcome,
  { until, plan }: LogEvent,
  decision: readonly string[],
): Pick<OutcomeEvent, 'until' | 'deferredBy' | 'approval'> {
  return {
    ...(waits.includes(outcome) && until !== undefined && { until }),
    ...(outcome === 'deferred' && { deferredBy: deferring(decision) }),
    ...(asks.includes(outcome) && until !== undefined && plan !== undefined && { approval: { hash: plan, expires: until } }),
  };
}

const waits: readonly PublishedOutcome[] = ['deferred', 'verifying', 'blocked', 'exempt'];
const asks: readonly PublishedOutcome[] = ['awaiting-approval', 'partly-fixed'];

/** What a person says is an event of its own, and ends nothing by itself. */
const answers: readonly string[] = [
  'approved',
  'rejected',
  'approval-refused',
  'released',
  'stopped',
  'resumed',
  'breaker-closed',
] satisfies readonly PublishedOutcome[];

function outcomeOf({ outcome, kind, remediation }: LogEvent): PublishedOutcome {
  if (outcome) return outcome;
  if (answers.includes(kind)) return kind as PublishedOutcome;
  throw new Error(`The ${kind} event of ${remediation} has no outcome: only ends and what people say are told.`);
}

/** The clauses of a decision path that put it off: `window: closed -> defer`. */
const deferring = (decision: readonly string[]): string[] =>
  [...new Set(decision.filter((line) => line.endsWith(' -> defer')).map((line) => sanitize(line.split(':')[0] ?? '', 30)))].slice(
    0,
    max.decision,
  );

/** An empty name would not be one. */
const named = (text: string): string => sanitize(text, max.text) || '?';

const own = (tags: Tags, key: string): string | undefined => (Object.hasOwn(tags, key) ? tags[key] : undefined);

/** Only what the topics ask for: a tag may hold what is nobody's business. */
function namedTags(tags: Tags, { notifications: { topics } }: Said): Record<string, string> {
  const keys = [...new Set(topics.flatMap((topic) => Object.keys(topic.tags ?? {})))].slice(0, max.tags);
  return Object.fromEntries(
    keys.flatMap((key) => [own(tags, key)].flatMap((value) => (value === undefined ? [] : [[key, sanitize(value, max.tag)] as const]))),
  );
}
