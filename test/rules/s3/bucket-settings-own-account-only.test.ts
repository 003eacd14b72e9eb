import {
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  ListBucketsCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import type { JsonObject } from '../../../rules/json';
import { readPolicy } from '../../../rules/policy';
import type { Change } from '../../../rules/rule';
import rule from '../../../rules/s3/bucket-settings-own-account-only';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { newBucket } from './new-bucket';

const partner = '444455556666';
const root = `arn:aws:iam::${partner}:root`;
const role = `arn:aws:iam::${partner}:role/uploads`;
const actions = ['s3:DeleteBucketPolicy', 's3:PutBucketAcl', 's3:PutBucketPolicy', 's3:PutEncryptionConfiguration', 's3:PutObjectAcl'];

const allow = (id: string, over: JsonObject): JsonObject => ({
  Effect: 'Allow',
  Principal: { AWS: root },
  Action: 's3:*',
  Resource: [`arn:aws:s3:::${id}`, `arn:aws:s3:::${id}/*`],
  ...over,
});
const deny = (id: string, over: JsonObject = {}): JsonObject => ({
  Sid: 'PostureDenyOtherAccounts',
  Effect: 'Deny',
  Action: actions,
  Resource: [`arn:aws:s3:::${id}`, `arn:aws:s3:::${id}/*`],
  Principal: { AWS: root },
  ...over,
});
const outside = (account: string): JsonObject => ({
  StringNotEquals: { 'aws:PrincipalAccount': account },
  Null: { 'aws:PrincipalAccount': 'false' },
});

const most = (id: string, over: JsonObject = {}): JsonObject => {
  const { Action: _, ...rest } = allow(id, over);
  return { ...rest, NotAction: actions };
};
/** A pattern from which the actions can't be taken out. */
const pattern = { Action: 's3:put*acl' };
const canonical = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be';

describeRule(rule, {
  violations: {
    'a bucket open to all that a partner wants': {
      seed: bucketWith((id) => [allow(id, {})]),
      fixed: async (world, id) => expect(await statementsOf(world, id)).toEqual([most(id)]),
      rolledBack: async (world, id) => expect(await statementsOf(world, id)).toEqual([allow(id, {})]),
    },
    'a bucket that its own account and a partner may change the policy of': {
      seed: bucketWith((id, account) => [
        allow(id, {
          Sid: 'admins',
          Principal: { AWS: [`arn:aws:iam::${account}:role/admin`, account, role], Service: 'logging.s3.amazonaws.com' },
          Action: ['s3:GetObject', 's3:PutBucketPolicy'],
        }),
      ]),
      fixed: async (world, id) =>
        expect(await statementsOf(world, id)).toEqual([
          allow(id, {
            Sid: 'admins',
            Principal: { AWS: [`arn:aws:iam::${world.account}:role/admin`, world.account], Service: 'logging.s3.amazonaws.com' },
            Action: ['s3:GetObject', 's3:PutBucketPolicy'],
          }),
          allow(id, { Principal: { AWS: role }, Action: ['s3:GetObject'] }),
        ]),
    },
    'a bucket whose policy a partner may change, and nothing else': {
      seed: bucketWith((id) => [allow(id, { Action: 's3:PutBucketPolicy' })]),
      fixed: async (world, id) => expect(await statementsOf(world, id)).toEqual([]),
      rolledBack: async (world, id) => expect(await statementsOf(world, id)).toEqual([allow(id, { Action: 's3:PutBucketPolicy' })]),
    },
    'a bucket for all actions but some, of a partner': {
      seed: bucketWith((id) => [most(id, { NotAction: 's3:GetObject' }), { ...most(id), NotAction: 's3:GetObject' }]),
      fixed: async (world, id) =>
        expect((await statementsOf(world, id)).map(({ NotAction }) => NotAction)).toEqual([actions, ['s3:GetObject', ...actions]]),
    },
    'a bucket for a partner by a canonical user id': {
      seed: bucketWith((id) => [
        allow(id, { Principal: { CanonicalUser: canonical }, Action: ['s3:GetObject', 's3:PutBucketAcl'] }),
        allow(id, { Principal: { CanonicalUser: canonical }, ...pattern }),
      ]),
      fixed: async (world, id) =>
        expect(await statementsOf(world, id)).toEqual([
          allow(id, { Principal: { CanonicalUser: canonical }, Action: ['s3:GetObject'] }),
          allow(id, { Principal: { CanonicalUser: canonical }, ...pattern }),
          deny(id, { Principal: { CanonicalUser: canonical } }),
        ]),
    },
    'a bucket that two partners may change by a pattern, beside one by name': {
      seed: bucketWith((id) => [
        allow(id, { Sid: 'names', Action: ['s3:GetObject', 's3:PutBucketPolicy'] }),
        allow(id, { Principal: { AWS: ['777788889999', role] }, ...pattern }),
      ]),
      fixed: async (world, id) =>
        expect(await statementsOf(world, id)).toEqual([
          allow(id, { Sid: 'names', Action: ['s3:GetObject'] }),
          allow(id, { Principal: { AWS: ['777788889999', role] }, ...pattern }),
          deny(id, { Principal: { AWS: ['777788889999', role] } }),
        ]),
    },
    'a bucket whose access control lists everybody may change': {
      seed: bucketWith((id) => [allow(id, { Principal: '*', Action: 's3:PutObjectAcl' })]),
      fixed: async (world, id) =>
        expect((await statementsOf(world, id)).at(-1)).toEqual(deny(id, { Principal: '*', Condition: outside(world.account) })),
    },
    'a bucket whose access control lists everybody may change, and which takes no public policy any more': {
      // To the emulator, none is public.
      seed: async (world) => {
        const Bucket = await bucketWith((id) => [allow(id, { Principal: '*', Action: 's3:PutObjectAcl' })])(world);
        await world.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicPolicy: true } }));
        return Bucket;
      },
    },
    'a bucket of which our statement is not all that is to be denied, and owners who say more': {
      seed: bucketWith((id) => [allow(id, { Action: 's3:P*' }), deny(id)]),
      parameters: { actions: ['s3:PutBucket*'] },
      fixed: async (world, id) =>
        expect((await statementsOf(world, id)).at(-1)).toEqual(deny(id, { Sid: 'PostureDenyOtherAccounts2', Action: ['s3:PutBucket*'] })),
    },
    'a bucket to whose policy others have added since': {
      seed: bucketWith((id) => [allow(id, pattern)]),
      meanwhile: (world, id) => put(world, id, [deny(id), allow(id, { Sid: 'theirs' })]),
      rolledBack: async (world, id) => expect(await statementsOf(world, id)).toEqual([allow(id, { Sid: 'theirs' })]),
    },
    'a bucket from whose policy the actions were taken out, and to which others have added since': {
      seed: bucketWith((id) => [allow(id, {}), allow(id, { Sid: 'second', Action: ['s3:PutBucketAcl'] })]),
      meanwhile: (world, id) => put(world, id, [allow(id, { Sid: 'theirs', Action: 's3:GetObject' }), most(id)]),
      rolledBack: async (world, id) =>
        expect(await statementsOf(world, id)).toEqual([
          allow(id, { Sid: 'theirs', Action: 's3:GetObject' }),
          allow(id, {}),
          allow(id, { Sid: 'second', Action: ['s3:PutBucketAcl'] }),
        ]),
    },
    'a bucket without a policy after the fix, which others have given one since': {
      seed: bucketWith((id) => [allow(id, { Action: 's3:PutBucketPolicy' })]),
      meanwhile: (world, id) => put(world, id, [allow(id, { Sid: 'theirs', Action: 's3:GetObject' })]),
      rolledBack: async (world, id) =>
        expect(await statementsOf(world, id)).toEqual([
          allow(id, { Sid: 'theirs', Action: 's3:GetObject' }),
          allow(id, { Action: 's3:PutBucketPolicy' }),
        ]),
    },
    'a bucket where others have taken our statement': {
      seed: bucketWith((id) => [allow(id, pattern)]),
      meanwhile: (world, id) => put(world, id, [allow(id, { Sid: 'theirs' })]),
      rolledBack: async (world, id) => expect(await statementsOf(world, id)).toEqual([allow(id, { Sid: 'theirs' })]),
    },
    'a bucket whose policy others have deleted': {
      seed: bucketWith((id) => [allow(id, {})]),
      meanwhile: async (world, id) => void (await world.send(new DeleteBucketPolicyCommand({ Bucket: id }))),
      rolledBack: async (world, id) => expect(await statementsOf(world, id)).toEqual([]),
    },
    'a bucket where others have changed our statement': {
      seed: bucketWith((id) => [allow(id, pattern)]),
      meanwhile: (world, id) => put(world, id, [allow(id, pattern), deny(id, { Action: 's3:*' })]),
      rollback: 'rollback-refused',
    },
    'a bucket where others have changed a statement of which we took a part': {
      seed: bucketWith((id) => [allow(id, { Sid: 'partner' })]),
      meanwhile: (world, id) => put(world, id, [allow(id, { Sid: 'partner', Action: 's3:GetObject' })]),
      rollback: 'rollback-refused',
    },
    'a bucket in whose policy nothing but our statement is left': {
      seed: bucketWith((id) => [allow(id, pattern)]),
      meanwhile: (world, id) => put(world, id, [deny(id)]),
      rollback: 'rollback-refused',
    },
  },
  compliant: {
    'a bucket without a policy': { seed: newBucket },
    'a bucket whose objects a partner may read and write': {
      seed: bucketWith((id) => [allow(id, { Action: ['s3:GetObject', 's3:PutObject', 's3:ListBucket'] })]),
    },
    'a bucket for its own account and a service': {
      seed: bucketWith((id, account) => [
        allow(id, { Principal: { AWS: [account, `arn:aws:sts::${account}:assumed-role/admin/me`], Service: 'cloudtrail.amazonaws.com' } }),
      ]),
    },
    'a bucket for its own account by its canonical user id': {
      seed: async (world) => {
        const { Owner } = await world.send(new ListBucketsCommand({}));
        return bucketWith((id) => [allow(id, { Principal: { CanonicalUser: Owner?.ID } })])(world);
      },
    },
    'a bucket that denies everybody, and so the partner': {
      seed: bucketWith((id) => [allow(id, {}), deny(id, { Sid: 'theirs', Principal: '*' })]),
    },
  },
  obstacles: {
    'a bucket that an organization may change the policy of': {
      seed: bucketWith((id) => [
        allow(id, { Sid: 'ours', Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }),
      ]),
      outcome: 'unfixable',
      reason: /under a condition \("ours"\)/,
    },
    'a policy that names a deleted role': {
      seed: bucketWith((id) => [allow(id, { Principal: { AWS: [root, 'AROAEXAMPLE1234567890'] } })]),
      outcome: 'unfixable',
      reason: /names AROAEXAMPLE1234567890/,
    },
    'a policy with no room left': {
      seed: async (world) => {
        const id = await newBucket(world);
        const Policy = JSON.stringify({ Id: 'x'.repeat(20 * 1024 - 300), Statement: [allow(id, pattern)] });
        await world.send(new PutBucketPolicyCommand({ Bucket: id, Policy }));
        return id;
      },
      outcome: 'unfixable',
      reason: /would have \d+ bytes\. S3 accepts up to 20480/,
    },
  },
  missing: 'no-such-bucket-anywhere',
});

