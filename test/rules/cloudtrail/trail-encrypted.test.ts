import { GetTrailCommand, UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { trail } from '../../../rules/cloudtrail/trail/resource';
import rule from '../../../rules/cloudtrail/trail-encrypted';
import type { JsonObject } from '../../../rules/json';
import { type Aws, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { standIn } from '../../contract/stand-in';
import { ofOrganizationAlone, trailWith } from './new-trail';

const keyId = '00000000-0000-4000-8000-000000000000';

/** Keys get their ids from AWS, and the parameters name one: so the key stands in the test, and the trail is the emulator's. */
const keys = new Map<string, { readonly metadata: object; readonly policy: string }>();
const metadata = { KeySpec: 'SYMMETRIC_DEFAULT', KeyManager: 'CUSTOMER', KeyState: 'Enabled' };
const allowing = (over: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: 'kms:GenerateDataKey*',
  Resource: '*',
  ...over,
});

standIn(KMSClient, async (command) => {
  const { KeyId } = command.input as { KeyId: string };
  const key = keys.get(KeyId);
  if (!key) throw Object.assign(new Error('No such key.'), { name: 'NotFoundException' });
  return command.constructor.name === 'GetKeyPolicyCommand' ? { Policy: key.policy } : { KeyMetadata: key.metadata };
});

/** A key of these properties and statements; its id. */
function newKey(over: object, ...statements: readonly JsonObject[]): string {
  const id = `00000000-0000-4000-8000-${`${keys.size}`.padStart(12, '0')}`;
  keys.set(id, { metadata: { ...metadata, ...over }, policy: JSON.stringify({ Statement: statements }) });
  return id;
}
const open = newKey({}, { Effect: 'Deny' }, allowing());

const central = 'arn:aws:kms:eu-west-1:999999999999:key/00000000-0000-4000-8000-00000000c0de';

describeRule(rule, {
  clients: [S3Client],
  parameters: { keyId: open },
  violations: {
    'a trail without a key': {
      seed: trailWith({}),
      fixed: async (world, id) => expect(await keyOf(world, id)).toBe(`arn:aws:kms:eu-west-1:${world.account}:key/${open}`),
      rolledBack: async (world, id) => expect(await keyOf(world, id)).toBe(''),
    },
    'a trail of all regions, and a key for the trails of any account': {
      seed: trailWith({ IsMultiRegionTrail: true, EnableLogFileValidation: true, S3KeyPrefix: 'audit' }),
      parameters: {
        keyId: newKey(
          {},
          allowing({ Condition: { StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': 'arn:aws:cloudtrail:*:*:trail/*' } } }),
        ),
      },
      async fixed(world, Name) {
        const { Trail } = await world.send(new GetTrailCommand({ Name }));
        expect(Trail).toMatchObject({ IsMultiRegionTrail: true, LogFileValidationEnabled: true, S3KeyPrefix: 'audit' });
      },
    },
    'a trail, and a central key in another account': {
      seed: trailWith({}),
      parameters: { keyId: central },
      fixed: async (world, id) => expect(await keyOf(world, id)).toBe(central),
    },
    'a trail that somebody gives another key before the rollback': {
      seed: trailWith({}),
      meanwhile: async (world, Name) => void (await world.send(new UpdateTrailCommand({ Name, KmsKeyId: 'theirs' }))),
      rollback: 'rollback-refused',
    },
  },
  compliant: { 'a trail with a key of its owner': { seed: trailWith({ KmsKeyId: 'arn:aws:kms:eu-west-1:1:key/theirs' }) } },
  obstacles: {
    'no key': { seed: trailWith({}), parameters: { keyId: '' }, outcome: 'not-configured', reason: /keyId/ },
    'a key that is not there': {
      seed: trailWith({}),
      parameters: { keyId: 'mrk-00000000000000000000000000000000' },
      outcome: 'unfixable',
      reason: /KMS key mrk-0+ does not exist in the account/,
    },
    'a key of another Region': {
      seed: trailWith({}),
      parameters: { keyId: central.replace('eu-west-1', 'us-east-1') },
      outcome: 'unfixable',
      reason: /is not in the Region of the trail/,
    },
    'an asymmetric key': {
      seed: trailWith({}),
      parameters: { keyId: newKey({ KeySpec: 'RSA_2048' }, allowing()) },
      outcome: 'unfixable',
      reason: /requires a symmetric customer managed key/,
    },
    'a key that AWS manages': {
      seed: trailWith({}),
      parameters: { keyId: newKey({ KeyManager: 'AWS' }, allowing()) },
      outcome: 'unfixable',
      reason: /requires a symmetric customer managed key/,
    },
    'a disabled key': {
      seed: trailWith({}),
      parameters: { keyId: newKey({ KeyState: 'Disabled' }, allowing()) },
      outcome: 'unfixable',
      reason: /is not enabled/,
    },
    'a key that is not for CloudTrail': {
      seed: trailWith({}),
      parameters: { keyId: newKey({}, allowing({ Principal: { Service: 'logs.amazonaws.com' } })) },
      outcome: 'unfixable',
      reason: /does not allow cloudtrail.amazonaws.com to encrypt/,
    },
    'a key for the trails of another account': {
      seed: trailWith({}),
      parameters: { keyId: newKey({}, allowing({ Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } } })) },
      outcome: 'unfixable',
      reason: /does not allow cloudtrail.amazonaws.com to encrypt/,
    },
    'the copy of a trail of another region': {
      seed: (world) => trailWith({ IsMultiRegionTrail: true })(world.in('us-east-1')),
      outcome: 'unfixable',
      reason: /shadow trail of arn:aws:cloudtrail:us-east-1:/,
    },
  },
  missing: 'no-such-trail',
  unexercised: ofOrganizationAlone,
});

it('asks for the trail by its ARN, and for no key as long as none is named', async () => {
  const arn = 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit';
  const resource = { type: trail.type, id: 'audit', arn, partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  const aws: Aws = { send: async () => ({ trailList: [{ Name: 'audit', TrailARN: arn }] }) as never };
  const state = await rule.inspect(resource, aws);
  expect(state).toEqual({ arn, keyArn: null });
  if (state === notFound) throw new Error('It is gone.');
  const plan = rule.plan(resource, { ...state, key: 'open' }, { parameters: { keyId }, detectedBy: 'CloudTrail.2', now: new Date(0) });
  expect(plan).toMatchObject([{ do: { input: { Name: arn } }, undo: { input: { Name: arn, KmsKeyId: '' } } }]);
});

it('judges a key of its own account in the same way by its ARN', async () => {
  const arn = 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit';
  const resource = { type: trail.type, id: 'audit', arn, partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  const asked: object[] = [];
  const aws = {
    async send({ input }: { readonly input: object }) {
      asked.push(input);
      return { trailList: [{ Name: 'audit', TrailARN: arn }] };
    },
  } as unknown as Aws;
  const state = await rule.inspect(resource, aws, { keyId: `arn:aws:kms:eu-west-1:111122223333:key/${keyId}` });
  expect(state).toEqual({ arn, keyArn: null, key: 'absent' });
  expect(asked.at(-1)).toEqual({ KeyId: keyId });
});

const keyOf = async (world: World, Name: string) => (await world.send(new GetTrailCommand({ Name }))).Trail?.KmsKeyId;
