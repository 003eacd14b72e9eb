import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { type Aws, type Change, type Json, notFound, type Place, type Resource, type Rule } from '../../../rules/rule';
import { connect } from '../../aws/connection';
import { systemClock } from '../../clock';
import { dynamoStore } from '../../coordination/store';
import { type Decision, decide } from '../../decision/decide';
import { evaluate } from '../../facts/evaluate';
import { organizationalUnits } from '../../facts/organization';
import type { Finding } from '../../findings/finding';
import { identify } from '../../findings/identify';
import { readingOnly } from '../../forecast/reading-only';
import { isChanges, loggedChange } from '../../plan/change';
import { hashOfPlan } from '../../plan/hash';
import { judgeParameters } from '../../policy/judge-parameters';
import { parametersFor } from '../../policy/parameters';
import type { Policy } from '../../policy/policy';
import { policyFor } from '../../policy/policy-for';
import { clientsOf } from '../../remediate/create-ports';
import { withParameters } from '../../remediate/detector-parameters';
import { type Inspection, inspectAndPlan } from '../../remediate/inspect-and-plan';
import type { Caller } from '../central/caller';
import type { DeployedTables } from '../central/deployed-tables';
import { otherRegionsFor } from '../central/other-regions';
import { supposedFixes } from './supposed-fixes';

/** Why there is nothing to decide. */
interface Undecided {
  readonly status: 'not-found' | 'already-compliant' | 'disputed' | 'blocked' | 'unfixable' | 'not-configured';
  readonly reason: string;
  readonly code?: string;
}

/** What would become of a finding: a decision, where there is something to decide, or why there is not. */
export type Verdict = { readonly status: 'decided'; readonly decision: Decision; readonly calls: readonly string[] } | Undecided;

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
  const sources = {
    store: dynamoStore(tables.dynamo, tables, systemClock),
    ousOf: organizationalUnits(new OrganizationsClient({ region: caller.region, credentials: caller.credentials }), systemClock),
    clock: systemClock,
    // For the alarms of the functions alone.
    count: () => {},
  };
  const connectionFor = readingConnections(caller);
  const elsewhere = otherRegionsFor(caller);
  const supposed = supposedFixes();

  return {
    async judge(rule, finding) {
      const aws = connectionFor(rule, finding);
      const proposed = await propose(rule, finding, { aws, policy });
      if ('status' in proposed) return proposed;
      const { resource, plan, detector } = proposed;
      const changes = plan.map(loggedChange);
      const fix = { rule, resource, changes };
      if (supposed.include(fix))
        return { status: 'already-compliant', reason: 'An earlier simulated fix, for another control, also fixes this finding.' };
      const { facts } = await evaluate(
        { finding, inAnyCase: true, remediation: 'none', aws },
        { policy: policyFor(rule, policy), resource, changes: plan, plan: hashOfPlan(rule, changes), ...(detector && { detector }) },
        { ...sources, rule, connect: (place) => connectionFor(rule, place), otherRegions: elsewhere(rule.id) },
      );
      const decision = decide(supposed.countIn(facts));
      if (counting && decision.verdict === 'fix') supposed.add({ ...fix, caps: facts.caps });
      return { status: 'decided', decision, calls: changes.map(({ do: { service, operation } }) => `${service}:${operation}`) };
    },
  };
}

interface Proposed {
  readonly resource: Resource;
  readonly plan: readonly Change[];
  readonly detector?: Inspection['detector'];
}

/** The changes that the rule would propose, or why there are none. */
async function propose(
  rule: Rule,
  finding: Finding,
  { aws, policy }: { readonly aws: Aws; readonly policy: Policy },
): Promise<Proposed | Undecided> {
  const resource = await identify(finding, aws);
  if (resource === notFound) return absent;
  if ('unfixable' in resource) return { status: 'unfixable', reason: resource.unfixable, code: resource.code };
  const own = parametersFor(rule, policy, resource) as Readonly<Record<string, Json>>;
  const judged = judgeParameters(rule, own, await withParameters(finding, { rule, policy: async () => policy }, aws));
  if ('problem' in judged) return { status: 'not-configured', reason: judged.problem, code: judged.code };
  if ('unfixable' in judged) return { status: 'unfixable', reason: judged.unfixable, code: judged.code };
  const { parameters, demanded, comparisons } = judged;
  const { exemptionTag } = policy;
  const { detectedBy, reasons, evidence } = finding;
  const told = { detectedBy, ...(reasons && { reasons }), ...(evidence && { evidence }) };
  const context = { parameters, demanded, comparisons, ...told, now: systemClock.now(), exemptionTag };
  const seen = await inspectAndPlan(rule, resource, aws, context);
  if (seen === notFound) return absent;
  const { plan } = seen;
  if (!isChanges(plan))
    return 'blocked' in plan
      ? { status: 'blocked', reason: plan.blocked, code: plan.code }
      : { status: 'unfixable', reason: plan.unfixable, code: plan.code };
  if (plan.length === 0 && seen.unmet !== undefined) return { status: 'disputed', reason: `${seen.unmet}.`, code: 'policy-below-detector' };
  return plan.length > 0
    ? { resource, plan, ...(seen.detector && { detector: seen.detector }) }
    : { status: 'already-compliant', reason: 'The rule found nothing to change.' };
}

const absent = { status: 'not-found', reason: 'The resource does not exist.' } as const;

/** One connection for a rule and a place, which refuses the rule's changes. */
function readingConnections(caller: Caller): (rule: Rule, place: Place) => Aws {
  const kept = new Map<string, Aws>();
  return (rule, { partition, account, region }) => {
    const key = `${rule.id} ${account} ${region}`;
    const credentials = caller.credentialsFor(rule.id, { partition, account, region });
    const connection = kept.get(key) ?? readingOnly(connect(clientsOf(rule), { region, credentials }), rule.commands);
    kept.set(key, connection);
    return connection;
  };
}
