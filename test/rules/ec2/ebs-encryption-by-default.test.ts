import { EnableEbsEncryptionByDefaultCommand, GetEbsEncryptionByDefaultCommand } from '@aws-sdk/client-ec2';
import rule from '../../../rules/ec2/ebs-encryption-by-default';
import { describeRule } from '../../contract/describe-rule';

describeRule(rule, {
  violations: {
    'an account that encrypts by default in another region only': {
      async seed(world) {
        await world.in('us-east-1').send(new EnableEbsEncryptionByDefaultCommand({}));
        return world.account;
      },
      async rolledBack(world) {
        expect(await world.in('us-east-1').send(new GetEbsEncryptionByDefaultCommand({}))).toMatchObject({ EbsEncryptionByDefault: true });
      },
    },
  },
  compliant: {
    'an account that encrypts by default': {
      async seed(world) {
        await world.send(new EnableEbsEncryptionByDefaultCommand({}));
        return world.account;
      },
    },
  },
  missing: 'always there',
});

it('takes an answer that says nothing for a default that is off', async () => {
  const resource = {
    partition: 'aws',
    account: '123456789012',
    region: 'eu-west-1',
    type: 'AWS::::Account',
    id: '123456789012',
    arn: 'AWS::::Account:123456789012',
  };
  await expect(rule.inspect(resource, { send: async () => ({}) as never })).resolves.toEqual({ byDefault: false });
});
