import type { Tags } from '../../rules/rule';
import { ownerByTags } from '../decision/clause/ownership';
import type { LogEvent, LoggedChange } from '../log/event';
import type { Policy } from '../policy/policy';
import { expectedProperties } from '../template/expected-properties';
import { sanitize } from '../untrusted-text';
import { max, type OutcomeEvent, type PublishedOutcome } from './outcome-schema';
import type { RuleSummary } from './rule-summary';

/** The outcome of a remediation or a rollback, for subscribers. */
export interface OutcomeNotice {
  /** The latest event. */
  readonly event: LogEvent;
  /** The events before it, the oldest first, for details that the latest one does not repeat. */
  readonly earlier?: readonly LogEvent[];
  /** Left out `earlier`: the events that say which tool requested the remediation. */
  readonly requests?: readonly Pick<LogEvent, 'requester' | 'reference'>[];
  readonly rule: RuleSummary;
  /** Undefined if they were not read. */
  readonly tags?: Tags;
  /** The organizational units of the account, its parent first; undefined if they were not read. */
  readonly ous?: readonly string[];
  /** The tool that manages the resource, if it is known by more than its tags. */
  readonly ownedBy?: string;
  /** The same outcome was published before. */
  readonly repeated?: true;
}

type Said = Pick<Policy, 'notifications' | 'ownership' | 'tickets'>;

/** The event for EventBridge, within its size limit. Pure. Throws for a log event without an outcome. */
export function outcomeEvent(
  { event, earlier = [], requests = [], rule, tags, ous, ownedBy, repeated }: OutcomeNotice,
  policy: Said,
): OutcomeEvent {
  const trail = [...earlier.filter(({ hash }) => hash !== event.hash), event];
  const decision = trail.findLast((one) => one.decision !== undefined)?.decision ?? [];
  const planned = trail.findLast((one) => one.changes !== undefined)?.changes ?? [];
  const changes = planned.map(({ do: { service, operation } }) => `${service}:${operation}`);
  const outcome = outcomeOf(event);
  const owner = tags && own(tags, policy.notifications.ownerTag);
  const owned = ownedBy ?? (tags && ownerByTags(tags, policy.ownership.tags));
  return {
    version: '1',
    remediation: event.remediation,
    outcome,
    reason: sanitize(event.reason, max.reason),
    ...(event.code !== undefined && { code: sanitize(event.code, max.code) }),
    time: event.time,
    rule: ruleIn(rule),
    finding: named(event.finding),
    source: named(event.source),
    ...requestIn([...requests, ...trail]),
    ...(rule.response && evidenceIn(trail)),
    detectedBy: named(event.detectedBy),
    partition: event.partition,
    account: event.account,
    region: event.region,
    resource: { arn: named(event.resource), type: named(event.resourceType) },
    actor: named(event.actor),
    decision: decision.slice(0, max.decision).map((clause) => sanitize(clause, max.clause)),
    changes: changes.slice(0, max.changes).map((change) => sanitize(change, max.change)),
    ...omittedIn(decision, changes),
    times: Object.assign({}, ...trail.map(({ times }) => times)),
    ...occurrenceIn(trail),
    ...waitingIn(outcome, event, decision),
    ...deadlineIn(event),
    ...(owner && { owner: named(owner) }),
    ...(owned && { ownedBy: named(owned), ...expectedIn(event, planned) }),
    ...(tags && templateIn(tags, rule)),
    ...(tags && { tags: namedTags(tags, policy) }),
    ...(ous && { ous: ous.slice(0, max.ous) }),
    ...(repeated && { repeated }),
  };
}

/** The latest one, as of the times. */
function occurrenceIn(trail: readonly LogEvent[]): Pick<OutcomeEvent, 'occurrence'> {
  const { as, call } = trail.findLast(({ occurrence }) => occurrence !== undefined)?.occurrence ?? {};
  return as === undefined ? {} : { occurrence: { as, ...(call !== undefined && { call: named(call) }) } };
}

function omittedIn(decision: readonly string[], changes: readonly string[]): Pick<OutcomeEvent, 'omitted'> {
  const omitted = { decision: Math.max(0, decision.length - max.decision), changes: Math.max(0, changes.length - max.changes) };
  return omitted.decision > 0 || omitted.changes > 0 ? { omitted } : {};
}

function deadlineIn({ deadline, time }: LogEvent): Pick<OutcomeEvent, 'deadline'> {
  return deadline ? { deadline: { ...deadline, ...(deadline.at <= time && { passed: true as const }) } } : {};
}

