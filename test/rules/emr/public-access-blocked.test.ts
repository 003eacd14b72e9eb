import { GetBlockPublicAccessConfigurationCommand, type PortRange, PutBlockPublicAccessConfigurationCommand } from '@aws-sdk/client-emr';
import rule from '../../../rules/emr/public-access-blocked';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

const ssh = { MinRange: 22, MaxRange: 22 };

describeRule(rule, {
  violations: {
    'an account that never blocked anything': {
      seed: async ({ account }) => account,
      fixed: async (world) =>
        expect(await settingOf(world)).toEqual({ BlockPublicSecurityGroupRules: true, PermittedPublicSecurityGroupRuleRanges: [] }),
      rolledBack: async (world) => expect(await settingOf(world)).toEqual({ BlockPublicSecurityGroupRules: false }),
    },
    'an account that once blocked, but for SSH': {
      seed: accountWith(false, [ssh]),
      fixed: async (world) =>
        expect(await settingOf(world)).toEqual({ BlockPublicSecurityGroupRules: true, PermittedPublicSecurityGroupRuleRanges: [ssh] }),
      rolledBack: async (world) => expect(await settingOf(world)).toMatchObject({ BlockPublicSecurityGroupRules: false }),
    },
    'an account that permits other ports too': {
      seed: accountWith(true, [{ MinRange: 443 }, { MinRange: 20, MaxRange: 25 }]),
      fixed: async (world) =>
        expect(await settingOf(world)).toEqual({ BlockPublicSecurityGroupRules: true, PermittedPublicSecurityGroupRuleRanges: [ssh] }),
      rolledBack: async (world) =>
        expect(await settingOf(world)).toMatchObject({
          BlockPublicSecurityGroupRules: true,
          PermittedPublicSecurityGroupRuleRanges: [{ MinRange: 443 }, { MinRange: 20, MaxRange: 25 }],
        }),
    },
    'an account that permits another port alone': {
      seed: accountWith(true, [{ MinRange: 8088, MaxRange: 8088 }]),
      fixed: async (world) => expect(await settingOf(world)).toMatchObject({ PermittedPublicSecurityGroupRuleRanges: [] }),
    },
  },
  compliant: {
    'an account that blocks, but for SSH': { seed: accountWith(true, [ssh]) },
    'an account that blocks, but for SSH, a single port': { seed: accountWith(true, [{ MinRange: 22 }]) },
    'an account that blocks all ports': { seed: accountWith(true, []) },
  },
  missing: 'always there',
});

async function settingOf(world: World) {
  return (await world.send(new GetBlockPublicAccessConfigurationCommand({}))).BlockPublicAccessConfiguration;
}

function accountWith(BlockPublicSecurityGroupRules: boolean, PermittedPublicSecurityGroupRuleRanges: PortRange[]) {
  return async (world: World): Promise<string> => {
    const BlockPublicAccessConfiguration = { BlockPublicSecurityGroupRules, PermittedPublicSecurityGroupRuleRanges };
    await world.send(new PutBlockPublicAccessConfigurationCommand({ BlockPublicAccessConfiguration }));
    return world.account;
  };
}
