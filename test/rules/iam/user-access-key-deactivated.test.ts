import rule from '../../../rules/iam/user-access-key-deactivated';
import type { Evidence } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { ages, expectActive, keysOf, uniqueIdOf, useAges, userWith } from './user/seed';

useAges();

const used = { created: 200, used: 1 };

/** The evidence of a finding about the first key of the user, or another one. */
const keyAt =
  (index: number) =>
  async (world: World, arn: string): Promise<Evidence> => ({
    accessKeyId: (await keysOf(world, arn))[index]?.AccessKeyId ?? '',
    principalId: await uniqueIdOf(world, arn),
  });

const naming = (accessKeyId: string) => async (): Promise<Evidence> => ({ accessKeyId });

describeRule(rule, {
  violations: {
    'the first of two keys, of a user with a path': {
      seed: userWith({ path: '/finance/emea/', keys: [used, used] }),
      configId: uniqueIdOf,
      evidence: keyAt(0),
      fixed: (world, arn) => expectActive(world, arn, [false, true]),
      meanwhile: async (world, arn) => {
        const [, other = ''] = (await keysOf(world, arn)).map(({ AccessKeyId }) => AccessKeyId);
        ages.set(other, { created: 200, used: 0 });
      },
      rolledBack: (world, arn) => expectActive(world, arn, [true, true]),
    },
    'the second of two keys, where the finding does not name the user': {
      seed: userWith({ keys: [used, { created: 3 }] }),
      detectedBy: 'UnauthorizedAccess:IAMUser/TorIPCaller',
      evidence: async (world, arn) => ({ accessKeyId: (await keyAt(1)(world, arn)).accessKeyId ?? '' }),
      fixed: (world, arn) => expectActive(world, arn, [true, false]),
    },
  },
  compliant: {
    'a key that is inactive already': { seed: userWith({ keys: [used], inactive: true }), evidence: keyAt(0) },
  },
  obstacles: {
    'a finding without an access key': {
      seed: userWith({ keys: [used] }),
      outcome: 'unfixable',
      reason: /names no access key of a user/,
    },
    'a temporary key': {
      seed: userWith({ keys: [used] }),
      evidence: naming('ASIAIOSFODNN7EXAMPLE'),
      outcome: 'unfixable',
      reason: /temporary access key ASIAIOSFODNN7EXAMPLE/,
    },
    'a text that is no key': {
      seed: userWith({ keys: [used] }),
      evidence: naming('AKIA"; drop'),
      outcome: 'unfixable',
      reason: /names no access key of a user/,
    },
    'a key of another user': {
      seed: userWith({ keys: [used] }),
      evidence: naming('AKIAIOSFODNN7EXAMPLE'),
      outcome: 'unfixable',
      reason: /AKIAIOSFODNN7EXAMPLE of the finding is none of this user/,
    },
    'a user who was created again under the name': {
      seed: userWith({ keys: [used] }),
      evidence: async (world, arn) => ({ ...(await keyAt(0)(world, arn)), principalId: 'AIDAIOSFODNN7EXAMPLE' }),
      outcome: 'unfixable',
      reason: /about AIDAIOSFODNN7EXAMPLE, but the user or role of this name is/,
    },
    'a user of that name under another path': {
      seed: async (world) => (await userWith({ path: '/new/', keys: [used] })(world)).replace('/new/', '/old/'),
      outcome: 'resource-not-found',
    },
  },
  missing: 'nobody-of-that-name',
});