/** Which tool requested the remediation. Only the first event of a trail says so. */
function requestIn(trail: readonly Pick<LogEvent, 'requester' | 'reference'>[]): Pick<OutcomeEvent, 'requester' | 'reference'> {
  const { requester, reference } = trail.find((one) => one.requester !== undefined) ?? {};
  return {
    ...(requester !== undefined && { requester: named(requester) }),
    ...(reference !== undefined && { reference: named(reference) }),
  };
}

/** What is known of an attack. Only the first event of a trail says so. */
function evidenceIn(trail: readonly Pick<LogEvent, 'evidence'>[]): Pick<OutcomeEvent, 'evidence'> {
  const found = Object.entries(trail.find(({ evidence }) => evidence)?.evidence ?? {}).slice(0, max.evidence);
  if (found.length === 0) return {};
  return { evidence: Object.fromEntries(found.map(([name, value]) => [sanitize(name, max.code), sanitize(value, max.clause)])) };
}

const ruleIn = ({ id, title, impact, severity, risk, controls = [], exposes, response }: RuleSummary): OutcomeEvent['rule'] => ({
  id,
  title: sanitize(title, max.text),
  ...(impact !== undefined && { impact: sanitize(impact, max.text) }),
  severity,
  risk,
  controls: controls.slice(0, 100),
  ...(exposes && { exposes }),
  ...(response && { response }),
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

const waits: readonly PublishedOutcome[] = ['deferred', 'verifying', 'unverified', 'incomplete', 'blocked', 'exempt'];
const asks: readonly PublishedOutcome[] = ['awaiting-approval', 'partly-fixed'];

/** Actions of operators, answers of detectors and reminders, which are events without an outcome of their own. */
const answers: readonly string[] = [
  'approved',
  'rejected',
  'approval-refused',
  'request-refused',
  'released',
  'stopped',
  'resumed',
  'breaker-closed',
  'review-due',
  'confirmed',
  'unconfirmed',
] satisfies readonly PublishedOutcome[];

function outcomeOf({ outcome, kind, remediation }: LogEvent): PublishedOutcome {
  if (outcome) return outcome;
  if (answers.includes(kind)) return kind as PublishedOutcome;
  throw new Error(`The ${kind} event of ${remediation} has no outcome. Only outcomes and actions of operators are published.`);
}

/** The deferring clauses of a decision path: `window: closed -> defer`. */
const deferring = (decision: readonly string[]): string[] =>
  [...new Set(decision.filter((line) => line.endsWith(' -> defer')).map((line) => sanitize(line.split(':')[0] ?? '', 30)))].slice(
    0,
    max.decision,
  );

/** The schema does not allow an empty name. */
export const named = (text: string): string => sanitize(text, max.text) || '?';

const own = (tags: Tags, key: string): string | undefined => (Object.hasOwn(tags, key) ? tags[key] : undefined);

/** The tags that CloudFormation sets. Source: CloudFormation User Guide, Resource tag. */
function templateIn(tags: Tags, { property }: RuleSummary): Pick<OutcomeEvent, 'template'> {
  const [stack, logicalId] = ['aws:cloudformation:stack-name', 'aws:cloudformation:logical-id'].map((key) => own(tags, key));
  if (!stack) return {};
  return {
    template: {
      stack: named(stack),
      ...(logicalId && { logicalId: named(logicalId) }),
      ...(property !== undefined && { property: named(property) }),
    },
  };
}

/** What the template of the owner needs. The changes of a rollback are the opposite. */
function expectedIn({ kind, resourceType }: LogEvent, planned: readonly LoggedChange[]): Pick<OutcomeEvent, 'expected'> {
  if (kind.startsWith('rolled-back') || kind.startsWith('rollback-')) return {};
  const expected = expectedProperties(
    resourceType,
    planned.map((change) => change.do),
  );
  return expected ? { expected } : {};
}

/** Only the tags that the topics and tickets filter by: others may be confidential. */
function namedTags(tags: Tags, { notifications: { topics }, tickets }: Said): Record<string, string> {
  const scopes = [...topics, ...(tickets ? [tickets.scope] : [])];
  const keys = [...new Set(scopes.flatMap((scope) => Object.keys(scope.tags ?? {})))].slice(0, max.tags);
  return Object.fromEntries(
    keys.flatMap((key) => [own(tags, key)].flatMap((value) => (value === undefined ? [] : [[key, sanitize(value, max.tag)] as const]))),
  );
}
