import type { Aws, Change, Place, Resource, Rule, Tags } from '../../rules/rule';
import { aliasesOf } from '../aws/arn';
import type { Clock } from '../clock';
import { leaseKey } from '../coordination/lease-key';
import type { CoordinationRecord } from '../coordination/recorded-state';
import type { CoordinationStore } from '../coordination/store';
import { type Decision, decide } from '../decision/decide';
import type { Facts } from '../decision/facts';
import type { Finding } from '../findings/finding';
import { type Fact, factOf } from '../policy/fact';
import { namesOus, type Policy } from '../policy/policy';
import { isStale, workflowOf } from '../sources/security-hub/workflow';
import { lastChangeOf } from './last-change';

/** Where the facts are read. */
export interface FactSources {
  readonly rule: Rule;
  /** The recorded state of the rule and the resource. */
  readonly store: Pick<CoordinationStore, 'read'>;
  readonly connect: (place: Place) => Aws;
  /** The organizational units of an account, its parent first, up to the root. */
  readonly ousOf: (account: string) => Promise<readonly string[]>;
  readonly clock: Pick<Clock, 'now'>;
}

/** The finding and the resource of a decision. */
export interface Occasion {
  readonly finding: Finding;
  /** Whether the finding may be outdated: then its present status is read from Security Hub. */
  readonly returned?: boolean;
  readonly remediation: string;
  /** The connection to the account and region of the resource. */
  readonly aws: Aws;
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

/** Reads the facts and decides. The last change is looked up only if the decision depends on it: CloudTrail allows two lookups per second. */
export async function evaluate(occasion: Occasion, proposal: Proposal, sources: FactSources): Promise<Evaluation> {
  const { facts, ...read } = await gather(occasion, proposal, sources);
  const without: Facts = { ...facts, lastChange: { known: undefined } };
  const first = decide(without);
  if (!dependsOnLastChange(first, facts)) return { decision: first, facts: without, ...read };
  const lastChange = await factOf(lastChangeOf(proposal.resource, trailOf(occasion, proposal.resource, sources)));
  const complete = { ...facts, lastChange };
  return { decision: decide(complete), facts: complete, ...read };
}

/** The connection to the region where CloudTrail records the resource's events; for a global service, this is a single region. */
function trailOf({ finding, aws }: Occasion, { partition, account, region }: Resource, { connect }: FactSources): Aws {
  const recorded = finding.resource.kind.recordedIn?.[partition] ?? region;
  return recorded === region ? aws : connect({ partition, account, region: recorded });
}

function dependsOnLastChange({ verdict, decisive, approved }: Decision, { policy: { ownership, approvals } }: Facts): boolean {
  if (decisive.clause === 'drift-loop') return true;
  if (verdict === 'observe' || verdict === 'skip') return false;
  // It is looked up at the retry: for a burst beyond a limit, lookups now would be wasted.
  if (verdict === 'defer' && ['record', 'stop', 'limit'].includes(decisive.clause)) return false;
  return (ownership.lastChange && ownership.mode !== 'fix') || ((verdict === 'ask' || approved) && approvals.fourEyes);
}

async function gather(
  { finding, returned, remediation, aws }: Occasion,
  { policy, resource, changes, plan, exempt }: Proposal,
  { rule, store, ousOf, clock }: FactSources,
) {
  const { account, region } = resource;
  const now = clock.now();
  const about = { rule: rule.id, account, resource: leaseKey(rule, resource), remediation };
  const [tags, ous, workflow, recorded] = await Promise.all([
    factOf(finding.resource.kind.tags?.(resource, aws) ?? Promise.resolve(undefined)),
    namesOus(policy) ? factOf(ousOf(account)) : notAsked,
    returned || isStale(finding, now) ? factOf(workflowOf(finding, { rule, resource }, aws)) : { known: undefined },
    factOf(store.read(about)),
  ]);
  const { id, risk, severity, detectedBy, property } = rule;
  const facts: Facts = {
    policy,
    about: {
      rule: { id, risk, severity, controls: detectedBy.securityHub },
      detectedBy: finding.detectedBy,
      account,
      region,
      resource: resource.arn,
      aliases: aliasesOf(finding.resource.kind, resource.arn),
      ous,
      tags,
    },
    now,
    detectedAt: finding.detectedAt,
    workflow,
    recorded,
    lastChange: notAsked,
    changes,
    ...(property !== undefined && { property }),
    hash: plan,
    ...(exempt && { exempt }),
  };
  return { facts, record: knownIn(recorded), tags: knownIn<Tags | undefined>(tags), ous: knownIn<readonly string[]>(ous) };
}

const knownIn = <Value>(fact: Fact<Value>): Value | undefined => ('known' in fact ? fact.known : undefined);
