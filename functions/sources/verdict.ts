import type { Aws, Resource } from '../../rules/rule';
import type { Finding } from '../findings/finding';
import { quote } from '../untrusted-text';
import { readConfigEvaluation } from './config/evaluation';
import { isDeployment, isServiceLinked } from './config/managed-rule';
import { type HubFinding, readHubFinding } from './security-hub/evaluation';
import { isService } from './security-hub/services/product';
import { readHubFindingV2 } from './security-hub/v2/evaluation';

/** Why the detector has no verdict on a finding, and gets none; stable, for software. */
export type NoVerdictCode = 'finding-deleted' | 'finding-archived' | 'finding-suppressed';

/** What the detector of a finding says now. `started`: when the evaluation began; undefined if that is not known. */
export type Verdict =
  | { readonly says: 'compliant'; readonly by: string; readonly started: Date | undefined; readonly toResolve: boolean }
  | { readonly says: 'noncompliant'; readonly by: string; readonly started: Date | undefined }
  | { readonly says: 'neither'; readonly by: string; readonly what: string }
  | { readonly says: 'nothing'; readonly code: NoVerdictCode; readonly why: string };

/**
 * Whether the detector can be asked about this very finding: a finding of several resources says nothing of one of them, and one of a service has no
 * verdict in Security Hub.
 */
export const hasDetector = ({ securityHub, securityHubV2, source }: Pick<Finding, 'securityHub' | 'securityHubV2' | 'source'>): boolean =>
  ((securityHub !== undefined || securityHubV2 !== undefined) && !isService(source)) || source === 'config';

/** The finding as Security Hub has it now; undefined if it is none of Security Hub, or not there any more. */
export async function hubFindingOf({ securityHub, securityHubV2 }: Pick<Finding, 'securityHub' | 'securityHubV2'>, aws: Aws) {
  if (securityHubV2) return readHubFindingV2(securityHubV2.uid, aws);
  return securityHub && readHubFinding(securityHub, aws);
}

/** Asks the detector of the finding: Security Hub, or the Config rule. Throws if it can't be asked. */
export async function verdictOn(finding: Finding, resource: Resource, aws: Aws): Promise<Verdict> {
  const { securityHub, securityHubV2 } = finding;
  return securityHub || securityHubV2 ? ofSecurityHub(await hubFindingOf(finding, aws), resource, aws) : ofConfig(finding, aws);
}

async function ofSecurityHub(found: HubFinding | undefined, { type, id, arn }: Resource, aws: Aws): Promise<Verdict> {
  const left = 'It is left as it is.';
  if (!found) return { says: 'nothing', code: 'finding-deleted', why: `Security Hub does not have the finding any more. ${left}` };
  const { compliance, workflow, isArchived, observed, configRule } = found;
  if (workflow === 'SUPPRESSED') return { says: 'nothing', code: 'finding-suppressed', why: `The finding is SUPPRESSED. ${left}` };
  if (isArchived) return { says: 'nothing', code: 'finding-archived', why: `The finding is ARCHIVED. ${left}` };
  if (compliance === 'PASSED') {
    return { says: 'compliant', by: 'Security Hub says PASSED', started: observed, toResolve: workflow !== 'RESOLVED' };
  }
  if (compliance !== 'FAILED') return { says: 'neither', by: 'Security Hub', what: quote(compliance) };
  const by = 'Security Hub says FAILED';
  if (configRule === undefined) return { says: 'noncompliant', by, started: observed };
  // Security Hub renews a finding of a change-triggered control although its Config rule was not invoked.
  const ids = [...new Set([id, arn])];
  const evaluation = await readConfigEvaluation({ type, ids, isRule: (name) => name === configRule }, aws);
  const started = evaluation?.compliance === 'NON_COMPLIANT' ? evaluation.started : undefined;
  return { says: 'noncompliant', by: `${by}, and its Config rule ${quote(configRule)} NON_COMPLIANT`, started };
}

async function ofConfig({ detectedBy, configRule, resource: { kind, reported } }: Finding, aws: Aws): Promise<Verdict> {
  const isRule = (name: string) =>
    configRule === undefined ? isServiceLinked(name) && isDeployment(detectedBy, name) : name === configRule;
  const ids = ['arn' in reported ? reported.arn : reported.configId];
  const evaluation = await readConfigEvaluation({ type: kind.type, ids, isRule }, aws);
  const by = `The Config rule ${quote(configRule ?? detectedBy)}`;
  if (!evaluation) return { says: 'neither', by, what: 'nothing' };
  const { compliance, started } = evaluation;
  if (compliance === 'COMPLIANT') return { says: 'compliant', by: `${by} says COMPLIANT`, started, toResolve: false };
  if (compliance === 'NON_COMPLIANT') return { says: 'noncompliant', by: `${by} says NON_COMPLIANT`, started };
  return { says: 'neither', by, what: quote(compliance) };
}