const resource = {
  type: 'AWS::S3::Bucket',
  id: 'b',
  arn: 'arn:aws:s3:::b',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
};
const context = { parameters: { actions }, detectedBy: 'S3.6', now: new Date(0) };
const planFor = (...statements: readonly JsonObject[]) =>
  rule.plan(resource, { policy: JSON.stringify({ Statement: statements }) }, context);

describe('a denial', () => {
  it.each<[string, JsonObject]>([
    ['of the account', {}],
    ['of the account by its id', { Principal: { AWS: ['999999999999', partner] } }],
    ['of everybody but the own account', { Principal: '*', Condition: outside('111122223333') }],
    ['of all actions', { Action: '*' }],
    ['of all buckets', { Resource: 'arn:aws:s3:::*' }],
  ])('%s is enough', (_what, over) => {
    expect(planFor(allow('b', { Principal: { AWS: role } }), deny('b', { Sid: 'theirs', ...over }))).toEqual([]);
  });

  it.each<[string, JsonObject]>([
    ['of another account', { Principal: { AWS: '999999999999' } }],
    ['of another role', { Principal: { AWS: `${role}2` } }],
    ['of a service', { Principal: { Service: 's3.amazonaws.com' } }],
    ['of all but some', { Principal: undefined, NotPrincipal: { AWS: '999999999999' } }],
    ['of some of the actions', { Action: actions.slice(1) }],
    ['of all actions but some', { Action: undefined, NotAction: 's3:GetObject' }],
    ['about the objects alone', { Resource: 'arn:aws:s3:::b/*' }],
    ['about the bucket alone', { Resource: 'arn:aws:s3:::b' }],
    ['about a lone object', { Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/'] }],
    ['about the objects of another bucket', { Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::c/*'] }],
    ['under a condition', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
    ['of everybody but another account', { Principal: '*', Condition: outside('999999999999') }],
  ])('%s is not', (_what, over) => {
    expect(planFor(allow('b', { Principal: { AWS: role } }), deny('b', { Sid: 'theirs', ...over }))).toHaveLength(1);
  });
});

describe('a permission', () => {
  it.each<[string, JsonObject, number]>([
    ['of all actions but reading', { Action: undefined, NotAction: 's3:Get*' }, 1],
    ['of all actions but those', { Action: undefined, NotAction: ['s3:put*', 's3:Delete*'] }, 0],
    ['of no action', { Action: undefined }, 0],
    ['for all but some', { Principal: undefined, NotPrincipal: { AWS: partner } }, 1],
    ['for everybody by another spelling', { Principal: { AWS: ['*'] } }, 1],
    ['for an identity provider', { Principal: { Federated: 'cognito-identity.amazonaws.com' } }, 0],
    ['that asks for TLS', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }, 1],
  ])('%s', (_what, over, changes) => {
    expect(planFor(allow('b', over))).toHaveLength(changes);
  });

  it('of a policy that is not JSON can not be told', () => {
    expect(rule.plan(resource, { policy: '{' }, context)).toEqual({
      unfixable: expect.stringContaining('cannot be parsed'),
      code: 'state-unreadable',
    });
  });
});

it('leaves a policy alone that S3 would not take again, unless nothing is to be done', () => {
  const planned = (...Statement: readonly JsonObject[]) =>
    rule.plan(resource, { policy: JSON.stringify({ Statement }), refused: true }, context);
  const open = allow('b', { Principal: '*' });
  expect(planned(open)).toEqual({ unfixable: expect.stringContaining('Block Public Access'), code: 'public-policy-blocked' });
  expect(planned(open, deny('b', { Principal: '*' }))).toEqual([]);
});

it('is content with what it has done, and puts back the very text', () => {
  const policy = `{ "Statement": ${JSON.stringify(allow('b', {}))} }`;
  const [change] = rule.plan(resource, { policy }, context) as readonly (Change & { undo: { input: object } })[];
  const { Policy = '' } = (change?.do.input ?? {}) as { Policy?: string };
  expect(readPolicy(Policy)?.statements).toEqual([most('b')]);
  expect(rule.plan(resource, { policy: Policy }, context)).toEqual([]);
  expect(change?.undo.input).toEqual({ Bucket: 'b', ExpectedBucketOwner: '111122223333', Policy: policy });
});

async function put(world: World, Bucket: string, Statement: readonly JsonObject[]): Promise<void> {
  await world.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }));
}

const statementsOf = (world: World, Bucket: string): Promise<readonly JsonObject[]> =>
  world.send(new GetBucketPolicyCommand({ Bucket })).then(
    ({ Policy = '' }) => readPolicy(Policy)?.statements ?? [],
    (error: Error) => {
      if (error.name === 'NoSuchBucketPolicy') return [];
      throw error;
    },
  );

function bucketWith(statements: (id: string, account: string) => readonly JsonObject[]) {
  return async (world: World): Promise<string> => {
    const id = await newBucket(world);
    await put(world, id, statements(id, world.account));
    return id;
  };
}
