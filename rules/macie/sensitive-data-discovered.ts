import {
  type AutoEnableMode,
  GetAutomatedDiscoveryConfigurationCommand,
  Macie2Client,
  UpdateAutomatedDiscoveryConfigurationCommand,
} from '@aws-sdk/client-macie2';
import { accountInRegion } from '../account';
import { defineRule } from '../rule';
import { readSession, type Session, sessionReading } from './session/read';

/** `members`: the organization accounts for which it is enabled automatically. */
type State = { readonly session: Session; readonly discovers: boolean; readonly members?: AutoEnableMode };

export default defineRule({
  id: 'macie-sensitive-data-discovered',
  title: 'Macie automated sensitive data discovery is enabled',
  why: 'Personal data and keys end up in buckets where nobody expects or protects them.',
  impact:
    'None for workloads: Macie reads samples of objects each day, and charges by bucket, object and gigabyte after a 30-day trial. It skips objects encrypted with a key that its role may not use.',
  severity: 'high',
  risk: 'safe',
  resource: accountInRegion,
  detectedBy: { securityHub: ['Macie.2'], config: ['macie-auto-sensitive-data-discovery-check'] },
  permissions: {
    inspect: [sessionReading, { actions: ['macie2:GetAutomatedDiscoveryConfiguration'], on: '*' }],
    change: { actions: ['macie2:UpdateAutomatedDiscoveryConfiguration'], on: '*' },
  },
  clients: [Macie2Client],
  commands: [UpdateAutomatedDiscoveryConfigurationCommand],

  async inspect(_, aws): Promise<State> {
    const session = await readSession(aws);
    // Only the Macie administrator account may ask.
    if (session.status === 'ABSENT' || session.administrator !== null) return { session, discovers: false };
    const { status, autoEnableOrganizationMembers: members } = await aws.send(new GetAutomatedDiscoveryConfigurationCommand({}));
    return { session, discovers: status === 'ENABLED', ...(members && { members }) };
  },

  plan(_, { session, discovers, members }) {
    if (session.status === 'ABSENT')
      return { unfixable: 'Macie is not enabled in this account and Region. Fix Macie.1 first.', code: 'service-not-enabled' };
    if (session.administrator !== null)
      return {
        unfixable: `Administrator account ${session.administrator} manages Macie. Enable automated discovery from that account.`,
        code: 'managed-by-administrator',
      };
    if (discovers) return [];
    if (session.status === 'PAUSED')
      return { unfixable: 'Macie is paused in this account and Region. Fix Macie.1 first.', code: 'service-paused' };
    const turn = (status: 'ENABLED' | 'DISABLED') =>
      // The AWS default would be ALL.
      new UpdateAutomatedDiscoveryConfigurationCommand({ status, ...(members && { autoEnableOrganizationMembers: members }) });
    return [{ do: turn('ENABLED'), undo: turn('DISABLED') }];
  },

  targets: () => ({ UpdateAutomatedDiscoveryConfiguration: {} }),

  list: async ({ account }) => [account],
});
