import {
  DescribeKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import * as z from 'zod';
import { unless } from '../absence';
import { defineRule, gone, type Obstacle } from '../rule';
import { listing, listKeys } from './key/list';
import { key, keys } from './key/resource';

const parameters = z.strictObject({
  rotationPeriodInDays: z
    .int()
    .min(90)
    .max(2560)
    .optional()
    .describe('How many days a key lives until it is rotated. If left out: what the key had before, else the 365 days of AWS.'),
});

/** `primary` is the ARN of the primary key of a replica; `rotation` is there where AWS can tell it, its `days` where it is off and they were set. */
type State = {
  readonly manager: string;
  readonly spec: string;
  readonly origin: string;
  readonly condition: string;
  readonly primary?: string;
  readonly rotation?: { readonly enabled: boolean; readonly days?: number };
};

// AWS takes it where none is given.
const usualPeriod = 365;

export default defineRule({
  id: 'kms-key-rotation-enabled',
  title: 'KMS keys change their key material every year',
  why: 'The longer one key material is in use, the more is readable to whoever gets hold of it.',
  impact:
    'None for clients: the key keeps its id, and decrypts what was encrypted before. Each of its first two rotations adds to its monthly price.',
  severity: 'medium',
  risk: 'safe',
  resource: key,
  property: 'EnableKeyRotation',
  detectedBy: { securityHub: ['KMS.4'], config: ['cmk-backing-key-rotation-enabled'] },
  permissions: {
    inspect: [{ actions: ['kms:DescribeKey', 'kms:GetKeyRotationStatus'], on: keys }, listing],
    change: { actions: ['kms:EnableKeyRotation', 'kms:DisableKeyRotation'], on: keys },
  },
  clients: [KMSClient],
  commands: [EnableKeyRotationCommand, DisableKeyRotationCommand],
  parameters,

  async inspect({ id, arn }, aws): Promise<State | typeof gone> {
    const answer = await unless(['NotFoundException'], aws.send(new DescribeKeyCommand({ KeyId: id })));
    if (!answer) return gone;
    const { KeyManager = '', KeySpec = '', Origin = '', KeyState = '', MultiRegionConfiguration: regions } = answer.KeyMetadata ?? {};
    const primary = regions?.PrimaryKey?.Arn ?? arn;
    const seen: State = { manager: KeyManager, spec: KeySpec, origin: Origin, condition: KeyState, ...(primary !== arn && { primary }) };
    // For other keys, and in other states, AWS answers with an error.
    if (obstacleOf(seen) || !['Enabled', 'Disabled'].includes(KeyState)) return seen;
    const { KeyRotationEnabled: enabled = false, RotationPeriodInDays: period } = await aws.send(
      new GetKeyRotationStatusCommand({ KeyId: id }),
    );
    return { ...seen, rotation: { enabled, ...(!enabled && period !== undefined && period !== usualPeriod && { days: period }) } };
  },

  plan({ id }, state, { parameters: { rotationPeriodInDays } }) {
    const { condition, primary, rotation } = state;
    const obstacle = obstacleOf(state);
    if (obstacle) return obstacle;
    if (rotation?.enabled) return [];
    if (condition === 'PendingDeletion' || condition === 'PendingReplicaDeletion')
      return { unfixable: 'The key is about to be deleted, and is not rotated until then.' };
    if (primary !== undefined)
      return { unfixable: `The key is a replica, and rotates with its primary key ${primary}: turn rotation on there.` };
    if (condition === 'Disabled')
      return { unfixable: 'The key is disabled: AWS KMS turns on rotation only for an enabled key. Enable it, or delete it.' };
    if (condition !== 'Enabled') return { blocked: `The key is in the state ${condition}; its rotation can be set when it is Enabled.` };
    return [
      {
        do: new EnableKeyRotationCommand({ KeyId: id, RotationPeriodInDays: rotationPeriodInDays ?? rotation?.days }),
        undo: new DisableKeyRotationCommand({ KeyId: id }),
      },
    ];
  },

  list: listKeys,
});

/** Why AWS KMS can never rotate a key of this sort by itself; undefined if it can. */
function obstacleOf({ manager, spec, origin }: State): Obstacle | undefined {
  if (manager !== 'CUSTOMER') return { unfixable: 'AWS manages this key, and rotates it every year by itself.' };
  if (spec.startsWith('HMAC_'))
    return { unfixable: `AWS KMS does not rotate HMAC keys (this one is ${spec}): make a new key, and use that instead.` };
  if (spec !== 'SYMMETRIC_DEFAULT')
    return { unfixable: `AWS KMS does not rotate asymmetric keys (this one is ${spec}): make a new key, and use that instead.` };
  if (origin === 'EXTERNAL')
    return { unfixable: 'The key material was imported: AWS KMS rotates by itself only what it made itself. Import new material instead.' };
  if (origin !== 'AWS_KMS')
    return {
      unfixable: `The key material is in a custom key store (${origin}), where AWS KMS does not rotate it: make a new key, and use that instead.`,
    };
  return undefined;
}
