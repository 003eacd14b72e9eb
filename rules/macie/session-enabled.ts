import { DisableMacieCommand, EnableMacieCommand, Macie2Client, UpdateMacieSessionCommand } from '@aws-sdk/client-macie2';
import { accountInRegion } from '../account';
import { defineRule } from '../rule';
import { readSession, sessionReading } from './session/read';

export default defineRule({
  id: 'macie-session-enabled',
  title: 'Amazon Macie watches over the buckets of an account',
  why: 'Nobody knows by heart which bucket holds what, and which of them is open or not encrypted.',
  impact:
    'None for workloads. Macie bills by the number of buckets after 30 days; in a new account it may also begin to look into samples of their objects, which it bills by the gigabyte. A rollback deletes a new Macie with all that it has found.',
  severity: 'medium',
  risk: 'safe',
  resource: accountInRegion,
  detectedBy: { securityHub: ['Macie.1'], config: ['macie-status-check'] },
  permissions: {
    inspect: sessionReading,
    change: [
      { actions: ['macie2:EnableMacie', 'macie2:DisableMacie', 'macie2:UpdateMacieSession'], on: '*' },
      // Macie makes it with the caller's permissions, where it is not there yet.
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
        unfixable: `Macie is paused, and account ${session.administrator} manages it for this one: it has to be resumed from there.`,
      };
    const turn = (status: 'ENABLED' | 'PAUSED') => new UpdateMacieSessionCommand({ status });
    return [{ do: turn('ENABLED'), undo: turn('PAUSED') }];
  },

  list: async ({ account }) => [account],
});
