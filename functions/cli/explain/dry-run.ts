import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { type Aws, notFound, type Place, type Rule } from '../../../rules/rule';
import { connect } from '../../aws/connection';
import { canonicalJson } from '../../canonical-json';
import { systemClock } from '../../clock';
import { leaseKey } from '../../coordination/lease-key';
import { readRecordedState } from '../../coordination/recorded-state';
import { type Decision, decide } from '../../decision/decide';
import type { Facts, Used } from '../../decision/facts';
import { evaluate } from '../../facts/evaluate';
import { organizationalUnits } from '../../facts/organization';
import type { Finding } from '../../findings/finding';
import { identify } from '../../findings/identify';
import { openJournal } from '../../log/journal';
import { isChanges, loggedChange } from '../../plan/change';
import { hashOfPlan } from '../../plan/hash';
import { parametersFor, readParameters } from '../../policy/parameters';
import type { Policy } from '../../policy/policy';
import { inspectAndPlan } from '../../remediate/inspect-and-plan';
import type { Ports } from '../../remediate/ports';
import type { Caller } from '../central/caller';
import type { DeployedTables } from '../central/deployed-tables';
import { readingOnly } from '../central/reading';

/** What would become of a finding: a decision, where there is something to decide, or why there is not. */
export type Verdict =
  | { readonly status: 'decided'; readonly decision: Decision; readonly calls: readonly string[] }
  | {
      readonly status: 'not-found' | 'already-compliant' | 'blocked' | 'unfixable' | 'not-configured';
      readonly reason: string;
      readonly code?: string;
    };

export interface DryRun {
  /** Looks, plans and decides as the rule's function would, and changes nothing. */
  judge(rule: Rule, finding: Finding): Promise<Verdict>;
}

export interface DryRunOptions {
  readonly caller: Caller;
  readonly tables: DeployedTables;
  readonly policy: Policy;
  /** Whether what would be fixed counts against the limits, as it would. */
  readonly counting: boolean;
}

/** Findings through policy and rules, without a change. */
export function dryRun({ caller, tables, policy, counting }: DryRunOptions): DryRun {
  const ousOf = organizationalUnits(new OrganizationsClient({ region: caller.region, credentials: caller.credentials }), systemClock);
  const connections = new Map<string, Aws>();
  const counted = new Map<string, number>();
  /** By rule and resource, the calls that would have been made before. */
  const made = new Map<string, Set<string>>();

  return {
    async judge(rule, finding) {
      const aws = connectionFor(rule, finding);
      const resource = await identify(finding, aws);
      if (resource === notFound) return { status: 'not-found', reason: 'The resource does not exist.' };
      const parameters = readParameters(rule, parametersFor(rule, policy, resource));
      if ('problem' in parameters) return { status: 'not-configured', reason: parameters.problem, code: parameters.code };
      const seen = await inspectAndPlan(rule, resource, aws, {
        parameters: parameters.value,
        detectedBy: finding.detectedBy,
        now: systemClock.now(),
      });
      if (seen === notFound) return { status: 'not-found', reason: 'The resource does not exist.' };
      const { plan } = seen;
      if (!isChanges(plan)) {
        const { code } = plan;
        if ('blocked' in plan) return { status: 'blocked', reason: plan.blocked, code };
        return { status: 'unfixable', reason: plan.unfixable, code };
      }
      if (plan.length === 0) return { status: 'already-compliant', reason: 'The rule found nothing to change.' };
      const changes = plan.map(loggedChange);
      const before = `${rule.id} ${leaseKey(rule, resource)}`;
      const sent = changes.map((change) => canonicalJson(change.do));
      if (sent.every((call) => made.get(before)?.has(call)))
        return { status: 'already-compliant', reason: 'An earlier simulated fix, for another control, also fixes this finding.' };
      const story = contextOf(rule, finding, aws, resource.arn);
      const { facts } = await evaluate(story, { policy, resource, changes: plan, plan: hashOfPlan(changes) });
      const decision = decide(counting ? withCounts(facts, rule.id) : facts);
      if (counting && decision.verdict === 'fix') {
        count(rule.id, resource.account);
        made.set(before, new Set([...(made.get(before) ?? []), ...sent]));
      }
      return { status: 'decided', decision, calls: changes.map(({ do: { service, operation } }) => `${service}:${operation}`) };
    },
  };

  function connectionFor(rule: Rule, { region, account, partition }: Place): Aws {
    const key = `${rule.id} ${account} ${region}`;
    const clients = [...new Set([...rule.clients, SecurityHubClient, CloudTrailClient])];
    const credentials = caller.credentialsFor(rule.id, { partition, account, region });
    const connection = connections.get(key) ?? readingOnly(connect(clients, { region, credentials }), rule.commands);
    connections.set(key, connection);
    return connection;
  }

  function contextOf(rule: Rule, finding: Finding, aws: Aws, resource: string) {
    const subject = {
      remediation: 'none',
      rule: rule.id,
      version: 'none',
      finding: finding.id,
      source: finding.source,
      detectedBy: finding.detectedBy,
      partition: finding.partition,
      account: finding.account,
      region: finding.region,
      resource,
      resourceType: finding.resource.kind.type,
    };
    const never = (): never => {
      throw new Error('This command only reads.');
    };
    const log = { append: never, read: never };
    const store: Ports['store'] = {
      read: (about) => readRecordedState(tables.dynamo, tables.coordination, about, systemClock),
      permit: never,
      reverted: never,
      ask: never,
      failed: never,
      succeeded: never,
      rolledBack: never,
      hold: never,
    };
    const leases = { acquire: never };
    const parts: Ports = {
      rule,
      policy: async () => policy,
      version: 'none',
      actor: caller.arn,
      connect: (place) => connectionFor(rule, place),
      log,
      leases,
      store,
      ousOf,
      clock: systemClock,
      secondsLeft: () => 60,
      scheduleRetry: never,
      notifySource: never,
      publishOutcome: never,
      count: never,
      warn: never,
    };
    return {
      // Asks Security Hub for the status as it is now.
      attempt: { finding, number: 0, returned: true as const },
      received: systemClock.now(),
      aws,
      journal: openJournal(log, systemClock, subject),
      ports: parts,
    };
  }

  function withCounts(facts: Facts, rule: string): Facts {
    if (!('known' in facts.recorded)) return facts;
    const { used } = facts.recorded.known;
    const more = (given: Used, of: string): Used => ({
      hour: given.hour + (counted.get(of) ?? 0),
      day: given.day + (counted.get(of) ?? 0),
    });
    const added = { all: more(used.all, 'all'), rule: more(used.rule, rule), account: more(used.account, facts.about.account) };
    return { ...facts, recorded: { known: { ...facts.recorded.known, used: added } } };
  }

  function count(...of: readonly string[]): void {
    for (const one of ['all', ...of]) counted.set(one, (counted.get(one) ?? 0) + 1);
  }
}
