import { CreateBucketCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { canBeMade, isThere, originBuckets } from '../../../rules/cloudfront/distribution/origin-bucket';
import { distribution } from '../../../rules/cloudfront/distribution/resource';
import rule from '../../../rules/cloudfront/distribution-origin-bucket-owned';
import type { Change } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { bucketOrigin, newDistribution, server } from './distribution/seed';

const named = () => `assets-${Math.random().toString(36).slice(2)}`;

describeRule(rule, {
  violations: {
    'a distribution of a bucket that is gone': {
      seed: (world) => newDistribution(world, [server, bucketOrigin(`${named()}.s3.eu-west-1.amazonaws.com`)]),
      fixed: async (world) => {
        const { Buckets = [] } = await world.send(new ListBucketsCommand({}));
        expect(Buckets).toHaveLength(1);
      },
      rolledBack: async (world) => expect((await world.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]),
    },
    'a distribution of three buckets, two of which are gone': {
      seed: async (world) => {
        const there = await newBucket(world);
        const domains = [`${there}.s3.amazonaws.com`, `${named()}.s3.amazonaws.com`, `${named()}.s3-us-west-2.amazonaws.com`];
        return newDistribution(world, domains.map(bucketOrigin));
      },
      fixed: async (world) => expect((await world.send(new ListBucketsCommand({}))).Buckets).toHaveLength(3),
      rolledBack: async (world) => expect((await world.send(new ListBucketsCommand({}))).Buckets).toHaveLength(1),
    },
  },
  compliant: {
    'a distribution of a bucket that is there': {
      seed: async (world) => newDistribution(world, [bucketOrigin(`${await newBucket(world)}.s3.eu-west-1.amazonaws.com`)]),
    },
    'a distribution of no bucket': { seed: (world) => newDistribution(world, [server]) },
    'a distribution of the website of a bucket that is gone': {
      seed: (world) => newDistribution(world, [{ ...server, DomainName: `${named()}.s3-website-eu-west-1.amazonaws.com` }]),
    },
  },
  obstacles: {
    'an alias of an access point that is gone': {
      seed: (world) => newDistribution(world, [bucketOrigin('shop-abc123-s3alias.s3.eu-west-1.amazonaws.com')]),
      outcome: 'unfixable',
      reason: /origin bucket shop-abc123-s3alias does not exist/,
    },
  },
  missing: 'E0NOSUCHONE',
});

const resource = {
  partition: 'aws',
  account: '111122223333',
  region: 'us-east-1',
  type: distribution.type,
  id: 'E1',
  arn: 'arn:aws:cloudfront::111122223333:distribution/E1',
};

it('makes the bucket in the region of the finding, with a tag, and waits where S3 has not forgotten the last one', () => {
  const context = { parameters: {}, detectedBy: 'CloudFront.12', now: new Date(0) };
  const Tags = [{ Key: 'posture:rule', Value: rule.id }];
  expect(rule.plan(resource, { origins: ['assets'], missing: ['assets'] }, context)).toMatchObject([
    {
      do: { input: { Bucket: 'assets', CreateBucketConfiguration: { Tags } } },
      undo: { input: { Bucket: 'assets' } },
      retryOn: ['OperationAborted'],
    },
  ]);
  const [change] = rule.plan(
    { ...resource, region: 'cn-northwest-1' },
    { origins: ['assets'], missing: ['assets'] },
    context,
  ) as readonly Change[];
  expect(change?.do.input).toEqual({ Bucket: 'assets', CreateBucketConfiguration: { LocationConstraint: 'cn-northwest-1', Tags } });
  const [first] = rule.plan(resource, { origins: ['assets'], missing: ['assets'] }, context) as readonly Change[];
  expect(first?.do.input).toEqual({ Bucket: 'assets', CreateBucketConfiguration: { Tags } });
});

it.each([
  ['assets.s3.amazonaws.com', ['assets']],
  ['assets.s3.eu-west-1.amazonaws.com', ['assets']],
  ['assets.s3-eu-west-1.amazonaws.com', ['assets']],
  ['assets.s3.dualstack.eu-west-1.amazonaws.com', ['assets']],
  ['assets.s3.cn-north-1.amazonaws.com.cn', ['assets']],
  ['my.s3.assets.s3.amazonaws.com', ['my.s3.assets']],
  ['assets.s3-website.eu-west-1.amazonaws.com', []],
  ['assets.s3-website-eu-west-1.amazonaws.com', []],
  ['assets.s3.amazonaws.com.example.org', []],
])('reads the bucket in %s', (domain, buckets) => {
  expect(originBuckets({ Origins: { Items: [bucketOrigin(domain)] } } as never)).toEqual(buckets);
  expect(originBuckets({ Origins: { Items: [{ ...server, DomainName: domain }] } } as never)).toEqual([]);
});

it.each([
  'a',
  'Assets',
  'assets_1',
  'a..b',
  'assets-',
  'x-s3alias',
  'x--ol-s3',
  'x--x-s3',
  'x.mrap',
  'x-111122223333-us-east-1-an',
  'xn--x',
  'a'.repeat(64),
])('knows that no bucket can be named %s', (name) => expect(canBeMade(name)).toBe(false));
it.each(['abc', 'assets.example.com', '0-9', 'a'.repeat(63)])('knows that a bucket can be named %s', (name) => {
  expect(canBeMade(name)).toBe(true);
});

it.each([
  [403, true],
  [301, true],
  [404, false],
])('takes %i for an answer', async (httpStatusCode, there) => {
  const send = () => Promise.reject(Object.assign(new Error(), { $metadata: { httpStatusCode } }));
  expect(await isThere('assets', { send })).toBe(there);
});

it('takes nothing else for one', async () => {
  const send = () => Promise.reject(Object.assign(new Error('slow down'), { $metadata: { httpStatusCode: 503 } }));
  await expect(isThere('assets', { send })).rejects.toThrow('slow down');
});

async function newBucket(world: World): Promise<string> {
  const Bucket = named();
  await world.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  return Bucket;
}
