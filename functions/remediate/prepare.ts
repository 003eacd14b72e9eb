import type { notFound } from '../../rules/rule';
import { describe } from '../aws/error';
import { parametersFor, readParameters } from '../policy/parameters';
import type { Policy } from '../policy/policy';
import type { IncompleteCode } from './codes';
import { deferRetry, end, type RemediationContext, type Result } from './context';
import { halt } from './halt';
import { type Inspection, inspectAndPlan } from './inspect-and-plan';
import type { Resumption } from './resume';

/** A resource under its lease, with the policy and the parameters. */
export interface Prepared {
  readonly resumed: Resumption;
  readonly policy: Policy;
  /** The rule's parameters, validated. */
  readonly parameters: unknown;
  /** Inspects the resource and makes a new plan. */
  readonly inspectAndPlan: () => Promise<Inspection | typeof notFound>;
}

/** Reads the policy. Ends if it can't be read, or if it lacks parameters of the rule. */
export async function prepare(context: RemediationContext, resumed: Resumption): Promise<Result | Prepared> {
  const { ports } = context;
  const policy = await ports.policy().catch((error: unknown) => ({ unreadable: describe(error) }));
  if ('unreadable' in policy) {
    ports.count({ PolicyUnreadable: 1 });
    const obstacle = { code: 'policy-unreadable' satisfies IncompleteCode, why: `${policy.unreadable} This attempt made no changes.` };
    return halt(context, obstacle, (known) => deferRetry(known, obstacle.why, { kind: 'deferred', outcome: 'deferred' }));
  }
  const prepared = prepareBy(policy, context);
  if ('problem' in prepared) {
    const { code, problem } = prepared;
    const body = { kind: 'skipped', outcome: 'not-configured', code, reason: problem } as const;
    return halt(context, { code: 'not-configured' satisfies IncompleteCode, why: problem }, (known) => end(known, [body]));
  }
  return { resumed, ...prepared };
}

/** The parameters by this policy, and how the resource is inspected with them. */
export function prepareBy(
  policy: Policy,
  { attempt, aws, ports: { rule, clock }, resource }: RemediationContext,
): Omit<Prepared, 'resumed'> | Extract<ReturnType<typeof readParameters>, { readonly problem: string }> {
  const read = readParameters(rule, parametersFor(rule, policy, resource));
  if ('problem' in read) return read;
  const parameters = read.value;
  const planContext = { parameters, detectedBy: attempt.finding.detectedBy, now: clock.now(), exemptionTag: policy.exemptionTag };
  return { policy, parameters, inspectAndPlan: () => inspectAndPlan(rule, resource, aws, planContext) };
}
