import type { Aws, Json, Rule } from '../../rules/rule';
import { certainMode } from '../decision/certain-mode';
import { type Forecast, forecast, type Verdict } from '../forecast/forecast';
import type { Target } from '../forecast/target';
import { parametersFor } from '../policy/parameters';
import type { Mode, Policy } from '../policy/policy';

type WouldChange = Extract<Forecast, { readonly status: 'would-change' }>;

/** What a rule makes of a resource: drift, for the control or the Config rule by which it would change most; or why there is none to hand on. */
export type Look =
  | { readonly status: 'drift'; readonly detectedBy: string; readonly mode: Mode | undefined }
  | { readonly status: Exclude<Verdict['status'], 'would-change'> | 'off' };

export interface LookContext {
  readonly aws: Aws;
  readonly policy: Policy;
  readonly now: Date;
}

export const detectorsOf = ({ detectedBy }: Pick<Rule, 'detectedBy'>): readonly string[] => [
  ...detectedBy.securityHub,
  ...detectedBy.config,
];

/** The mode of the rule in an account and Region, for one resource or for all of them, by one detector; undefined if it depends on what is not known. */
export const modeOf = (
  { id, risk, severity, detectedBy: { securityHub: controls } }: Rule,
  policy: Policy,
  { account, region, arn }: { readonly account: string; readonly region: string; readonly arn?: string },
  detectedBy: string,
): Mode | undefined =>
  certainMode(policy, {
    rule: { id, risk, severity, controls },
    ...{ detectedBy, account, region },
    ...(arn !== undefined && { resource: arn }),
  });

/** Inspects the resource as the function of the rule does, by the parameters of the policy. Throws if it can't be read. */
export async function lookAt(target: Target, { aws, policy, now }: LookContext): Promise<Look> {
  const { rule, resource } = target;
  const detectors = detectorsOf(rule).filter((detectedBy) => modeOf(rule, policy, resource, detectedBy) !== 'off');
  if (detectors.length === 0) return { status: 'off' };
  const forecasts = await forecast(target, {
    ...{ aws, now },
    parameters: parametersFor(rule, policy, resource) as Readonly<Record<string, Json>>,
    exemptionTag: policy.exemptionTag,
    detectors: detectors.map((detectedBy) => ({ detectedBy })),
  });
  const [first] = forecasts;
  const drift = mostChanges(forecasts);
  if (!drift) return { status: first && first.status !== 'would-change' ? first.status : 'compliant' };
  const [detectedBy = ''] = drift.detectedBy;
  return { status: 'drift', detectedBy, mode: modeOf(rule, policy, resource, detectedBy) };
}

/** Of several, the first. */
const mostChanges = (forecasts: readonly Forecast[]): WouldChange | undefined =>
  forecasts
    .filter((one): one is WouldChange => one.status === 'would-change')
    .toSorted((one, other) => other.changes.length - one.changes.length)[0];
