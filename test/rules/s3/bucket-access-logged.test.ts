import {
  CreateBucketCommand,
  GetBucketLoggingCommand,
  PutBucketAclCommand,
  PutBucketEncryptionCommand,
  PutBucketLoggingCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3';
import { undefinedOn } from '../../../rules/absence';
import type { JsonObject } from '../../../rules/json';
import type { Aws, AwsCommand, Change } from '../../../rules/rule';
import rule from '../../../rules/s3/bucket-access-logged';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';
import { newBucket } from './new-bucket';

// The parameters of a scenario are the same for all accounts, and so is the name of the bucket: each start has one of its own.
const logBuckets = Array.from({ length: 11 }, () => `logs-${Math.random().toString(36).slice(2)}`);
const [
  first = '',
  second = '',
  third = '',
  fourth = '',
  fifth = '',
  sixth = '',
  seventh = '',
  eighth = '',
  ninth = '',
  tenth = '',
  eleventh = '',
] = logBuckets;

const delivery = (logBucket: string, over: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Principal: { Service: 'logging.s3.amazonaws.com' },
  Action: ['s3:PutObject'],
  Resource: `arn:aws:s3:::${logBucket}/*`,
  ...over,
});

describeRule(rule, {
  parameters: { logBucket: first },
  violations: {
    'a bucket that is not logged': {
      seed: beside(first, delivery(first)),
      fixed: async (world, id) => expect(await loggingOf(world, id)).toEqual({ TargetBucket: first, TargetPrefix: `${id}/` }),
      rolledBack: async (world, id) => expect(await loggingOf(world, id)).toBeUndefined(),
    },
    'the bucket of a trail, and a log bucket that takes the logs of this account alone': {
      detectedBy: 'CloudTrail.7',
      seed: async (world) => {
        const statement = delivery(second, { Resource: `arn:aws:s3:::${second}/access/*` });
        await newBucket(world, second);
        const Condition = {
          StringEquals: { 'aws:SourceAccount': world.account },
          ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::records-of-*' },
        };
        await admit(world, second, { ...delivery(second), Condition }, statement);
        return newBucket(world);
      },
      parameters: { logBucket: second, prefix: 'access/' },
      fixed: async (world, id) => expect(await loggingOf(world, id)).toEqual({ TargetBucket: second, TargetPrefix: `access/${id}/` }),
    },
    'a bucket, and a log bucket that lets S3 write by its access control list': {
      seed: async (world) => {
        await newBucket(world, third);
        const ownership = { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' as const }] } };
        await world.send(new PutBucketOwnershipControlsCommand({ Bucket: third, ...ownership }));
        const uri = 'uri=http://acs.amazonaws.com/groups/s3/LogDelivery';
        await world.send(new PutBucketAclCommand({ Bucket: third, GrantWrite: uri, GrantReadACP: uri }));
        return newBucket(world);
      },
      parameters: { logBucket: third },
    },
    'a bucket that somebody else logs elsewhere before the rollback': {
      seed: beside(fourth, delivery(fourth)),
      parameters: { logBucket: fourth },
      meanwhile: (world, id) => log(world, id, { TargetBucket: fourth, TargetPrefix: 'theirs/' }),
      rollback: 'rollback-refused',
    },
  },
  compliant: {
    'a bucket that is logged elsewhere': {
      async seed(world) {
        const id = await beside(fifth, delivery(fifth))(world);
        await log(world, id, { TargetBucket: fifth, TargetPrefix: 'theirs/' });
        return id;
      },
    },
  },
  obstacles: {
    'no log bucket': { seed: newBucket, parameters: { logBucket: '' }, outcome: 'not-configured', reason: /logBucket/ },
    'a log bucket that is not there': {
      seed: newBucket,
      parameters: { logBucket: 'no-such-bucket-anywhere' },
      outcome: 'unfixable',
      reason: /log bucket no-such-bucket-anywhere does not exist in account/,
    },
    'a log bucket in another region': {
      seed: async (world) => {
        await newBucket(world.in('us-east-2'), sixth);
        return newBucket(world);
      },
      parameters: { logBucket: sixth },
      outcome: 'unfixable',
      reason: /is in us-east-2\. Specify a log bucket in eu-west-1/,
    },
    'a log bucket that lets nobody write': {
      seed: beside(seventh, delivery(seventh, { Principal: { AWS: '111122223333' } })),
      parameters: { logBucket: seventh },
      outcome: 'unfixable',
      reason: /does not allow logging.s3.amazonaws.com to put objects/,
    },
    'a log bucket that encrypts with a KMS key': {
      seed: async (world) => {
        const id = await beside(tenth, delivery(tenth))(world);
        const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const } }];
        await world.send(new PutBucketEncryptionCommand({ Bucket: tenth, ServerSideEncryptionConfiguration: { Rules } }));
        return id;
      },
      parameters: { logBucket: tenth },
      outcome: 'unfixable',
      reason: /has default encryption with a KMS key, which prevents log delivery/,
    },
    'a log bucket with Object Lock': {
      seed: async (world) => {
        const CreateBucketConfiguration = { LocationConstraint: world.region as 'eu-west-1' };
        await world.send(new CreateBucketCommand({ Bucket: eleventh, CreateBucketConfiguration, ObjectLockEnabledForBucket: true }));
        await admit(world, eleventh, delivery(eleventh));
        return newBucket(world);
      },
      parameters: { logBucket: eleventh },
      outcome: 'unfixable',
      reason: /has Object Lock, which prevents log delivery/,
    },
    'the log bucket itself': {
      seed: async (world) => {
        await beside(eighth, delivery(eighth))(world);
        return eighth;
      },
      parameters: { logBucket: eighth },
      outcome: 'unfixable',
      reason: /Logging to itself would create a loop/,
    },
    'a log bucket that logs into this one': {
      seed: async (world) => {
        const id = await beside(ninth, delivery(ninth))(world);
        await admit(world, id, delivery(id));
        await log(world, ninth, { TargetBucket: id, TargetPrefix: '' });
        return id;
      },
      parameters: { logBucket: ninth },
      outcome: 'unfixable',
      reason: /logs to this bucket/,
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
const chosen = { logBucket: 'logs', prefix: '' };
const answers: Readonly<Record<string, object>> = {
  GetBucketLoggingCommand: {},
  GetBucketLocationCommand: { LocationConstraint: 'EU' },
  GetBucketPolicyCommand: { Policy: JSON.stringify({ Statement: delivery('logs') }) },
  GetBucketAclCommand: {},
  GetBucketEncryptionCommand: {
    ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
  },
  GetObjectLockConfigurationCommand: {},
  GetBucketRequestPaymentCommand: { Payer: 'BucketOwner' },
};
const answering = (over: Readonly<Record<string, object>>, sent: object[] = []): Aws => ({
  async send<Output>(command: AwsCommand<Output>) {
    sent.push(command.input);
    return { ...answers, ...over }[command.constructor.name] as Output;
  },
});
const logBucket = { admits: true, hindrances: [], logsInto: null };

it('asks for buckets of the account of the finding alone, and knows the old names of regions', async () => {
  const sent: object[] = [];
  expect(await rule.inspect(resource, answering({}, sent), chosen)).toEqual({ into: null, logBucket });
  expect(await rule.inspect(resource, answering({ GetBucketLocationCommand: {} }), chosen)).toEqual({
    into: null,
    logBucket: { elsewhere: 'us-east-1' },
  });
  const plan = rule.plan(resource, { into: null, logBucket }, { parameters: chosen, detectedBy: 'S3.9', now: new Date(0) });
  sent.push(...(plan as readonly (Change & { undo: { input: object } })[]).flatMap((change) => [change.do.input, change.undo.input]));
  expect(sent).toHaveLength(9);
  for (const input of sent) expect(input).toMatchObject({ ExpectedBucketOwner: '111122223333' });
});

it.each<[string, readonly object[] | undefined, boolean]>([
  ['nobody', undefined, false],
  ['somebody with all rights', [{ Grantee: { ID: '1' }, Permission: 'FULL_CONTROL' }], false],
  ['log delivery to write alone', [{ Grantee: { URI: 'http://acs.amazonaws.com/groups/s3/LogDelivery' }, Permission: 'WRITE' }], false],
  [
    'log delivery with all rights',
    [{ Grantee: { URI: 'http://acs.amazonaws.com/groups/s3/LogDelivery' }, Permission: 'FULL_CONTROL' }],
    true,
  ],
])('an access control list that lets in %s', async (_who, Grants, admits) => {
  const aws = answering({ GetBucketPolicyCommand: {}, GetBucketAclCommand: { Grants } });
  expect(await rule.inspect(resource, aws, chosen)).toMatchObject({ logBucket: { admits } });
});

it('asks a log bucket in another region nothing but where it is, for S3 would only point there', async () => {
  const elsewhere: Aws = {
    async send<Output>(command: AwsCommand<Output>) {
      if (command.constructor.name === 'GetBucketLocationCommand') return { LocationConstraint: 'us-east-2' } as Output;
      if ((command.input as { Bucket: string }).Bucket === 'logs')
        throw Object.assign(new Error('Go there.'), { name: 'PermanentRedirect' });
      return {} as Output;
    },
  };
  expect(await rule.inspect(resource, elsewhere, chosen)).toEqual({ into: null, logBucket: { elsewhere: 'us-east-2' } });
});

it('takes no log bucket for which the requester pays', async () => {
  const state = await rule.inspect(resource, answering({ GetBucketRequestPaymentCommand: { Payer: 'Requester' } }), chosen);
  expect(planOf(rule, resource, state, { parameters: chosen, detectedBy: 'S3.9', now: new Date(0) })).toMatchObject({
    unfixable: expect.stringContaining('has Requester Pays, which prevents'),
    code: 'log-bucket-not-supported',
  });
});

it('looks at no log bucket as long as none is named', async () => {
  expect(await rule.inspect(resource, answering({}))).toEqual({ into: null });
});

async function admit(world: World, Bucket: string, ...Statement: readonly JsonObject[]): Promise<void> {
  await world.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }));
}

async function log(world: World, Bucket: string, LoggingEnabled: { TargetBucket: string; TargetPrefix: string }): Promise<void> {
  await world.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: { LoggingEnabled } }));
}

const loggingOf = async (world: World, Bucket: string) => (await world.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled;

/** A bucket beside a log bucket with such a statement. */
function beside(logBucketName: string, statement: JsonObject) {
  return async (world: World): Promise<string> => {
    // A law of the suite makes the first start twice.
    await undefinedOn(['BucketAlreadyExists'], newBucket(world, logBucketName));
    await admit(world, logBucketName, statement);
    return newBucket(world);
  };
}
