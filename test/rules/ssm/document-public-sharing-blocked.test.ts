import { GetServiceSettingCommand, UpdateServiceSettingCommand } from '@aws-sdk/client-ssm';
import rule from '../../../rules/ssm/document-public-sharing-blocked';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

const SettingId = '/ssm/documents/console/public-sharing-permission';

const setting = 'arn:{partition}:ssm:{region}:{account}:servicesetting/ssm/documents/console/public-sharing-permission';

describeRule(rule, {
  violations: {
    'an account that has never set it': {
      seed: async (world) => {
        await sharing('Disable')(world.in('us-east-1'));
        return world.account;
      },
      fixed: async (world) => expect(await settingOf(world)).toMatchObject({ SettingValue: 'Disable' }),
      rolledBack: async (world) => {
        expect(await settingOf(world)).toMatchObject({ SettingValue: 'Enable', Status: 'Default' });
        expect(await settingOf(world.in('us-east-1'))).toMatchObject({ SettingValue: 'Disable' });
      },
    },
    'an account that allows it': {
      seed: sharing('Enable'),
      rolledBack: async (world) => expect(await settingOf(world)).toMatchObject({ SettingValue: 'Enable', Status: 'Customized' }),
    },
  },
  compliant: { 'an account that does not allow it': { seed: sharing('Disable') } },
  missing: 'always there',
  // The id of a setting begins with a slash, and is what follows in its ARN.
  touches: { 'ssm:GetServiceSetting': setting, 'ssm:UpdateServiceSetting': setting, 'ssm:ResetServiceSetting': setting },
});

function sharing(SettingValue: string) {
  return async (world: World): Promise<string> => {
    await world.send(new UpdateServiceSettingCommand({ SettingId, SettingValue }));
    return world.account;
  };
}

const settingOf = async (world: World) => (await world.send(new GetServiceSettingCommand({ SettingId }))).ServiceSetting;
