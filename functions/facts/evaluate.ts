import type { Aws, Change, Place, Resource, ResourceKind, Rule, Tags } from '../../rules/rule';
import { matchesWildcard } from '../../rules/wildcard';
import { aliasesOf } from '../aws/arn';
import type { Clock } from '../clock';
import { leaseKey } from '../coordination/lease-key';
import type { CoordinationRecord } from '../coordination/recorded-state';
import type { CoordinationStore } from '../coordination/store';
import { ownerByTags } from '../decision/clause/ownership';
import { type Decision, decide } from '../decision/decide';
import type { Facts, LastChange } from '../decision/facts';
import { minutes } from '../duration';
import { countedFrom } from '../findings/counted-from';
import type { Finding } from '../findings/finding';
import { capsOf } from '../policy/caps';
import { type Fact, factOf } from '../policy/fact';
import { namesOus, type Policy } from '../policy/policy';
import { lastChangeOf } from './last-change';
import type { OtherRegions } from './other-regions';
import type { RecentChanges } from './recent-changes';
import type { RecentSuppressions } from './recent-suppressions';
import { suppressionOf } from './suppression';

/** Where the facts are read. */
export interface FactSources {
  readonly rule: Rule;
  /** The recorded state of the rule and the resource. */
  readonly store: Pick<CoordinationStore, 'read'>;
  readonly connect: (place: Place) => Aws;
  readonly otherRegions: OtherRegions;
  /** Left out, every last change is looked up by the name of its resource. */
  readonly recentChanges?: RecentChanges;
  /** Left out, Security Hub is asked for the findings of each resource. */
  readonly recentSuppressions?: RecentSuppressions;
  /** The organizational units of an account, its parent first, up to the root. */
  readonly ousOf: (account: string) => Promise<readonly string[]>;
  readonly clock: Pick<Clock, 'now'>;
  /** Counts something for the alarms. */
  readonly count: (values: Readonly<Record<string, number>>) => void;
}

/** The finding and the resource of a decision. */
export interface Occasion {
  readonly finding: Finding;
  /** Whether Security Hub and AWS Config are asked for what people said also where nothing would be changed. */
  readonly inAnyCase?: boolean;
  readonly remediation: string;
  /** ISO 8601: when its first event was logged. */
  readonly receivedAt?: string | undefined;
  /** The phase of the remediation, if one is to be carried out. */
  readonly phase?: number;
  /** The connection to the account and region of the resource. */
  readonly aws: Aws;
  /** What is being read already; the rest is read when it is evaluated. */
  readonly begun?: BegunFacts | undefined;
}

/** Facts that don't depend on the plan. Whoever begins to read them has to expect that nobody waits for them. */
export interface BegunFacts {
  readonly recorded?: Promise<CoordinationRecord>;
  readonly tags?: Promise<Tags | undefined>;
}

/** The input of an evaluation. */
export interface Proposal {
  readonly policy: Policy;
  readonly resource: Resource;
  readonly changes: readonly Change[];
  /** SHA-256 of the changes. */
  readonly plan: string;
  /** The parts of the resource that their tags exempt, each with the reason. */
  readonly exempt?: readonly string[];
  readonly detector?: Facts['detector'];
}

export interface Evaluation {
  readonly decision: Decision;
  readonly facts: Facts;
  /** Undefined if it can't be read; then nothing is changed. */
  readonly record: CoordinationRecord | undefined;
  readonly tags: Tags | undefined;
  /** The account's organizational units, if they were read. */
  readonly ous: readonly string[] | undefined;
}

/** Details for the outcome event. */
export const outcomeDetailsOf = ({ tags, ous }: Evaluation): Pick<Evaluation, 'tags' | 'ous'> => ({ tags, ous });

const notAsked = { unknown: 'not read' } as const;

/**
 * Reads the facts and decides. What people said in Security Hub and AWS Config, and the last change, are looked up only if the decision
 * depends on them: Security Hub allows three requests per second, and CloudTrail two.
 */
export async function evaluate(occasion: Occasion, proposal: Proposal, sources: FactSources): Promise<Evaluation> {
  const { facts: gathered, ...read } = await gather(occasion, proposal, sources);
  const unsaid = { ...gathered, lastChange: { known: undefined } };
  const first = decide(unsaid);
  const lookUp = () => factOf(lastChange(occasion, proposal.resource, first, sources));
  const [facts, changed] = await Promise.all([
    withSuppression(unsaid, first, { occasion, proposal, sources }),
    dependsOnLastChange(first, unsaid) ? lookUp() : undefined,
  ]);
  const second = decide(facts);
  if (!dependsOnLastChange(second, facts)) return { decision: second, facts, ...read };
  const complete = { ...facts, lastChange: changed ?? (await lookUp()) };
  return { decision: decide(complete), facts: complete, ...read };
}

/** What came back later, or from a source that does not know it, may be suppressed meanwhile, also where it is only observed. */
const freshFor = minutes(15);

interface Asked {
  readonly occasion: Occasion;
  readonly proposal: Proposal;
  readonly sources: FactSources;
}

async function withSuppression(
  facts: Facts,
  { verdict, approved }: Decision,
  { occasion: { finding, aws, inAnyCase }, proposal: { resource }, sources: { rule, otherRegions, recentSuppressions } }: Asked,
): Promise<Facts> {
  const isFresh = finding.source.startsWith('security-hub') && facts.now.getTime() - Date.parse(finding.sentAt) <= freshFor;
  const asks = inAnyCase || verdict === 'fix' || verdict === 'ask' || (verdict === 'observe' && !isFresh);
  if (!asks) return facts;
  // Where a person is at work, in this moment.
  const isBurst = !inAnyCase && !approved && ['security-hub', 'config', 'sweep', 'cloudtrail'].includes(finding.source);
  const connections = { aws, otherRegions, recentSuppressions: isBurst ? recentSuppressions : undefined };
  const asksV2 = facts.policy.securityHub !== 'cspm';
  const suppression = await factOf(suppressionOf({ rule, finding, resource, now: facts.now, asksV2 }, connections));
  if ('unknown' in suppression) return { ...facts, workflow: suppression };
  if (suppression.known === undefined) return facts;
  return { ...facts, workflow: { known: 'SUPPRESSED' }, suppressedBy: suppression.known };
}

