import type { Json, notFound } from '../../rules/rule';
import { describe } from '../aws/error';
import { toJson } from '../canonical-json';
import { type BegunFacts, readTags } from '../facts/evaluate';
import type { EventInput } from '../log/event';
import { judgeParameters } from '../policy/judge-parameters';
import { parametersFor } from '../policy/parameters';
import type { Policy } from '../policy/policy';
import { policyFor } from '../policy/policy-for';
import type { IncompleteCode } from './codes';
import { deferRetry, end, type RemediationContext, type Result } from './context';
import { disagreement } from './detector-parameters';
import { halt } from './halt';
import { type Inspection, inspectAndPlan } from './inspect-and-plan';
import { collectedForOf } from './record-collected';
import type { Resumption } from './resume';

/** A resource under its lease, with the policy and the parameters. */
export interface Prepared {
  readonly resumed: Resumption;
  readonly policy: Policy;
  /** The rule's parameters, validated. */
  readonly parameters: unknown;
  /** The parameters and where they come from, for the log. */
  readonly logged: Pick<EventInput, 'parameters' | 'parametersFrom'>;
  /** Inspects the resource and makes a new plan. */
  readonly inspectAndPlan: () => Promise<Inspection | typeof notFound>;
  /** The first look under the lease, which may have begun already. */
  readonly firstLook: () => Promise<Inspection | typeof notFound>;
  /** The facts that are read together with the first look. */
  readonly begun?: BegunFacts;
}

type Readied = Omit<Prepared, 'resumed' | 'firstLook' | 'begun'>;

/** Reads the policy. Ends if it can't be read, or if it lacks parameters of the rule. `begun`: the look that has begun by them. */
export async function prepare(context: RemediationContext, resumed: Resumption, begun?: BegunLook): Promise<Result | Prepared> {
  if (begun) return { resumed, ...begun.readied, firstLook: () => begun.seen, begun: begun.facts };
  const { ports } = context;
  const policy = await ports.policy().catch((error: unknown) => ({ unreadable: describe(error) }));
  if ('unreadable' in policy) {
    ports.count({ PolicyUnreadable: 1 });
    const obstacle = { code: 'policy-unreadable' satisfies IncompleteCode, why: `${policy.unreadable} This attempt made no changes.` };
    return halt(context, obstacle, (known) => deferRetry(known, obstacle.why, { kind: 'deferred', outcome: 'deferred' }));
  }
  const prepared = await prepareBy(policy, context);
  if ('problem' in prepared) {
    const { code, problem } = prepared;
    const body = { kind: 'skipped', outcome: 'not-configured', code, reason: problem } as const;
    return halt(context, { code: 'not-configured' satisfies IncompleteCode, why: problem }, (known) => end(known, [body]));
  }
  if ('unfixable' in prepared) {
    const { code, unfixable } = prepared;
    return halt(context, { code, why: unfixable }, (known) =>
      end(known, [{ kind: 'skipped', outcome: 'unfixable', code, reason: unfixable }]),
    );
  }
  return { resumed, ...prepared, firstLook: prepared.inspectAndPlan };
}

/** A resource that is being looked at, under its lease or while it is acquired. */
export interface BegunLook {
  readonly readied: Readied;
  readonly seen: Promise<Inspection | typeof notFound>;
  readonly facts: BegunFacts;
}

/**
 * Begins the first look, and to read the tags, whose errors are seen by whoever waits for them. Undefined if the rule can't look: `prepare` ends
 * with the reason. `recorded`: the recorded state, if it is read already.
 */
export async function beginToLook(context: RemediationContext, recorded?: BegunFacts['recorded']): Promise<BegunLook | undefined> {
  const readied = await context.ports
    .policy()
    .then((policy) => prepareBy(policy, context))
    .catch(() => undefined);
  if (!readied || !('inspectAndPlan' in readied)) return undefined;
  const { attempt, aws, resource } = context;
  const seen = readied.inspectAndPlan();
  const tags = readTags({ finding: attempt.finding, aws }, resource);
  for (const begun of [seen, tags]) begun.catch(() => undefined);
  return { readied, seen, facts: { tags, ...(recorded && { recorded }) } };
}

type Unprepared = Exclude<ReturnType<typeof judgeParameters>, { readonly parameters: unknown }>;

/** The parameters by this policy and the detector, and how the resource is inspected with them. */
export async function prepareBy(given: Policy, context: RemediationContext): Promise<Readied | Unprepared> {
  const {
    attempt: { finding },
    aws,
    journal,
    ports: { rule, clock },
    resource,
  } = context;
  const policy = policyFor(rule, given);
  const judged = judgeParameters(rule, parametersFor(rule, policy, resource) as Readonly<Record<string, Json>>, finding);
  if (!('parameters' in judged)) return judged;
  const disagreeing = await disagreement(context, judged);
  if (disagreeing) return disagreeing;
  const { parameters, from, demanded, comparisons } = judged;
  const { detectedBy, reasons, evidence } = finding;
  const collectedFor = collectedForOf(journal.subject);
  const told = { detectedBy, ...(reasons && { reasons }), ...(evidence && { evidence }) };
  const planContext = { parameters, demanded, comparisons, ...told, collectedFor, now: clock.now(), exemptionTag: policy.exemptionTag };
  return {
    policy,
    parameters,
    logged: { parameters: toJson(parameters), ...(Object.keys(from).length > 0 && { parametersFrom: from }) },
    inspectAndPlan: () => inspectAndPlan(rule, resource, aws, planContext),
  };
}
