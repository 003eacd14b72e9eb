import { CloudTrailClient, UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from '@aws-sdk/client-kms';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { keys } from '../kms/key/resource';
import { readPolicy } from '../policy';
import { type Aws, defineRule, notFound, type Obstacle, type Resource } from '../rule';
import { admits } from '../service-use';
import { elsewhere, listTrails, readTrail, trailReading } from './trail/read';
import { trail, trails } from './trail/resource';

const parameters = z.strictObject({
  keyId: z
    .string()
    .regex(/^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/)
    .describe(
      'The KMS key that encrypts the log files, by its id, of the same account and region; the bucket has to be there too. Its policy has to let cloudtrail.amazonaws.com use it.',
    ),
});

/** What is the matter with the key of the parameters. */
type Key = 'absent' | 'of another sort' | 'not enabled' | 'closed' | 'open';

/** `keyArn` encrypts the log files; `key` is there where nothing does. */
type State = { readonly arn: string; readonly keyArn: string | null; readonly key?: Key };

export default defineRule({
  id: 'cloudtrail-trail-encrypted',
  title: 'CloudTrail encrypts its log files with a KMS key',
  why: 'With a key of your own, whoever gets at the bucket still needs the key to read who did what.',
  impact:
    'New log files can be read only by whoever may also decrypt with the key: let those who evaluate the logs do so first. AWS KMS bills the calls.',
  severity: 'medium',
  risk: 'disruptive',
  resource: trail,
  property: 'KMSKeyId',
  detectedBy: { securityHub: ['CloudTrail.2'], config: ['cloud-trail-encryption-enabled'] },
  permissions: {
    inspect: [trailReading, { actions: ['kms:DescribeKey', 'kms:GetKeyPolicy'], on: keys }],
    change: { actions: ['cloudtrail:UpdateTrail'], on: trails },
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
    if (arn !== resource.arn) return { unfixable: elsewhere(arn, resource.account) };
    return obstacleIn(key, keyId) ?? [{ do: encryption(resource, keyArnOf(keyId, resource)), undo: encryption(resource, '') }];
  },

  list: listTrails,
});

const keyArnOf = (id: string, { partition, region, account }: Resource): string => `arn:${partition}:kms:${region}:${account}:key/${id}`;

async function readKey(KeyId: string, resource: Resource, aws: Aws): Promise<Key> {
  const answer = await undefinedOn(['NotFoundException'], aws.send(new DescribeKeyCommand({ KeyId })));
  if (!answer?.KeyMetadata) return 'absent';
  const { KeySpec, KeyManager, KeyState } = answer.KeyMetadata;
  if (KeySpec !== 'SYMMETRIC_DEFAULT' || KeyManager !== 'CUSTOMER') return 'of another sort';
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

/** Why CloudTrail can't encrypt with the key; undefined if it can. */
function obstacleIn(key: Key, id: string): Obstacle | undefined {
  switch (key) {
    case 'absent':
      return { unfixable: `There is no KMS key ${id} in the account and region of the trail. Make it, or name another.` };
    case 'of another sort':
      return { unfixable: `CloudTrail needs a symmetric KMS key that you manage, and ${id} is none. Name another.` };
    case 'not enabled':
      return { unfixable: `The KMS key ${id} is not enabled: no log file could be written with it. Enable it, or name another.` };
    case 'closed':
      return {
        unfixable: `The policy of the KMS key ${id} does not let cloudtrail.amazonaws.com encrypt for this trail. Add a statement that allows it kms:GenerateDataKey* and kms:DescribeKey.`,
      };
    case 'open':
      return undefined;
  }
}

// What is left out stays as it is; an empty text ends the encryption.
const encryption = ({ arn }: Resource, KmsKeyId: string) => new UpdateTrailCommand({ Name: arn, KmsKeyId });
