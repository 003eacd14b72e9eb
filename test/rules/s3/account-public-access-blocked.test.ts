import { GetPublicAccessBlockCommand, type PublicAccessBlockConfiguration, PutPublicAccessBlockCommand } from '@aws-sdk/client-s3-control';
import rule from '../../../rules/s3/account-public-access-blocked';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

const all = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
const none = { BlockPublicAcls: false, IgnorePublicAcls: false, BlockPublicPolicy: false, RestrictPublicBuckets: false };

describeRule(rule, {
  violations: {
    'an account that never blocked anything': {
      seed: async ({ account }) => account,
      fixed: async (world) => expect(await settingsOf(world)).toEqual(all),
      rolledBack: async (world) => expect(settingsOf(world)).rejects.toMatchObject({ name: 'NoSuchPublicAccessBlockConfiguration' }),
    },
    'an account that blocks part of it': {
      seed: accountWith({ ...none, BlockPublicAcls: true, BlockPublicPolicy: true }),
      fixed: async (world) => expect(await settingsOf(world)).toEqual(all),
      rolledBack: async (world) => expect(await settingsOf(world)).toEqual({ ...none, BlockPublicAcls: true, BlockPublicPolicy: true }),
    },
    'an account found by AWS Config': {
      detectedBy: 's3-account-level-public-access-blocks-periodic',
      seed: accountWith({ ...all, IgnorePublicAcls: false }),
    },
    'an account that somebody opens again after the fix': {
      seed: accountWith(none),
      meanwhile: async (world) => void (await put(world, { ...all, RestrictPublicBuckets: false })),
      rollback: 'rollback-refused',
    },
  },
  compliant: { 'an account that blocks all of it': { seed: accountWith(all) } },
  missing: 'always there',
});

const put = (world: World, settings: PublicAccessBlockConfiguration) =>
  world.send(new PutPublicAccessBlockCommand({ AccountId: world.account, PublicAccessBlockConfiguration: settings }));

const settingsOf = async (world: World): Promise<PublicAccessBlockConfiguration | undefined> =>
  (await world.send(new GetPublicAccessBlockCommand({ AccountId: world.account }))).PublicAccessBlockConfiguration;

function accountWith(settings: PublicAccessBlockConfiguration) {
  return async (world: World): Promise<string> => {
    await put(world, settings);
    return world.account;
  };
}
