import type { notFound, Resource } from '../../rules/rule';
import { describe } from '../aws/error';
import { parametersFor, readParameters } from '../policy/parameters';
import type { Policy } from '../policy/policy';
import { deferRetry, end, type RemediationContext, type Result } from './context';
import { type Inspection, inspectAndPlan } from './inspect-and-plan';
import type { Resumption } from './resume';

/** A resource under its lease, with the policy and the parameters. */
export interface Prepared {
  readonly resource: Resource;
  readonly resumed: Resumption;
  readonly policy: Policy;
  /** The rule's parameters, validated. */
  readonly parameters: unknown;
  /** Inspects the resource and makes a new plan. */
  readonly inspectAndPlan: () => Promise<Inspection | typeof notFound>;
}

/** Reads the policy. Ends if it can't be read, or if it lacks parameters of the rule. */
export async function prepare(context: RemediationContext, resource: Resource, resumed: Resumption): Promise<Result | Prepared> {
  const { attempt, aws, ports } = context;
  const { rule, clock } = ports;
  const policy = await ports.policy().catch((error: unknown) => ({ unreadable: describe(error) }));
  if ('unreadable' in policy) {
    ports.count({ PolicyUnreadable: 1 });
    return deferRetry(context, `${policy.unreadable} This attempt made no changes.`, { kind: 'deferred', outcome: 'deferred' });
  }
  const read = readParameters(rule, parametersFor(rule, policy, resource));
  if ('problem' in read) return end(context, [{ kind: 'skipped', outcome: 'not-configured', code: read.code, reason: read.problem }]);
  const parameters = read.value;
  const planContext = { parameters, detectedBy: attempt.finding.detectedBy, now: clock.now(), exemptionTag: policy.exemptionTag };
  return { resource, resumed, policy, parameters, inspectAndPlan: () => inspectAndPlan(rule, resource, aws, planContext) };
}
