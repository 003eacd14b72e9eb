import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyRotationCommand,
  ListAliasesCommand,
  type ListAliasesCommandInput,
  type ListKeysCommandInput,
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import { key } from '../../../rules/kms/key/resource';
import rule from '../../../rules/kms/key-rotation-enabled';
import type { Aws, AwsCommand } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

describeRule(rule, {
  violations: {
    'a key whose material never changes': { seed: keyWith({}) },
    'a primary key of several regions': { seed: keyWith({ MultiRegion: true }) },
    'a key, and a rotation period of its owner': { seed: keyWith({}), parameters: { rotationPeriodInDays: 180 } },
  },
  compliant: {
    'a key that rotates': { seed: rotating() },
    'a key that rotates, but is disabled': {
      seed: async (world) => {
        const KeyId = await rotating()(world);
        await world.send(new DisableKeyCommand({ KeyId }));
        return KeyId;
      },
    },
  },
  obstacles: {
    'an asymmetric key': {
      seed: keyWith({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }),
      outcome: 'unfixable',
      reason: /asymmetric.*RSA_2048/,
    },
    'an HMAC key': {
      seed: keyWith({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }),
      outcome: 'unfixable',
      reason: /does not rotate HMAC keys/,
    },
    'a key of imported material': { seed: keyWith({ Origin: 'EXTERNAL' }), outcome: 'unfixable', reason: /imported/ },
    'a disabled key': {
      seed: async (world) => {
        const KeyId = await keyWith({})(world);
        await world.send(new DisableKeyCommand({ KeyId }));
        return KeyId;
      },
      outcome: 'unfixable',
      reason: /disabled/,
    },
    'a key that is about to be deleted': {
      seed: async (world) => {
        const KeyId = await rotating()(world);
        await world.send(new ScheduleKeyDeletionCommand({ KeyId }));
        return KeyId;
      },
      outcome: 'unfixable',
      reason: /scheduled for deletion/,
    },
    'a replica of a key of another region': {
      seed: async (world) => {
        const KeyId = await keyWith({ MultiRegion: true })(world.in('us-east-1'));
        await world.in('us-east-1').send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: world.region }));
        return KeyId;
      },
      outcome: 'unfixable',
      reason: /primary key arn:aws:kms:us-east-1:/,
    },
  },
  missing: '00000000-0000-4000-8000-000000000000',
});

describe('the plan', () => {
  const resource = { type: key.type, id: 'k', arn: 'arn:aws:kms:eu-west-1:1:key/k', partition: 'aws', account: '1', region: 'eu-west-1' };
  const usual = { manager: 'CUSTOMER', spec: 'SYMMETRIC_DEFAULT', origin: 'AWS_KMS', condition: 'Enabled' };
  const plan = (state: object, parameters = {}) => {
    const given = { ...usual, rotation: { enabled: false }, ...state };
    const changes = rule.plan(resource, given, { parameters, detectedBy: 'KMS.4', now: new Date() });
    return isChanges(changes) ? changes.map(loggedChange) : changes;
  };

  it('keeps the period that a key had before', () => {
    expect(plan({ rotation: { enabled: false, days: 120 } })).toMatchObject([{ do: { input: { RotationPeriodInDays: 120 } } }]);
  });

  it('leaves the period to AWS where nobody says one', () => {
    expect(plan({})).toMatchObject([{ do: { input: { KeyId: 'k' } } }]);
    expect(plan({})).not.toMatchObject([{ do: { input: { RotationPeriodInDays: expect.anything() } } }]);
  });

  it("puts the owner's period before that of the key", () => {
    const period = { rotationPeriodInDays: 180 };
    expect(plan({ rotation: { enabled: false, days: 120 } }, period)).toMatchObject([{ do: { input: { RotationPeriodInDays: 180 } } }]);
  });

  it('leaves alone the period of a key that rotates', () => {
    expect(plan({ rotation: { enabled: true } }, { rotationPeriodInDays: 90 })).toEqual([]);
  });

  it.each([
    ['AWS manages', { manager: 'AWS' }],
    ['is in an AWS CloudHSM key store', { origin: 'AWS_CLOUDHSM' }],
    ['is in an external key store', { origin: 'EXTERNAL_KEY_STORE' }],
    ['AWS KMS can not use', { condition: 'Unavailable', rotation: undefined }],
    ['waits for the deletion of its replicas', { condition: 'PendingReplicaDeletion' }],
  ])('can do nothing about a key that %s', (_, state) => {
    expect(plan(state)).toEqual({ unfixable: expect.stringMatching(/^[A-Z].*\.$/), code: expect.any(String) });
  });

  it.each(['Creating', 'Updating'])('waits for a key that is %s', (condition) => {
    expect(plan({ condition, rotation: undefined })).toEqual({ blocked: expect.stringContaining(condition), code: 'being-modified' });
  });
});

describe('the state', () => {
  const arn = 'arn:aws:kms:eu-west-1:1:key/k';
  const resource = { type: key.type, id: 'k', arn, partition: 'aws', account: '1', region: 'eu-west-1' };

  it.each([
    [
      { KeyRotationEnabled: false, RotationPeriodInDays: 120 },
      { enabled: false, days: 120 },
    ],
    [{ KeyRotationEnabled: false, RotationPeriodInDays: 365 }, { enabled: false }],
    [{ KeyRotationEnabled: true, RotationPeriodInDays: 120, NextRotationDate: new Date() }, { enabled: true }],
  ])('of a key with %j has what a plan needs, and no more', async (status, rotation) => {
    const KeyMetadata = { Arn: arn, KeyManager: 'CUSTOMER', KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'AWS_KMS', KeyState: 'Enabled' };
    const aws: Aws = {
      async send<Output>(command: AwsCommand<Output>) {
        return ((command as object) instanceof DescribeKeyCommand ? { KeyMetadata } : status) as Output;
      },
    };
    expect(await rule.inspect(resource, aws)).toHaveProperty('rotation', rotation);
  });
});

it('lists the keys of all pages, but for those that AWS manages', async () => {
  const keys: Record<string, object> = {
    first: { Keys: [{ KeyId: 'one' }, { KeyId: 'of-ebs' }], NextMarker: 'second', Truncated: true },
    second: { Keys: [{ KeyId: 'two' }] },
  };
  const aliases: Record<string, object> = {
    first: {
      Aliases: [{ AliasName: 'alias/aws/s3' }, { AliasName: 'alias/mine', TargetKeyId: 'one' }],
      NextMarker: 'second',
      Truncated: true,
    },
    second: { Aliases: [{ AliasName: 'alias/aws/ebs', TargetKeyId: 'of-ebs' }] },
  };
  const aws: Aws = {
    async send<Output>(command: AwsCommand<Output>) {
      const { Marker = 'first' } = command.input as ListKeysCommandInput | ListAliasesCommandInput;
      return ((command as object) instanceof ListAliasesCommand ? aliases : keys)[Marker] as Output;
    },
  };
  expect(await rule.list?.({ partition: 'aws', account: '1', region: 'eu-west-1' }, aws)).toEqual(['one', 'two']);
});

function keyWith(input: CreateKeyCommandInput) {
  return async (world: World): Promise<string> => (await world.send(new CreateKeyCommand(input))).KeyMetadata?.KeyId ?? '';
}

function rotating() {
  return async (world: World): Promise<string> => {
    const KeyId = await keyWith({})(world);
    await world.send(new EnableKeyRotationCommand({ KeyId }));
    return KeyId;
  };
}
