import * as z from 'zod';
import type { Place, Rule } from '../../../rules/rule';
import { parseArn } from '../../aws/arn';
import type { Reading } from '../../findings/finding';
import { quote } from '../../untrusted-text';
import { contradiction } from '../contradiction';
import type { Envelope, Scope } from '../envelope';
import { misplacement } from '../misplacement';
import { refuse } from '../refuse';
import { findingsOf, type ServiceFinding } from '../service-finding';
import { accountId, check, list, record, reference, region, text, time } from '../shape';

/** The parts of a finding of an external access analyzer that are read: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html */
const findingShape = record({
  id: reference,
  status: text,
  resourceType: reference,
  resource: reference,
  accountId,
  region,
  // Absent in findings about errors.
  isPublic: z.boolean().optional(),
  isDeleted: z.boolean().optional(),
  createdAt: time.optional(),
});

type AccessFinding = z.infer<typeof findingShape>;

const analyzers = list(reference, 100);

/**
 * The finding of `Access Analyzer Finding`, if it is about public access. The analyzer of an organization is in another account than the
 * resources.
 */
export function readAccessAnalyzer(rule: Pick<Rule, 'detectedBy' | 'resource'>, envelope: Envelope, scope: Scope): Reading {
  const parsed = check(findingShape, envelope.detail, 'detail');
  if ('problem' in parsed) return refuse('ignored', 'malformed-event', parsed.problem);
  const sent = check(analyzers, envelope.resources, 'resources');
  if ('problem' in sent) return refuse('ignored', 'malformed-event', sent.problem);
  const finding = parsed.value;
  const [analyzer = ''] = sent.value;
  const arn = parseArn(analyzer);
  const id = `${analyzer}/finding/${finding.id}`;
  const place: Place = { partition: scope.partition ?? arn?.partition ?? 'aws', account: finding.accountId, region: finding.region };
  const contradicts = contradiction([
    ['resources[0]', arn?.resource.startsWith('analyzer/') ? undefined : analyzer, 'the ARN of an analyzer'],
    ['The service in resources[0]', arn?.service, 'access-analyzer'],
    ['The partition in resources[0]', arn?.partition, place.partition],
    ['The Region in resources[0]', arn?.region, place.region],
    ['The account in resources[0]', arn?.account, envelope.account],
  ]);
  if (contradicts !== undefined) return refuse('invalid', 'contradictory-event', contradicts, id);
  const misplaced = misplacement(place, envelope, scope, 'IAM Access Analyzer');
  if (misplaced) return refuse('invalid', misplaced.code, misplaced.problem, id);
  const reported: ServiceFinding = {
    source: 'access-analyzer',
    id,
    type: `PublicAccess/${finding.resourceType}`,
    handled: rule.detectedBy.accessAnalyzer ?? [],
    idle: idlenessOf(finding),
    detectedAt: finding.createdAt ?? envelope.time,
    sentAt: envelope.time,
    resources: { [finding.resourceType]: { ids: [finding.resource], at: 'detail.resource' } },
  };
  return findingsOf(rule, reported, place);
}

function idlenessOf({ status, isPublic, isDeleted }: AccessFinding): ServiceFinding['idle'] {
  if (status !== 'ACTIVE') return { code: 'not-active', reason: `The status of the finding is ${quote(status)}, not ACTIVE.` };
  if (isDeleted === true) return { code: 'not-active', reason: 'The resource of the finding is deleted.' };
  if (isPublic === true) return undefined;
  const reason = `isPublic is ${quote(isPublic)}. The access of a principal that you know may be intended: only public access is removed.`;
  return { code: 'not-failed', reason };
}
