import { type Aws, type Json, notFound } from '../../../rules/rule';
import { canonicalJson, toJson } from '../../canonical-json';
import { exemptionTag as readTag } from '../../decision/clause/exemption-tag';
import { exemptParts } from '../../decision/exempt-parts';
import type { LoggedChange } from '../../log/event';
import { isChanges, loggedChange } from '../../plan/change';
import { readParameters } from '../../policy/parameters';
import { sentence } from '../failure';
import type { Target } from './target';

/** What a rule would do about a resource. */
export type Verdict =
  | { readonly status: 'compliant' }
  | { readonly status: 'would-change'; readonly changes: readonly LoggedChange[]; readonly state: Json }
  /** No change, although the resource is, or may be, misconfigured. */
  | {
      readonly status: 'exempt' | 'blocked' | 'unfixable' | 'not-configured' | 'not-found' | 'error';
      readonly reason: string;
      readonly code?: string;
    };

export type Forecast = Verdict & {
  readonly target: Target;
  /** The controls and Config rules with this result. */
  readonly detectedBy: readonly string[];
};

export interface Circumstances {
  readonly aws: Aws;
  readonly parameters: Readonly<Record<string, Json>>;
  readonly exemptionTag: string;
  /** The possible detectors: a rule can plan fewer changes for one control than for another. */
  readonly detectedBy: readonly string[];
  readonly now: Date;
}

/** Inspects a live resource once and plans for each control; equal results are one forecast. Never throws. */
export async function forecast(target: Target, circumstances: Circumstances): Promise<readonly Forecast[]> {
  const { detectedBy } = circumstances;
  try {
    return await foresee(target, circumstances);
  } catch (error) {
    return [{ target, detectedBy, status: 'error', reason: errorText(error) }];
  }
}

async function foresee(target: Target, { aws, parameters, exemptionTag, detectedBy, now }: Circumstances): Promise<readonly Forecast[]> {
  const { rule, kind, resource } = target;
  const read = readParameters(rule, parameters);
  if ('problem' in read) return [{ target, detectedBy, status: 'not-configured', reason: read.problem, code: read.code }];

  const state = await rule.inspect(resource, aws, read.value, now);
  if (state === notFound) return [{ target, detectedBy, status: 'not-found', reason: 'The resource does not exist.' }];

  const verdicts = new Map<string, { readonly verdict: Verdict; readonly detectedBy: string[] }>();
  for (const control of detectedBy) {
    const verdict = judged(control);
    const key = canonicalJson(verdict);
    const same = verdicts.get(key);
    if (same) same.detectedBy.push(control);
    else verdicts.set(key, { verdict, detectedBy: [control] });
  }
  const found = [...verdicts.values()];
  const exempt = found.some(({ verdict }) => verdict.status === 'would-change') ? await exemptBy() : undefined;
  return found.map(({ verdict, detectedBy: controls }) => ({
    target,
    detectedBy: controls,
    ...(exempt !== undefined && verdict.status === 'would-change' ? { status: 'exempt' as const, reason: exempt } : verdict),
  }));

  function judged(control: string): Verdict {
    const { isExempt, left } = exemptParts(rule, exemptionTag, now);
    const plan = rule.plan(resource, state as Json, { parameters: (read as { value: unknown }).value, detectedBy: control, now, isExempt });
    if (!isChanges(plan)) {
      const { code } = plan;
      return 'blocked' in plan ? { status: 'blocked', reason: plan.blocked, code } : { status: 'unfixable', reason: plan.unfixable, code };
    }
    if (plan.length === 0 && left().length > 0) return { status: 'exempt', reason: left().join('; ') };
    return plan.length === 0 ? { status: 'compliant' } : { status: 'would-change', changes: plan.map(loggedChange), state: toJson(state) };
  }

  async function exemptBy(): Promise<string | undefined> {
    const tags = await kind.tags?.(resource, aws);
    const said = tags && readTag(rule.id, exemptionTag, tags, now);
    return said?.exempt ? said.reason : undefined;
  }
}

export const errorText = (error: unknown): string => `${error instanceof Error ? error.name : 'Error'}: ${sentence(error)}`;
