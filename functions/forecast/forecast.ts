import { type Aws, type Json, notFound } from '../../rules/rule';
import { canonicalJson, toJson } from '../canonical-json';
import { exemptionTag as readTag } from '../decision/clause/exemption-tag';
import type { Finding } from '../findings/finding';
import type { LoggedChange } from '../log/event';
import { isChanges, loggedChange } from '../plan/change';
import { judgeParameters, type Origin } from '../policy/judge-parameters';
import { type Inspection, inspectAndPlan } from '../remediate/inspect-and-plan';
import type { Target } from './target';

/** What a rule would do about a resource. */
export type Verdict =
  | { readonly status: 'compliant' }
  | { readonly status: 'would-change'; readonly changes: readonly LoggedChange[]; readonly state: Json }
  /** No change, although the resource is, or may be, misconfigured. */
  | {
      readonly status: 'exempt' | 'disputed' | 'blocked' | 'unfixable' | 'not-configured' | 'not-found';
      readonly reason: string;
      readonly code?: string;
    };

/** The parameters of a rule that has some, and where each comes from. */
interface Judged {
  readonly parameters?: Json;
  readonly parametersFrom?: Readonly<Record<string, Origin>>;
}

/** By what a control or a Config rule judges in an account and Region; nothing but its name, if it can't be asked, or is not in use. */
export type Detector = Pick<Finding, 'detectedBy' | 'parameters' | 'parametersBy' | 'parametersUnread'> & {
  /** The name of the Config rule as it is deployed. */
  readonly configRule?: string;
};

export type Forecast<Said = Verdict> = Said &
  Judged & {
    readonly target: Target;
    /** The controls and Config rules with this result. */
    readonly detectedBy: readonly string[];
  };

export interface Circumstances {
  readonly aws: Aws;
  /** Those of the policy and of the command line. */
  readonly parameters: Readonly<Record<string, Json>>;
  readonly exemptionTag: string;
  /** The possible detectors: a rule can plan fewer changes for one control than for another. */
  readonly detectors: readonly Detector[];
  readonly now: Date;
}

/** Inspects a live resource and plans for each detector, by its parameters; equal results are one forecast. Throws if the resource can't be read. */
export async function forecast(target: Target, circumstances: Circumstances): Promise<readonly Forecast[]> {
  const { rule, kind, resource } = target;
  const found = new Map<string, { readonly seen: Verdict & Judged; readonly detectedBy: Set<string> }>();
  // One after the other: equal requests are sent once.
  for (const detector of circumstances.detectors) {
    const seen = await seenBy(detector, target, circumstances);
    const key = canonicalJson(seen);
    const same = found.get(key) ?? { seen, detectedBy: new Set<string>() };
    same.detectedBy.add(detector.detectedBy);
    found.set(key, same);
  }
  const verdicts = [...found.values()];
  const exempt = verdicts.some(({ seen }) => seen.status === 'would-change') ? await exemptBy() : undefined;
  return verdicts.map(({ seen, detectedBy }) => ({
    target,
    detectedBy: [...detectedBy],
    ...(exempt !== undefined && seen.status === 'would-change' ? { status: 'exempt' as const, reason: exempt } : seen),
  }));

  async function exemptBy(): Promise<string | undefined> {
    const tags = await kind.tags?.(resource, circumstances.aws);
    const said = tags && readTag(rule.id, circumstances.exemptionTag, tags, circumstances.now);
    return said?.exempt ? said.reason : undefined;
  }
}

async function seenBy(detector: Detector, { rule, resource }: Target, circumstances: Circumstances): Promise<Verdict & Judged> {
  const { aws, now, exemptionTag } = circumstances;
  const { detectedBy } = detector;
  const judged = judgeParameters(rule, circumstances.parameters, detector);
  if ('problem' in judged) return { status: 'not-configured', reason: judged.problem, code: judged.code };
  if ('unfixable' in judged) return { status: 'unfixable', reason: judged.unfixable, code: judged.code };
  const { parameters, from, demanded, comparisons } = judged;
  const by = Object.keys(from).length > 0 ? { parameters: toJson(parameters), parametersFrom: from } : {};
  const seen = await inspectAndPlan(rule, resource, aws, { parameters, demanded, comparisons, detectedBy, now, exemptionTag });
  return seen === notFound ? { status: 'not-found', reason: 'The resource does not exist.' } : { ...verdictOf(seen), ...by };
}

function verdictOf({ state, plan, exempt, unmet }: Inspection): Verdict {
  if (!isChanges(plan)) {
    const { code } = plan;
    return 'blocked' in plan ? { status: 'blocked', reason: plan.blocked, code } : { status: 'unfixable', reason: plan.unfixable, code };
  }
  if (plan.length > 0) return { status: 'would-change', changes: plan.map(loggedChange), state };
  if (unmet !== undefined) return { status: 'disputed', reason: `${unmet}.`, code: 'policy-below-detector' };
  return exempt ? { status: 'exempt', reason: exempt.join('; ') } : { status: 'compliant' };
}
