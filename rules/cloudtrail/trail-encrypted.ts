import { CloudTrailClient, UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from '@aws-sdk/client-kms';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { keys } from '../kms/key/resource';
import { readPolicy } from '../policy';
import { type Aws, defineRule, notFound, type Obstacle, type Resource } from '../rule';
import { admits } from '../service-use';
import { elsewhere, listTrails, readTrail, trailReading } from './trail/read';
import { trail, trailUpdating } from './trail/resource';

const parameters = z.strictObject({
  keyId: z
    .string()
    .regex(/^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/)?(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/)
    .describe(
      'The KMS key for the log files: its ID, if it is in the account of the trail, or its ARN, also in another account. It must be in the Region of the trail, and so must the bucket. Its policy must allow cloudtrail.amazonaws.com to use it.',
    ),
});

/** The state of the key of the parameters; `another`: it belongs to another account, where its policy cannot be read. */
type Key = 'another' | 'elsewhere' | 'absent' | 'not supported' | 'not enabled' | 'closed' | 'open';

/** `keyArn`: the key of the log files. `key`: the state of the new key, if they have none. */
type State = { readonly arn: string; readonly keyArn: string | null; readonly key?: Key };

export default defineRule({
  id: 'cloudtrail-trail-encrypted',
  title: 'CloudTrail log files are encrypted with a KMS key',
  why: 'With a customer managed key, reading the log files requires permission for the key as well as the bucket.',
  impact: 'Reading new log files requires kms:Decrypt for the key: grant it to log readers first. AWS KMS charges for requests.',
  severity: 'medium',
  risk: 'disruptive',
  resource: trail,
  property: 'KMSKeyId',
  detectedBy: { securityHub: ['CloudTrail.2'], config: ['cloud-trail-encryption-enabled'] },
  permissions: {
    inspect: [trailReading, { actions: ['kms:DescribeKey', 'kms:GetKeyPolicy'], on: keys }],
    change: trailUpdating,
  },
  clients: [CloudTrailClient, KMSClient],
  commands: [UpdateTrailCommand],
  parameters,

  async inspect(resource, aws, chosen): Promise<State | typeof notFound> {
    const found = await readTrail(resource, aws);
    if (!found) return notFound;
    const { TrailARN: arn = '', KmsKeyId } = found;
    if (KmsKeyId || arn !== resource.arn || !chosen) return { arn, keyArn: KmsKeyId || null };
    return { arn, keyArn: null, key: await readKey(chosen.keyId, resource, aws) };
  },

  plan(resource, { arn, keyArn, key = 'absent' }, { parameters: { keyId } }) {
    if (keyArn !== null) return [];
    if (arn !== resource.arn) return elsewhere(arn, resource.account);
    return obstacleIn(key, keyId) ?? [{ do: encryption(resource, keyArnOf(keyId, resource)), undo: encryption(resource, '') }];
  },

  list: listTrails,
});

const keyArnOf = (key: string, { partition, region, account }: Resource): string =>
  key.startsWith('arn:') ? key : `arn:${partition}:kms:${region}:${account}:key/${key}`;

async function readKey(chosen: string, resource: Resource, aws: Aws): Promise<Key> {
  const [, partition, , region, account, name = ''] = keyArnOf(chosen, resource).split(':');
  if (partition !== resource.partition || region !== resource.region) return 'elsewhere';
  // CloudTrail checks the policy of a key in another account when the trail is updated.
  if (account !== resource.account) return 'another';
  const KeyId = name.slice('key/'.length);
  const answer = await undefinedOn(['NotFoundException'], aws.send(new DescribeKeyCommand({ KeyId })));
  if (!answer?.KeyMetadata) return 'absent';
  const { KeySpec, KeyManager, KeyState } = answer.KeyMetadata;
  if (KeySpec !== 'SYMMETRIC_DEFAULT' || KeyManager !== 'CUSTOMER') return 'not supported';
  if (KeyState !== 'Enabled') return 'not enabled';
  const { Policy = '' } = await aws.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
  const isOpen = admits(readPolicy(Policy)?.statements ?? [], {
    service: 'cloudtrail.amazonaws.com',
    action: 'kms:GenerateDataKey',
    resource: keyArnOf(KeyId, resource),
    context: {
      'aws:sourcearn': resource.arn,
      'aws:sourceaccount': resource.account,
      'kms:encryptioncontext:aws:cloudtrail:arn': resource.arn,
    },
  });
  return isOpen ? 'open' : 'closed';
}

/** Why CloudTrail cannot encrypt with the key; undefined if it can. */
function obstacleIn(key: Key, id: string): Obstacle | undefined {
  switch (key) {
    case 'elsewhere':
      return {
        unfixable: `The KMS key ${id} is not in the Region of the trail. Set keyId to a key in that Region.`,
        code: 'key-in-other-region',
      };
    case 'absent':
      return {
        unfixable: `The KMS key ${id} does not exist in the account and Region of the trail. Create it, or set keyId to another.`,
        code: 'key-not-found',
      };
    case 'not supported':
      return {
        unfixable: `CloudTrail requires a symmetric customer managed key, and ${id} is not one. Set keyId to another key.`,
        code: 'key-not-supported',
      };
    case 'not enabled':
      return {
        unfixable: `The KMS key ${id} is not enabled, so CloudTrail cannot use it. Enable it, or set keyId to another key.`,
        code: 'key-not-enabled',
      };
    case 'closed':
      return {
        unfixable: `The policy of the KMS key ${id} does not allow cloudtrail.amazonaws.com to encrypt for this trail. Allow kms:GenerateDataKey* and kms:DescribeKey.`,
        code: 'key-policy-missing',
      };
    case 'another':
    case 'open':
      return undefined;
  }
}

// Omitted settings do not change; an empty string removes the key.
const encryption = ({ arn }: Resource, KmsKeyId: string) => new UpdateTrailCommand({ Name: arn, KmsKeyId });
