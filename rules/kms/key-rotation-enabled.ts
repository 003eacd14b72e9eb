import {
  DescribeKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { defineRule, notFound, type Obstacle } from '../rule';
import { listing, listKeys } from './key/list';
import { key, keys } from './key/resource';

const parameters = z.strictObject({
  rotationPeriodInDays: z
    .int()
    .min(90)
    .max(2560)
    .optional()
    .describe('The rotation period in days. Default: the period that the key had before, or the AWS default of 365 days.'),
});

/** `primary`: the ARN of the primary key of a replica. `rotation`: absent if AWS does not report it; its `days` are there if it is off and they were set. */
type State = {
  readonly manager: string;
  readonly spec: string;
  readonly origin: string;
  readonly condition: string;
  readonly primary?: string;
  readonly rotation?: { readonly enabled: boolean; readonly days?: number };
};

// The AWS default.
const usualPeriod = 365;

export default defineRule({
  id: 'kms-key-rotation-enabled',
  title: 'KMS keys rotate their key material automatically',
  why: 'The longer the same key material is in use, the more data is exposed if it leaks.',
  impact: 'None for clients: the key keeps its id and decrypts existing data. Each of its first two rotations adds to its monthly price.',
  severity: 'medium',
  risk: 'safe',
  resource: key,
  independentUndo: true,
  property: 'EnableKeyRotation',
  detectedBy: { securityHub: ['KMS.4'], config: ['cmk-backing-key-rotation-enabled'] },
  permissions: {
    inspect: [{ actions: ['kms:DescribeKey', 'kms:GetKeyRotationStatus'], on: keys }, listing],
    change: { actions: ['kms:EnableKeyRotation', 'kms:DisableKeyRotation'], on: keys },
  },
  clients: [KMSClient],
  commands: [EnableKeyRotationCommand, DisableKeyRotationCommand],
  parameters,

  async inspect({ id, arn }, aws): Promise<State | typeof notFound> {
    const answer = await undefinedOn(['NotFoundException'], aws.send(new DescribeKeyCommand({ KeyId: id })));
    if (!answer) return notFound;
    const { KeyManager = '', KeySpec = '', Origin = '', KeyState = '', MultiRegionConfiguration: regions } = answer.KeyMetadata ?? {};
    const primary = regions?.PrimaryKey?.Arn ?? arn;
    const seen: State = { manager: KeyManager, spec: KeySpec, origin: Origin, condition: KeyState, ...(primary !== arn && { primary }) };
    // For other keys and other key states, AWS returns an error.
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
      return { unfixable: 'The key is scheduled for deletion, and AWS KMS does not rotate it.', code: 'pending-deletion' };
    if (primary !== undefined)
      return { unfixable: `The key is a replica and rotates with its primary key ${primary}. Enable rotation there.`, code: 'replica' };
    if (condition === 'Disabled')
      return {
        unfixable: 'The key is disabled, and AWS KMS enables rotation only for an enabled key. Enable or delete the key.',
        code: 'key-not-enabled',
      };
    if (condition === 'Creating' || condition === 'Updating')
      return { blocked: `The key state is ${condition}. Rotation can be enabled when it is Enabled.`, code: 'being-modified' };
    if (condition !== 'Enabled')
      return { unfixable: `The key state is ${condition}, and AWS KMS enables rotation only for an enabled key.`, code: 'not-available' };
    return [
      {
        do: new EnableKeyRotationCommand({ KeyId: id, RotationPeriodInDays: rotationPeriodInDays ?? rotation?.days }),
        undo: new DisableKeyRotationCommand({ KeyId: id }),
      },
    ];
  },

  list: listKeys,
});

/** Why AWS KMS does not support automatic rotation for a key of this type; undefined if it does. */
function obstacleOf({ manager, spec, origin }: State): Obstacle | undefined {
  if (manager !== 'CUSTOMER')
    return { unfixable: 'The key is an AWS managed key, which AWS rotates every year.', code: 'owned-by-service' };
  if (spec.startsWith('HMAC_'))
    return {
      unfixable: `AWS KMS does not rotate HMAC keys (this one is ${spec}). Create a new key and use it instead.`,
      code: 'not-supported',
    };
  if (spec !== 'SYMMETRIC_DEFAULT')
    return {
      unfixable: `AWS KMS does not rotate asymmetric keys (this one is ${spec}). Create a new key and use it instead.`,
      code: 'not-supported',
    };
  if (origin === 'EXTERNAL')
    return {
      unfixable: 'The key material is imported, and AWS KMS rotates only key material that it generated. Import new material instead.',
      code: 'not-supported',
    };
  if (origin !== 'AWS_KMS')
    return {
      unfixable: `The key material is in a custom key store (${origin}), where AWS KMS does not rotate it. Create a new key and use it instead.`,
      code: 'not-supported',
    };
  return undefined;
}
