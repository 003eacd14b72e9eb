import {
  type AutoEnableMode,
  GetAutomatedDiscoveryConfigurationCommand,
  Macie2Client,
  UpdateAutomatedDiscoveryConfigurationCommand,
} from '@aws-sdk/client-macie2';
import { accountInRegion } from '../account';
import { defineRule } from '../rule';
import { readSession, type Session, sessionReading } from './session/read';

/** `members`: for which accounts of an organization it is turned on by itself. */
type State = { readonly session: Session; readonly discovers: boolean; readonly members?: AutoEnableMode };

export default defineRule({
  id: 'macie-sensitive-data-discovered',
  title: 'Macie looks for sensitive data in buckets by itself',
  why: 'Personal data and keys end up in buckets where nobody expects them, and nobody guards them.',
  impact:
    'None for workloads: Macie reads samples of objects each day, and bills by bucket, object and gigabyte after 30 days. Objects encrypted with a key that its role may not use are left out.',
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
    // Only the account that manages Macie may ask.
    if (session.status === 'ABSENT' || session.administrator !== null) return { session, discovers: false };
    const { status, autoEnableOrganizationMembers: members } = await aws.send(new GetAutomatedDiscoveryConfigurationCommand({}));
    return { session, discovers: status === 'ENABLED', ...(members && { members }) };
  },

  plan(_, { session, discovers, members }) {
    if (session.status === 'ABSENT') return { unfixable: 'Macie is not enabled in this account and region: fix Macie.1 first.' };
    if (session.administrator !== null)
      return { unfixable: `Account ${session.administrator} manages Macie for this one: it decides there where data is looked for.` };
    if (discovers) return [];
    if (session.status === 'PAUSED') return { unfixable: 'Macie is paused in this account and region: fix Macie.1 first.' };
    const turn = (status: 'ENABLED' | 'DISABLED') =>
      // Left out, AWS would take ALL.
      new UpdateAutomatedDiscoveryConfigurationCommand({ status, ...(members && { autoEnableOrganizationMembers: members }) });
    return [{ do: turn('ENABLED'), undo: turn('DISABLED') }];
  },

  list: async ({ account }) => [account],
});
