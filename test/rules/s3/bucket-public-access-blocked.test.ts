import {
  GetBucketAclCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  type PublicAccessBlockConfiguration,
  PutBucketAclCommand,
  type PutBucketAclCommandInput,
  PutBucketPolicyCommand,
  PutBucketWebsiteCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { PutPublicAccessBlockCommand as PutAccountBlockCommand } from '@aws-sdk/client-s3-control';
import type { Change } from '../../../rules/rule';
import rule from '../../../rules/s3/bucket-public-access-blocked';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { newBucket } from './new-bucket';

const all = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
const none = { BlockPublicAcls: false, IgnorePublicAcls: false, BlockPublicPolicy: false, RestrictPublicBuckets: false };

const allUsers = 'http://acs.amazonaws.com/groups/global/AllUsers';
const logDelivery = 'http://acs.amazonaws.com/groups/s3/LogDelivery';
/** Everyone may list the bucket, and S3 may deliver logs to it. */
const everyone = { GrantRead: `uri="${allUsers}"`, GrantWrite: `uri="${logDelivery}"` };

const trailPolicy = (id: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::${id}/AWSLogs/*`,
    },
  });

describeRule(rule, {
  violations: {
    'a bucket without any such configuration': {
      seed: newBucket,
      fixed: async (world, id) => expect(await settingsOf(world, id)).toEqual(all),
      rolledBack: async (world, id) =>
        expect(settingsOf(world, id)).rejects.toMatchObject({ name: 'NoSuchPublicAccessBlockConfiguration' }),
    },
    'a bucket that blocks public access control lists, but no public policy': {
      detectedBy: 'S3.2',
      seed: bucketWith({ ...none, BlockPublicAcls: true, IgnorePublicAcls: true }),
      fixed: async (world, id) => expect(await settingsOf(world, id)).toEqual(all),
      rolledBack: async (world, id) =>
        expect(await settingsOf(world, id)).toEqual({ ...none, BlockPublicAcls: true, IgnorePublicAcls: true }),
    },
    'a bucket of a trail, that its policy lets CloudTrail write to': {
      detectedBy: 'CloudTrail.6',
      seed: async (world) => {
        const id = await bucketWith({ ...all, BlockPublicPolicy: false })(world);
        await world.send(new PutBucketPolicyCommand({ Bucket: id, Policy: trailPolicy(id) }));
        return id;
      },
      fixed: async (world, id) => expect((await world.send(new GetBucketPolicyCommand({ Bucket: id }))).Policy).toBe(trailPolicy(id)),
    },
    'a bucket of a trail with a public grant': {
      detectedBy: 'CloudTrail.6',
      seed: bucketWith({ ...none, BlockPublicPolicy: true }, everyone),
      fixed: async (world, id) => {
        expect(await settingsOf(world, id)).toEqual(all);
        expect(await groupsOf(world, id)).toEqual([logDelivery]);
      },
      rolledBack: async (world, id) => {
        expect(await settingsOf(world, id)).toEqual({ ...none, BlockPublicPolicy: true });
        expect((await groupsOf(world, id)).toSorted()).toEqual([allUsers, logDelivery].toSorted());
      },
    },
    'a bucket of a trail with a public grant that has no effect any more': {
      detectedBy: 'CloudTrail.6',
      seed: bucketWith(all, everyone),
      outcome: 'awaiting-approval',
    },
    'a bucket of a trail with a public grant, in an account that rejects those': {
      detectedBy: 'CloudTrail.6',
      seed: async (world) => {
        const id = await bucketWith(none, everyone)(world);
        const block = { AccountId: world.account, PublicAccessBlockConfiguration: all };
        await world.send(new PutAccountBlockCommand(block));
        return id;
      },
      outcome: 'partly-fixed',
      fixed: async (world, id) => expect(await settingsOf(world, id)).toEqual(all),
    },
    'a bucket with a public grant, which is no bucket of a trail': {
      seed: bucketWith(none, everyone),
      fixed: async (world, id) => expect(await groupsOf(world, id)).toHaveLength(2),
    },
    'a website': {
      seed: async (world) => {
        const id = await newBucket(world);
        await world.send(new PutBucketWebsiteCommand({ Bucket: id, WebsiteConfiguration: { IndexDocument: { Suffix: 'index.html' } } }));
        return id;
      },
    },
    'a bucket that blocks all but one thing': {
      detectedBy: 's3-bucket-public-write-prohibited',
      seed: bucketWith({ ...all, RestrictPublicBuckets: false }),
    },
    'a bucket with all of it turned off': {
      seed: bucketWith(none),
      rolledBack: async (world, id) => expect(await settingsOf(world, id)).toEqual(none),
    },
    'a bucket that somebody opens again after the fix': {
      seed: newBucket,
      meanwhile: async (world, id) => void (await put(world, id, { ...all, BlockPublicPolicy: false })),
      rollback: 'rollback-refused',
    },
  },
  compliant: {
    'a bucket that blocks all of it': { seed: bucketWith(all) },
    'a bucket of a trail that blocks all of it, and lets S3 deliver logs': {
      detectedBy: 'CloudTrail.6',
      seed: bucketWith(all, { GrantWrite: `uri="${logDelivery}"`, GrantReadACP: `uri="${logDelivery}"` }),
    },
    'a bucket with a public grant that has no effect any more, which is no bucket of a trail': { seed: bucketWith(all, everyone) },
  },
  missing: 'no-such-bucket-anywhere',
});

it('reads settings that AWS leaves out as off', async () => {
  const answer = { PublicAccessBlockConfiguration: { BlockPublicAcls: true } };
  expect(await rule.inspect(bucket, { send: async () => answer as never })).toMatchObject({ block: { ...none, BlockPublicAcls: true } });
});

it('says that the bucket is a website before it closes it', () => {
  const notes = (state: Parameters<typeof rule.plan>[1]) =>
    (rule.plan(bucket, state, { parameters: {}, detectedBy: 'S3.8', now: new Date(0) }) as readonly Change[]).map(({ note }) => note);
  expect(notes({ block: null, website: true })).toEqual([expect.stringContaining('b is configured as a website')]);
  expect(notes({ block: null })).toEqual([undefined]);
});

it('asks for a bucket of the account of the finding alone', async () => {
  const sent: object[] = [];
  const aws = {
    async send(command: { input: object }) {
      sent.push(command.input);
      return {} as never;
    },
  };
  const state = await rule.inspect(bucket, aws);
  const plan = rule.plan(bucket, state as { block: null }, {} as never) as readonly { do: { input: object }; undo: { input: object } }[];
  sent.push(...plan.flatMap((change) => [change.do.input, change.undo.input]));
  expect(sent).toHaveLength(5);
  for (const input of sent) expect(input).toMatchObject({ Bucket: 'b', ExpectedBucketOwner: '111122223333' });
});

const bucket = {
  type: 'AWS::S3::Bucket',
  id: 'b',
  arn: 'arn:aws:s3:::b',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
};

const put = (world: World, Bucket: string, settings: PublicAccessBlockConfiguration) =>
  world.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: settings }));

const settingsOf = async (world: World, Bucket: string): Promise<PublicAccessBlockConfiguration | undefined> =>
  (await world.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration;

/** The groups to which the access control list of a bucket grants access. */
async function groupsOf(world: World, Bucket: string): Promise<readonly string[]> {
  const { Grants = [] } = await world.send(new GetBucketAclCommand({ Bucket }));
  return Grants.flatMap(({ Grantee }) => Grantee?.URI ?? []);
}

function bucketWith(settings: PublicAccessBlockConfiguration, grants?: Partial<PutBucketAclCommandInput>) {
  return async (world: World): Promise<string> => {
    const id = await newBucket(world);
    if (grants) await world.send(new PutBucketAclCommand({ Bucket: id, ...grants }));
    await put(world, id, settings);
    return id;
  };
}
