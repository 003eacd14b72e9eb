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
  title: 'New EBS volumes and snapshot copies are encrypted, whoever makes them',
  why: 'A volume that somebody forgot to encrypt can be read by whoever gets at its snapshots, and can never be encrypted in place.',
  impact:
    'Volumes and snapshots made from now on in this region are encrypted with its default key; those that exist stay as they are. Who makes them needs access to that key, snapshots under the key `aws/ebs` can not be shared with other accounts, and instance types that know no encryption no longer start.',
  severity: 'medium',
  risk: 'disruptive',
  resource: accountInRegion,
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

  list: async ({ account }) => [account],
});
