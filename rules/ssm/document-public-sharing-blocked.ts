import { GetServiceSettingCommand, ResetServiceSettingCommand, SSMClient, UpdateServiceSettingCommand } from '@aws-sdk/client-ssm';
import { accountInRegion } from '../account';
import { defineRule } from '../rule';

const SettingId = '/ssm/documents/console/public-sharing-permission';
const setting = `arn:{partition}:ssm:{region}:{account}:servicesetting${SettingId}`;

/** `custom`: the account has set it; else it is what AWS gives each account. */
type State = { readonly value: string; readonly custom: boolean };

export default defineRule({
  id: 'ssm-document-public-sharing-blocked',
  title: 'No SSM document of an account can be made public',
  why: 'Documents name servers, scripts and at times passwords, and a public one can be read by every customer of AWS.',
  impact: 'Nobody in the account can share a document with everybody any more. What is shared already stays so.',
  severity: 'critical',
  risk: 'safe',
  resource: accountInRegion,
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

  list: async ({ account }) => [account],
});
