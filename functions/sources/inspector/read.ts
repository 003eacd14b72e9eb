import type { Place, Rule } from '../../../rules/rule';
import { parseArn } from '../../aws/arn';
import type { Reading } from '../../findings/finding';
import { quote } from '../../untrusted-text';
import { contradiction } from '../contradiction';
import type { Envelope, Scope } from '../envelope';
import { misplacement } from '../misplacement';
import { refuse } from '../refuse';
import { findingsOf, type ServiceFinding } from '../service-finding';
import { check } from '../shape';
import { findingShape, hasFix, hasSystemPackage, type InspectorFinding } from './finding';
import { instantOf } from './instant';

/**
 * The findings of `Inspector2 Finding`, one for each resource. Members' findings reach their administrator, too. What it says of packages only tells
 * whether it concerns the rule: what is installed follows from what Inspector answers when it is asked.
 */
export function readInspector(rule: Pick<Rule, 'detectedBy' | 'resource'>, envelope: Envelope, scope: Scope): Reading {
  const parsed = check(findingShape, envelope.detail, 'detail');
  if ('problem' in parsed) return refuse('ignored', 'malformed-event', parsed.problem);
  const finding = parsed.value;
  const id = finding.findingArn;
  const [{ type: resourceType, region: said, partition: named } = { type: '' }] = finding.resources;
  const arn = parseArn(id);
  const region = said ?? envelope.region;
  const place: Place = { partition: scope.partition ?? arn?.partition ?? 'aws', account: finding.awsAccountId, region };
  const contradicts = contradiction([
    ['detail.findingArn', arn?.resource.startsWith('finding/') ? undefined : id, 'the ARN of a finding of Inspector'],
    ['The service in detail.findingArn', arn?.service, 'inspector2'],
    ['The partition in detail.findingArn', arn?.partition, place.partition],
    ['The Region in detail.findingArn', arn?.region, place.region],
    // The ARN can be that of the administrator.
    ['The account in detail.findingArn', arn?.account === envelope.account ? undefined : arn?.account, place.account],
    ['detail.resources[0].partition', named, place.partition],
    ...finding.resources.map((one, index) => [`detail.resources[${index}].type`, one.type, resourceType] as const),
    ...finding.resources.map((one, index) => [`detail.resources[${index}].region`, one.region, region] as const),
  ]);
  if (contradicts !== undefined) return refuse('invalid', 'contradictory-event', contradicts, id);
  const misplaced = misplacement(place, envelope, scope, 'Inspector');
  if (misplaced) return refuse('invalid', misplaced.code, misplaced.problem, id);
  const { types = [], severities = [] } = rule.detectedBy.inspector ?? {};
  const reported: ServiceFinding = {
    source: 'inspector',
    id,
    type: `${finding.type}/${resourceType}`,
    handled: types,
    idle: idlenessOf(finding, severities),
    detectedAt: instantOf(finding.firstObservedAt, envelope.time),
    sentAt: envelope.time,
    resources: { 'AWS::EC2::Instance': { ids: finding.resources.map((one) => one.id), at: 'detail.resources[].id' } },
  };
  return findingsOf(rule, reported, place);
}

function idlenessOf(finding: InspectorFinding, severities: readonly string[]): ServiceFinding['idle'] {
  const { status, severity, fixAvailable } = finding;
  if (status !== 'ACTIVE') return { code: 'not-active', reason: `The status of the finding is ${quote(status)}, not ACTIVE.` };
  if (!severities.includes(severity)) {
    const reason = `The severity of the finding is ${quote(severity)}. This rule handles ${severities.join(', ')}.`;
    return { code: 'other-severity', reason };
  }
  if (!hasFix(finding)) {
    const reason = `fixAvailable is ${quote(fixAvailable)}, not YES or PARTIAL: no version of the packages fixes the vulnerability.`;
    return { code: 'no-fix-available', reason };
  }
  if (hasSystemPackage(finding)) return undefined;
  const reason = 'No package of the finding is of the package manager OS. Systems Manager patches no others, such as those of npm or pip.';
  return { code: 'no-system-package', reason };
}