/**
 * Who changed the resource last. Where four eyes hang on it, it is looked up under all names; and where an approval is carried out, no page of
 * recent changes is recent enough.
 */
async function lastChange(
  { finding, aws }: Occasion,
  resource: Resource,
  { verdict, approved }: Decision,
  { connect, recentChanges, count }: FactSources,
): Promise<LastChange | undefined> {
  const { kind } = finding.resource;
  const { partition, account, region } = resource;
  // Of a global service, CloudTrail records the events in a single Region.
  const recorded = kind.recordedIn?.[partition] ?? region;
  const trail = recorded === region ? aws : connect({ partition, account, region: recorded });
  const skip = (records: number) => count({ UnreadableRecords: records });
  const sought = { resource, kind: approved || verdict === 'ask' ? { type: kind.type } : kind };
  const recent = approved ? undefined : await recentChanges?.of(sought, { account, region: recorded }, trail, skip);
  return recent ?? lastChangeOf(sought, trail, skip);
}

function dependsOnLastChange({ verdict, decisive, approved }: Decision, { policy: { ownership, approvals }, about }: Facts): boolean {
  if (decisive.clause === 'drift-loop') return true;
  if (verdict === 'observe' || verdict === 'skip') return false;
  // It is looked up at the retry: for a burst beyond a limit, lookups now would be wasted.
  if (verdict === 'defer' && ['record', 'stop', 'containment', 'limit'].includes(decisive.clause)) return false;
  // With four eyes, who could approve is compared with who changed the resource.
  if (approvals.fourEyes && (approved || (verdict === 'ask' && approvals.approvers.length > 0))) return true;
  const isOwned = 'known' in about.tags && about.tags.known && ownerByTags(about.tags.known, ownership.tags) !== undefined;
  return ownership.lastChange && ownership.mode !== 'fix' && !isOwned;
}

async function gather(
  { finding, remediation, phase, receivedAt, aws, begun }: Occasion,
  { policy, resource, changes, plan, exempt, detector }: Proposal,
  { rule, store, ousOf, clock }: FactSources,
) {
  const { account, region } = resource;
  const now = clock.now();
  const about = { rule: rule.id, response: rule.response, account, resource: leaseKey(rule, resource), remediation, phase };
  const caps = capsOf(policy, { rule, kind: finding.resource.kind, resource, changes });
  const [tags, ous, recorded] = await Promise.all([
    factOf(begun?.tags ?? readTags({ finding, aws }, resource)),
    namesOus(policy) ? factOf(ousOf(account)) : notAsked,
    factOf(begun?.recorded ?? store.read({ ...about, limits: policy.limits, caps })),
  ]);
  const { id, risk, severity, detectedBy, property, response } = rule;
  const facts: Facts = {
    policy,
    about: {
      rule: { id, risk, severity, controls: detectedBy.securityHub, ...(response && { response }) },
      detectedBy: finding.detectedBy,
      account,
      region,
      resource: resource.arn,
      aliases: aliasesOf(finding.resource.kind, resource.arn),
      ous,
      tags,
      ...ownIn(finding.resource.kind, resource),
    },
    now,
    detectedAt: countedFrom(finding),
    ...(receivedAt !== undefined && { receivedAt }),
    ...askedIn(recorded, remediation),
    seenAt: seenAtOf(finding),
    ...(finding.requester !== undefined && { requester: finding.requester }),
    workflow: { known: undefined },
    recorded,
    lastChange: notAsked,
    changes,
    ...(caps.length > 0 && { caps }),
    ...(property !== undefined && { property }),
    hash: plan,
    ...(exempt && { exempt }),
    ...(detector && { detector }),
  };
  return { facts, record: knownIn(recorded), tags: knownIn<Tags | undefined>(tags), ous: knownIn<readonly string[]>(ous) };
}

/** The tags of the resource; undefined if it has no tags at all. */
export const readTags = ({ finding, aws }: Pick<Occasion, 'finding' | 'aws'>, resource: Resource): Promise<Tags | undefined> =>
  finding.resource.kind.tags?.(resource, aws) ?? Promise.resolve(undefined);

function ownIn({ ownNames = [] }: ResourceKind, { id }: Resource): Pick<Facts['about'], 'own'> {
  const own = ownNames.find(({ pattern }) => matchesWildcard(id.toLowerCase(), pattern));
  return own ? { own } : {};
}

/** The plan of the remediation, if it awaits an approval: neither answered nor replaced. */
function askedIn(recorded: Fact<CoordinationRecord>, remediation: string): Pick<Facts, 'asked'> {
  const { ask } = knownIn(recorded) ?? {};
  return ask?.remediation === remediation ? { asked: ask.at } : {};
}

/** What a tool says of the time is its word. */
export const seenAtOf = ({ requester, evidence, sentAt }: Pick<Finding, 'requester' | 'evidence' | 'sentAt'>): string =>
  (requester === undefined ? evidence?.lastSeenAt : undefined) ?? sentAt;

const knownIn = <Value>(fact: Fact<Value>): Value | undefined => ('known' in fact ? fact.known : undefined);
