import { UpdateAccountPasswordPolicyCommand } from '@aws-sdk/client-iam';
import type { Finding } from '../../functions/findings/finding';
import passwordPolicy from '../../rules/iam/password-policy-strong';
import type { Rule } from '../../rules/rule';
import { useBench } from '../contract/bench';
import { fix } from './setup';

const bench = useBench(passwordPolicy as unknown as Rule, {});

const weak = {
  RequireUppercaseCharacters: false,
  RequireLowercaseCharacters: true,
  RequireSymbols: false,
  RequireNumbers: true,
  MinimumPasswordLength: 6,
};

/** Findings of the account by several controls of one rule. */
async function account() {
  const world = await bench.world();
  await world.send(new UpdateAccountPasswordPolicyCommand(weak));
  const reportedBy = (detectedBy: string): Finding => {
    const { finding } = bench.finding(world, world.account, detectedBy);
    const id = `finding of ${detectedBy}`;
    const productArn = 'arn:aws:securityhub:eu-west-1::product/aws/securityhub';
    return { ...finding, id, securityHub: { id, productArn } };
  };
  return { reportedBy };
}

/** IAM.7 demands all that IAM.13 does. */
describe('a finding of one control of a rule, after the fix for another', () => {
  it('has its own record and its own look, although nothing is left to change', async () => {
    const { reportedBy } = await account();
    const first = await bench.handle(reportedBy('IAM.7'), fix);
    expect(first.outcome).toBe('fixed');
    bench.scheduled.length = 0;

    const second = await bench.handle(reportedBy('IAM.13'), fix);
    expect(second.outcome).toBe('already-compliant');
    expect(second.remediation).not.toBe(first.remediation);
    expect(await bench.log.read(second.remediation)).toMatchObject([{ detectedBy: 'IAM.13', outcome: 'already-compliant' }]);
    expect(bench.scheduled.map(({ again }) => again.finding.detectedBy)).toEqual(['IAM.13']);
  });

  it('has its own record where it is of a Config rule, too', async () => {
    const { reportedBy } = await account();
    const parameters = { MinimumPasswordLength: 14, PasswordReusePrevention: 24, MaxPasswordAge: 90 };
    const first = await bench.handle(reportedBy('IAM.7'), { mode: 'fix', parameters });
    expect(first.outcome).toBe('fixed');
    const second = await bench.handle(reportedBy('iam-password-policy'), { mode: 'fix', parameters });
    expect(second.outcome).toBe('already-compliant');
    expect(await bench.log.read(second.remediation)).toMatchObject([{ detectedBy: 'iam-password-policy', outcome: 'already-compliant' }]);
  });

  it('begins nothing new where it is of the same control', async () => {
    const { reportedBy } = await account();
    const { remediation } = await bench.handle(reportedBy('IAM.7'), fix);
    expect(await bench.handle(reportedBy('IAM.7'), fix)).toMatchObject({ outcome: 'already-compliant', remediation });
  });
});
