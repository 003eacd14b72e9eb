import {
  DisableEbsEncryptionByDefaultCommand,
  EC2Client,
  EnableEbsEncryptionByDefaultCommand,
  GetEbsEncryptionByDefaultCommand,
} from '@aws-sdk/client-ec2';
import { accountInRegion } from '../account';
import { defineRule } from '../rule';

export default defineRule({
  id: 'ec2-ebs-encryption-by-default',
  title: 'EBS encryption by default is enabled',
  why: 'The data of an unencrypted volume is readable by anyone who gets access to its snapshots, and a volume cannot be encrypted in place.',
  impact:
    'New volumes and snapshot copies in this Region are encrypted with its default key; existing ones do not change. Users who create them need permission for that key, snapshots encrypted with `aws/ebs` cannot be shared with other accounts, and instance types without support for encryption no longer start.',
  severity: 'medium',
  risk: 'disruptive',
  resource: accountInRegion,
  changedBy: { service: 'ec2', calls: { account: ['DisableEbsEncryptionByDefault'] } },
  independentUndo: true,
  detectedBy: { securityHub: ['EC2.7'], config: ['ec2-ebs-encryption-by-default'] },
  // IAM offers no resource-level permission for these.
  permissions: {
    inspect: { actions: ['ec2:GetEbsEncryptionByDefault'], on: '*' },
    change: { actions: ['ec2:EnableEbsEncryptionByDefault', 'ec2:DisableEbsEncryptionByDefault'], on: '*' },
  },
  clients: [EC2Client],
  commands: [EnableEbsEncryptionByDefaultCommand, DisableEbsEncryptionByDefaultCommand],

  async inspect(_account, aws) {
    const { EbsEncryptionByDefault = false } = await aws.send(new GetEbsEncryptionByDefaultCommand({}));
    return { byDefault: EbsEncryptionByDefault };
  },

  plan: (_account, { byDefault }) =>
    byDefault ? [] : [{ do: new EnableEbsEncryptionByDefaultCommand({}), undo: new DisableEbsEncryptionByDefaultCommand({}) }],

  targets: () => ({ EnableEbsEncryptionByDefault: {}, DisableEbsEncryptionByDefault: {} }),

  list: async ({ account }) => [account],
});
