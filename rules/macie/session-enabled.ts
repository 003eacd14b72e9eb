import { DisableMacieCommand, EnableMacieCommand, Macie2Client, UpdateMacieSessionCommand } from '@aws-sdk/client-macie2';
import { accountInRegion } from '../account';
import { defineRule } from '../rule';
import { readSession, sessionReading } from './session/read';

export default defineRule({
  id: 'macie-session-enabled',
  title: 'Amazon Macie is enabled',
  why: 'Without an inventory, nobody knows what each bucket contains, and which buckets are public or unencrypted.',
  impact:
    'None for workloads. Macie charges by the number of buckets after a 30-day trial; in a new account it may also start to sample objects, charged by the gigabyte. Where Macie was not enabled before, a rollback disables it and deletes its findings.',
  severity: 'medium',
  risk: 'safe',
  resource: accountInRegion,
  changedBy: { service: 'macie2', calls: { account: ['DisableMacie', 'UpdateMacieSession'] } },
  detectedBy: { securityHub: ['Macie.1'], config: ['macie-status-check'] },
  permissions: {
    inspect: sessionReading,
    change: [
      { actions: ['macie2:EnableMacie', 'macie2:DisableMacie', 'macie2:UpdateMacieSession'], on: '*' },
      // Macie creates it with the caller's permissions if it doesn't exist yet.
      {
        actions: ['iam:CreateServiceLinkedRole'],
        on: 'arn:{partition}:iam::{account}:role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie',
        condition: { StringEquals: { 'iam:AWSServiceName': 'macie.amazonaws.com' } },
      },
    ],
  },
  clients: [Macie2Client],
  commands: [EnableMacieCommand, DisableMacieCommand, UpdateMacieSessionCommand],

  inspect: (_, aws) => readSession(aws),

  plan(_, session) {
    if (session.status === 'ENABLED') return [];
    if (session.status === 'ABSENT') return [{ do: new EnableMacieCommand({ status: 'ENABLED' }), undo: new DisableMacieCommand({}) }];
    if (session.administrator !== null)
      return {
        unfixable: `Macie is paused, and administrator account ${session.administrator} manages it. Resume it from that account.`,
        code: 'managed-by-administrator',
      };
    const turn = (status: 'ENABLED' | 'PAUSED') => new UpdateMacieSessionCommand({ status });
    return [{ do: turn('ENABLED'), undo: turn('PAUSED') }];
  },

  targets: () => ({ EnableMacie: {}, DisableMacie: {}, UpdateMacieSession: {} }),

  list: async ({ account }) => [account],
});
