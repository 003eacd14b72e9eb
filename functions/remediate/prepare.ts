import type { notFound, PlanContext, Resource } from '../../rules/rule';
import { describe } from '../aws/fault';
import { parametersFor, readParameters } from '../policy/parameters';
import type { Policy } from '../policy/policy';
import { deferRetry, end, type RemediationContext, type Result } from './context';
import { type Inspection, inspectAndPlan } from './inspect-and-plan';
import type { Resumption } from './resume';

/** A resource under its lease, with what the policy sets for it. */
export interface Prepared {
  readonly resource: Resource;
  readonly resumed: Resumption;
  readonly policy: Policy;
  /** The rule's parameters, validated. */
  readonly parameters: unknown;
  /** Reads the resource and plans afresh. */
  readonly inspectAndPlan: () => Promise<Inspection | typeof notFound>;
}

/** Reads the policy. Ends where it can't be read, or does not set what the rule needs. */
export async function prepare(context: RemediationContext, resource: Resource, resumed: Resumption): Promise<Result | Prepared> {
  const { attempt, aws, ports } = context;
  const { rule, clock } = ports;
  const policy = await ports.policy().catch((error: unknown) => ({ unreadable: describe(error) }));
  if ('unreadable' in policy) {
    ports.count({ PolicyUnreadable: 1 });
    return deferRetry(context, `${policy.unreadable} Nothing was changed.`, { kind: 'deferred', outcome: 'deferred' });
  }
  const read = readParameters(rule, parametersFor(rule, policy, resource));
  if ('problem' in read) return end(context, [{ kind: 'skipped', outcome: 'not-configured', reason: read.problem }]);
  const parameters = read.value;
  const planContext: PlanContext<unknown> = { parameters, detectedBy: attempt.finding.detectedBy, now: clock.now() };
  return { resource, resumed, policy, parameters, inspectAndPlan: () => inspectAndPlan(rule, resource, aws, planContext) };
}
