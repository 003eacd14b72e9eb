import { GetServiceSettingCommand, ResetServiceSettingCommand, SSMClient, UpdateServiceSettingCommand } from '@aws-sdk/client-ssm';
import { accountInRegion } from '../account';
import { defineRule } from '../rule';

const SettingId = '/ssm/documents/console/public-sharing-permission';
const setting = `arn:{partition}:ssm:{region}:{account}:servicesetting${SettingId}`;

/** `custom`: whether the account has set it; otherwise it is the AWS default. */
type State = { readonly value: string; readonly custom: boolean };

export default defineRule({
  id: 'ssm-document-public-sharing-blocked',
  title: 'Public sharing of SSM documents is blocked',
  why: 'Documents contain server names, scripts and sometimes passwords, and any AWS account can read a public one.',
  impact: 'Documents of the account can no longer be shared publicly. Documents that are public already stay public.',
  severity: 'critical',
  risk: 'safe',
  resource: accountInRegion,
  independentUndo: true,
  detectedBy: { securityHub: ['SSM.7'], config: ['ssm-automation-block-public-sharing'] },
  permissions: {
    inspect: { actions: ['ssm:GetServiceSetting'], on: setting },
    change: { actions: ['ssm:UpdateServiceSetting', 'ssm:ResetServiceSetting'], on: setting },
  },
  clients: [SSMClient],
  commands: [UpdateServiceSettingCommand, ResetServiceSettingCommand],

  async inspect(_, aws): Promise<State> {
    const { ServiceSetting = {} } = await aws.send(new GetServiceSettingCommand({ SettingId }));
    return { value: ServiceSetting.SettingValue ?? 'Enable', custom: ServiceSetting.Status === 'Customized' };
  },

  plan(_, { value, custom }) {
    if (value === 'Disable') return [];
    const sharing = (SettingValue: string) => new UpdateServiceSettingCommand({ SettingId, SettingValue });
    return [{ do: sharing('Disable'), undo: custom ? sharing(value) : new ResetServiceSettingCommand({ SettingId }) }];
  },

  targets: () => ({ UpdateServiceSetting: { SettingId }, ResetServiceSetting: { SettingId } }),

  list: async ({ account }) => [account],
});
