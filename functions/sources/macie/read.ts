import * as z from 'zod';
import type { Place, Rule } from '../../../rules/rule';
import { parseArn } from '../../aws/arn';
import type { Reading } from '../../findings/finding';
import { contradiction } from '../contradiction';
import type { Envelope, Scope } from '../envelope';
import { misplacement } from '../misplacement';
import { refuse } from '../refuse';
import { findingsOf, type ServiceFinding } from '../service-finding';
import { accountId, check, record, reference, region, text, time } from '../shape';

/** The parts of a finding of Macie that are read: https://docs.aws.amazon.com/macie/latest/user/findings-publish-event-schemas.html */
const findingShape = record({
  id: reference,
  accountId,
  region,
  partition: text.optional(),
  type: reference,
  sample: z.boolean().optional(),
  archived: z.boolean().optional(),
  createdAt: time.optional(),
  resourcesAffected: record({ s3Bucket: record({ arn: reference }) }),
});

type MacieFinding = z.infer<typeof findingShape>;

/** The finding of `Macie Finding` about a bucket. Members' findings reach their administrator, too. */
export function readMacie(rule: Pick<Rule, 'detectedBy' | 'resource'>, envelope: Envelope, scope: Scope): Reading {
  const parsed = check(findingShape, envelope.detail, 'detail');
  if ('problem' in parsed) return refuse('ignored', 'malformed-event', parsed.problem);
  const finding = parsed.value;
  const { id } = finding;
  const bucket = finding.resourcesAffected.s3Bucket.arn;
  const partition = scope.partition ?? parseArn(bucket)?.partition ?? 'aws';
  const place: Place = { partition, account: finding.accountId, region: finding.region };
  const contradicts = contradiction([['detail.partition', finding.partition, partition]]);
  if (contradicts !== undefined) return refuse('invalid', 'contradictory-event', contradicts, id);
  const misplaced = misplacement(place, envelope, scope, 'Macie');
  if (misplaced) return refuse('invalid', misplaced.code, misplaced.problem, id);
  const reported: ServiceFinding = {
    source: 'macie',
    id,
    type: finding.type,
    handled: rule.detectedBy.macie ?? [],
    idle: idlenessOf(finding),
    detectedAt: finding.createdAt ?? envelope.time,
    sentAt: envelope.time,
    resources: { 'AWS::S3::Bucket': { ids: [bucket], at: 'detail.resourcesAffected.s3Bucket.arn' } },
  };
  return findingsOf(rule, reported, place);
}

function idlenessOf({ sample, archived }: MacieFinding): ServiceFinding['idle'] {
  if (sample === true) return { code: 'sample-finding', reason: 'The finding is a sample that Macie generated on request.' };
  return archived === true ? { code: 'not-active', reason: 'The finding is archived.' } : undefined;
}
