import type { Threats } from '../../../rules/detectors';
import { type Evidence, type Place, type Rule, toArray } from '../../../rules/rule';
import { parseArn } from '../../aws/arn';
import type { Reading } from '../../findings/finding';
import { quote } from '../../untrusted-text';
import { contradiction } from '../contradiction';
import type { Envelope, Scope } from '../envelope';
import { misplacement } from '../misplacement';
import { refuse } from '../refuse';
import { findingsOf, type ServiceFinding } from '../service-finding';
import { check } from '../shape';
import { findingShape, type GuardDutyFinding, instancesIn, isSample, remoteAddressIn } from './finding';
import { principalIn } from './principal';

/** The findings of `GuardDuty Finding`, one for each resource. Members' findings reach their administrator, too. */
export function readGuardDuty(rule: Pick<Rule, 'detectedBy' | 'resource' | 'response'>, envelope: Envelope, scope: Scope): Reading {
  const parsed = check(findingShape, envelope.detail, 'detail');
  if ('problem' in parsed) return refuse('ignored', 'malformed-event', parsed.problem);
  const finding = parsed.value;
  const id = finding.arn;
  const arn = parseArn(id);
  const place: Place = { partition: scope.partition ?? arn?.partition ?? 'aws', account: finding.accountId, region: finding.region };
  const contradicts = contradiction([
    ['detail.arn', arn?.resource.includes('/finding/') ? undefined : id, 'the ARN of a finding of GuardDuty'],
    ['The service in detail.arn', arn?.service, 'guardduty'],
    ['The partition in detail.arn', arn?.partition, place.partition],
    ['The Region in detail.arn', arn?.region, place.region],
    ['The account in detail.arn', arn?.account, place.account],
    ['detail.partition', finding.partition, place.partition],
  ]);
  if (contradicts !== undefined) return refuse('invalid', 'contradictory-event', contradicts, id);
  const misplaced = misplacement(place, envelope, scope, 'GuardDuty');
  if (misplaced) return refuse('invalid', misplaced.code, misplaced.problem, id);
  const threats = toArray(rule.detectedBy.guardDuty ?? []);
  // Only a response needs it.
  const evidence = rule.response ? evidenceOf(finding, envelope) : undefined;
  const reported: ServiceFinding = {
    source: 'guardduty',
    id,
    type: finding.type,
    handled: threats.flatMap(({ types }) => types),
    idle: idlenessOf(finding, threats.find(({ types }) => types.includes(finding.type))?.resourceRole),
    detectedAt: finding.createdAt ?? envelope.time,
    sentAt: envelope.time,
    ...(finding.service.eventFirstSeen !== undefined && { occurrence: { as: 'activity', at: finding.service.eventFirstSeen } }),
    resources: resourcesOf(finding),
    ...(evidence && { evidence }),
  };
  return findingsOf(rule, reported, place);
}

function idlenessOf(finding: GuardDutyFinding, wanted: Threats['resourceRole']): ServiceFinding['idle'] {
  const { archived, resourceRole } = finding.service;
  if (isSample(finding)) return { code: 'sample-finding', reason: 'The finding is a sample that GuardDuty generated on request.' };
  if (archived === true) return { code: 'not-active', reason: 'The finding is archived.' };
  if (wanted === undefined || resourceRole === wanted) return undefined;
  const reason = `The role of the resource in the finding is ${quote(resourceRole)}. This rule handles only findings in which it is ${wanted}.`;
  return { code: 'other-finding-type', reason };
}

/** Of which resources the finding is, by type. */
function resourcesOf(finding: GuardDutyFinding): ServiceFinding['resources'] {
  const { accountId, resource } = finding;
  const { instanceDetails, s3BucketDetails = [], lambdaDetails, rdsDbInstanceDetails } = resource;
  const groups = (instanceDetails?.networkInterfaces ?? []).flatMap(({ securityGroups = [] }) =>
    securityGroups.map(({ groupId }) => groupId),
  );
  const attacked = (finding.service.detection?.sequence?.resources ?? []).filter(({ resourceType }) => resourceType === 'S3_BUCKET');
  // The root user and a federated user have names, too.
  const { userName, userType = '' } = principalIn(finding);
  const principal = (types: readonly string[]) => ({
    ids: userName !== undefined && types.includes(userType) ? [userName] : [],
    at: resource.accessKeyDetails ? 'detail.resource.accessKeyDetails.userName' : 'detail.service.detection.sequence.actors',
  });
  return {
    'AWS::::Account': { ids: [`AWS::::Account:${accountId}`], at: 'detail.accountId' },
    'AWS::S3::Bucket':
      s3BucketDetails.length > 0 || attacked.length === 0
        ? { ids: s3BucketDetails.map(({ arn }) => arn), at: 'detail.resource.s3BucketDetails' }
        : { ids: attacked.map(({ uid }) => uid), at: 'detail.service.detection.sequence.resources' },
    'AWS::EC2::Instance': { ids: instancesIn(finding), at: 'The instance in detail.resource or detail.service.detection.sequence' },
    'AWS::EC2::SecurityGroup': { ids: groups, at: 'detail.resource.instanceDetails.networkInterfaces' },
    'AWS::Lambda::Function': { ids: toArray(lambdaDetails?.functionArn ?? []), at: 'detail.resource.lambdaDetails.functionArn' },
    'AWS::RDS::DBInstance': {
      ids: toArray(rdsDbInstanceDetails?.dbInstanceArn ?? []),
      at: 'detail.resource.rdsDbInstanceDetails.dbInstanceArn',
    },
    'AWS::IAM::User': principal(['IAMUser']),
    'AWS::IAM::Role': principal(['AssumedRole', 'Role']),
  };
}

function evidenceOf(finding: GuardDutyFinding, { time }: Pick<Envelope, 'time'>): Evidence {
  const { accessKeyId, principalId } = principalIn(finding);
  const remoteAddress = remoteAddressIn(finding);
  return {
    ...(accessKeyId !== undefined && { accessKeyId }),
    ...(principalId !== undefined && { principalId }),
    ...(remoteAddress !== undefined && { remoteAddress }),
    lastSeenAt: finding.service.eventLastSeen ?? finding.updatedAt ?? time,
  };
}
