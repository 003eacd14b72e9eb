import { retryMessage } from '../../functions/findings/retry-message';
import { readEvent } from '../../functions/sources/read-event';
import { configComplianceChange } from '../events/config';
import { badBucket, isKept } from './bucket';
import { type Central, plantedRule, unbounded, useCentral } from './central';

const { open } = useCentral();
const identifier = 'BUCKET_WELL_KEPT';

async function fixing(policy: object = {}) {
  const central = await open();
  await central.deploy({ ...unbounded, modes: { default: 'fix' }, ...policy });
  return { central, bucket: await badBucket(central.account) };
}

const event = (central: Central, rule: string, resourceId: string) =>
  configComplianceChange({ rule, resourceType: 'AWS::S3::Bucket', resourceId, account: central.account.account });

const deploy = (central: Central, name: string, owner: 'AWS' | 'CUSTOM_LAMBDA', source = identifier) =>
  central.emulator.gateway.configRules.deploy(central.account, { name, owner, identifier: source });

describe('a finding of a Config rule', () => {
  it.each(['Stack-WellKept4A5B6C7D-1X2Y', 'AWSControlTower_AWS-GR_WELL_KEPT', 'WellKept-conformance-pack-n0q8yfwsp'])(
    'named %s is that of the managed rule whose identifier it has',
    async (name) => {
      const { central, bucket } = await fixing();
      deploy(central, name, 'AWS');
      const { results } = await central.send(event(central, name, bucket));
      expect(results).toMatchObject([{ outcome: 'fixed' }]);
      expect(await central.last(results[0]?.remediation ?? '')).toMatchObject({ detectedBy: 'bucket-well-kept', source: 'config' });
      expect(central.emulator.gateway.config.evaluations).toContainEqual(expect.objectContaining({ rule: name }));
      expect(await isKept(central.account, bucket)).toBe(true);
    },
  );

  it.each([
    ['a custom rule under the default name', 'bucket-well-kept', 'CUSTOM_LAMBDA', 'arn:aws:lambda:eu-west-1:111122223333:function:mine'],
    ['a custom rule that claims the identifier', 'bucket-well-kept', 'CUSTOM_LAMBDA', identifier],
    ['another managed rule under the default name', 'bucket-well-kept', 'AWS', 'S3_BUCKET_VERSIONING_ENABLED'],
    ['another managed rule of any name', 'acme', 'AWS', 'S3_BUCKET_VERSIONING_ENABLED'],
  ] as const)('that is %s changes nothing', async (_, name, owner, source) => {
    const { central, bucket } = await fixing();
    deploy(central, name, owner, source);
    const answer = await central.send(event(central, name, bucket));
    expect(answer).toMatchObject({ results: [], refusals: [{ kind: 'ignored', code: 'other-config-rule' }] });
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it('that does not exist any more changes nothing', async () => {
    const { central, bucket } = await fixing();
    central.emulator.gateway.configRules.remove(central.account, 'bucket-well-kept');
    const { refusals } = await central.send(event(central, 'bucket-well-kept', bucket));
    expect(refusals).toMatchObject([{ code: 'other-config-rule', reason: expect.stringContaining('does not exist') }]);
  });

  it('that the policy maps is not asked about', async () => {
    const { central, bucket } = await fixing({ configRules: { 'acme-kept': 'bucket-well-kept' } });
    deploy(central, 'acme-kept', 'CUSTOM_LAMBDA');
    const { results } = await central.send(event(central, 'acme-kept', bucket));
    expect(results).toMatchObject([{ outcome: 'fixed' }]);
    expect(
      central.emulator.gateway.calls.some(
        ({ operation, account }) => operation === 'DescribeConfigRules' && account === central.account.account,
      ),
    ).toBe(false);
  });

  it('is delivered again while AWS Config can not be asked, and nothing is changed', async () => {
    const { central, bucket } = await fixing();
    const fault = central.emulator.gateway.fail({
      operation: 'DescribeConfigRules',
      account: central.account.account,
      times: 99,
      as: 'throttle',
    });
    await expect(central.send(event(central, 'bucket-well-kept', bucket))).rejects.toThrow();
    expect(await isKept(central.account, bucket)).toBe(false);
    fault.cancel();
    expect(await central.send(event(central, 'bucket-well-kept', bucket))).toMatchObject({ results: [{ outcome: 'fixed' }] });
  });

  it('is not believed in a message that names the detector either', async () => {
    const { central, bucket } = await fixing();
    deploy(central, 'acme', 'CUSTOM_LAMBDA');
    const [finding] = readEvent(plantedRule, event(central, 'acme', bucket), { anyConfigRule: true }).findings;
    if (!finding) throw new Error('The event has no finding.');
    const answer = await central.send(retryMessage({ finding, number: 0 }));
    expect(answer).toMatchObject({ results: [], refusals: [{ code: 'other-config-rule' }] });
    expect(await isKept(central.account, bucket)).toBe(false);
  });
});
