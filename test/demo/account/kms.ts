import { CreateKeyCommand, EnableKeyRotationCommand, type KeySpec } from '@aws-sdk/client-kms';
import type { World } from '../../contract/scenario';
import type { ReportedResource } from '../../events/resources';
import type { Piece } from './piece';

const key =
  (KeySpec: KeySpec, rotated: boolean) =>
  async (world: World): Promise<ReportedResource> => {
    const KeyUsage = KeySpec === 'SYMMETRIC_DEFAULT' ? 'ENCRYPT_DECRYPT' : 'SIGN_VERIFY';
    const { KeyMetadata } = await world.send(new CreateKeyCommand({ KeySpec, KeyUsage }));
    const { KeyId = '', Arn: arn = '' } = KeyMetadata ?? {};
    if (rotated) await world.send(new EnableKeyRotationCommand({ KeyId }));
    return { type: 'AWS::KMS::Key', arn, configId: KeyId };
  };

export const kms: readonly Piece[] = [
  { control: 'KMS.4', words: 'the key never rotates', resource: key('SYMMETRIC_DEFAULT', false), ends: 'fixed' },
  { control: 'KMS.4', words: 'an asymmetric key, which AWS KMS does not rotate', resource: key('RSA_2048', false), ends: 'unfixable' },
  {
    control: 'cmk-backing-key-rotation-enabled',
    words: 'already rotates every year',
    resource: key('SYMMETRIC_DEFAULT', true),
    ends: 'already-compliant',
  },
];
