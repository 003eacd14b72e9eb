import { DeleteBucketPolicyCommand, GetBucketPolicyCommand, PutBucketPolicyCommand, PutPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import { undefinedOn } from '../../../rules/absence';
import type { JsonObject } from '../../../rules/json';
import rule from '../../../rules/s3/bucket-locked';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';
import { newBucket } from './new-bucket';

const responder = 'arn:aws:iam::444455556666:role/security/Responder';
const other = 'arn:aws:iam::444455556666:role/Forensics';
const arnOf = (bucket: string) => `arn:aws:s3:::${bucket}`;

const lockOf = ({ account }: World, bucket: string, roles = [responder], Sid = 'PostureLocked'): JsonObject => ({
  Sid,
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [arnOf(bucket), `${arnOf(bucket)}/*`],
  Condition: {
    ArnNotLike: { 'aws:PrincipalArn': [...roles, `arn:aws:iam::${account}:role/posture-s3-bucket-locked`].sort() },
    BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
  },
});
const reading = (bucket: string): JsonObject => ({
  Sid: 'Reading',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::444455556666:root' },
  Action: 's3:GetObject',
  Resource: `${arnOf(bucket)}/*`,
});

const put = async (world: World, Bucket: string, ...Statement: JsonObject[]) =>
  void (await world.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) })));

const bucketWith =
  (...statements: ((bucket: string, world: World) => JsonObject)[]) =>
  async (world: World): Promise<string> => {
    const bucket = await newBucket(world);
    await put(world, bucket, ...statements.map((statement) => statement(bucket, world)));
    return bucket;
  };

async function statementsOf(world: World, Bucket: string): Promise<readonly JsonObject[] | undefined> {
  const answer = await undefinedOn(['NoSuchBucketPolicy'], world.send(new GetBucketPolicyCommand({ Bucket })));
  return answer?.Policy === undefined ? undefined : JSON.parse(answer.Policy).Statement;
}

describeRule(rule, {
  parameters: { responders: [responder] },
  violations: {
    'a bucket without a policy': {
      seed: newBucket,
      fixed: async (world, id) => expect(await statementsOf(world, id)).toEqual([lockOf(world, id)]),
      rolledBack: async (world, id) => expect(await statementsOf(world, id)).toBeUndefined(),
    },
    'a bucket with a policy, and two responders': {
      seed: bucketWith(reading),
      parameters: { responders: [responder, other] },
      detectedBy: 'Object:S3/MaliciousFile',
      fixed: async (world, id) => expect(await statementsOf(world, id)).toEqual([reading(id), lockOf(world, id, [responder, other])]),
    },
    'a bucket to whose policy others have added since': {
      seed: bucketWith(reading),
      meanwhile: (world, id) => put(world, id, reading(id), lockOf(world, id), { ...reading(id), Sid: 'More' }),
      rolledBack: async (world, id) => expect(await statementsOf(world, id)).toEqual([reading(id), { ...reading(id), Sid: 'More' }]),
    },
    'a bucket whose policy others have deleted since': {
      seed: bucketWith(reading),
      meanwhile: async (world, Bucket) => void (await world.send(new DeleteBucketPolicyCommand({ Bucket }))),
      rolledBack: async (world, id) => expect(await statementsOf(world, id)).toBeUndefined(),
    },
    'a bucket whose lock others have weakened since': {
      seed: bucketWith(reading),
      meanwhile: (world, id) => put(world, id, reading(id), { ...lockOf(world, id), Action: 's3:PutObject' }),
      rollback: 'rollback-refused',
      rolledBack: async (world, id) => expect(await statementsOf(world, id)).toHaveLength(2),
    },
    'a bucket that lets in an organization alone, and blocks public policies': {
      seed: async (world) => {
        const Condition = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } };
        const Bucket = await bucketWith((id) => ({ ...reading(id), Principal: '*', Condition }))(world);
        await world.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicPolicy: true } }));
        return Bucket;
      },
      fixed: async (world, id) => expect((await statementsOf(world, id))?.[1]).toEqual(lockOf(world, id)),
    },
    'a bucket whose lock denies one action alone, and has our statement ID': {
      seed: bucketWith((id, world) => ({ ...lockOf(world, id), Action: 's3:PutObject' })),
      fixed: async (world, id) => expect((await statementsOf(world, id))?.[1]).toEqual(lockOf(world, id, [responder], 'PostureLocked2')),
    },
  },
  compliant: {
    'a bucket that is locked already': { seed: bucketWith(reading, (id, world) => lockOf(world, id)) },
    'a bucket that is locked under another statement ID': { seed: bucketWith((id, world) => lockOf(world, id, [responder], 'Ours')) },
  },
  obstacles: {
    'no responders': { seed: newBucket, parameters: { responders: [] }, outcome: 'not-configured', reason: /responders/ },
    'a responder with a wildcard, which would spare an attacker': {
      seed: newBucket,
      parameters: { responders: ['arn:aws:iam::444455556666:role/*'] },
      outcome: 'not-configured',
      reason: /responders/,
    },
    'a policy that would be too large': {
      seed: bucketWith((id) => ({
        ...reading(id),
        Resource: Array.from({ length: 200 }, (_, index) => `${arnOf(id)}/${'x'.repeat(80)}${index}`),
      })),
      parameters: { responders: Array.from({ length: 20 }, (_, index) => `arn:aws:iam::444455556666:role/${'r'.repeat(60)}${index}`) },
      outcome: 'unfixable',
      reason: /With the statement that locks the bucket, the bucket policy would have \d{5} bytes/,
    },
    'a policy that names a deleted user': {
      seed: bucketWith((id) => ({ ...reading(id), Principal: { AWS: 'AIDAIOSFODNN7EXAMPLE' } })),
      outcome: 'unfixable',
      reason: /AIDAIOSFODNN7EXAMPLE, a deleted user or role/,
    },
    'a bucket that is locked for other roles': {
      seed: bucketWith(reading, (id, world) => lockOf(world, id, [other])),
      outcome: 'unfixable',
      reason: /locked already, but for other roles \(.*arn:aws:iam::444455556666:role\/Forensics\)/,
    },
    'a bucket with a second lock, for other roles': {
      seed: bucketWith(
        (id, world) => lockOf(world, id),
        (id, world) => lockOf(world, id, [other], 'Second'),
      ),
      outcome: 'unfixable',
      reason: /locked already, but for other roles/,
    },
  },
  missing: 'no-such-bucket-of-anybody',
});

it('changes nothing where Block Public Access would reject the policy', () => {
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  const resource = { ...place, type: 'AWS::S3::Bucket', id: 'invoices', arn: arnOf('invoices') };
  const policy = JSON.stringify({ Statement: [{ ...reading('invoices'), Principal: '*' }] });
  const parameters = { responders: [responder] };
  expect(planOf(rule, resource, { policy, refused: true }, { parameters })).toMatchObject({ code: 'public-policy-blocked' });
  expect(planOf(rule, resource, { policy }, { parameters })).toHaveLength(1);
});
