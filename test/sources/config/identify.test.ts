import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { connect } from '../../../functions/aws/connection';
import { type DescribedRule, describedRules } from '../../../functions/sources/config/deployed-rule';
import { identifierOf } from '../../../functions/sources/config/identifier';
import { identify } from '../../../functions/sources/config/identify';
import { useEmulator } from '../../emulator/use';
import * as fc from '../../fast-check';
import { travelFrom } from '../../guardrails/travel';

const known = ['restricted-ssh', 'cloudtrail-enabled', 'kms-cmk-not-scheduled-for-deletion-2', 'kms-cmk-not-scheduled-for-deletion'];
const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const ssh = { owner: 'AWS', identifier: 'INCOMING_SSH_DISABLED' };

interface Deployed {
  readonly owner: string;
  readonly identifier: string;
  readonly createdBy?: string;
}

const shown = ({ owner, identifier, createdBy }: Deployed) =>
  ({ Source: { Owner: owner, SourceIdentifier: identifier }, ...(createdBy !== undefined && { CreatedBy: createdBy }) }) as DescribedRule;

const identified = (
  name: string,
  source: Deployed | undefined | Error,
  configRules: Readonly<Record<string, string>> | Error = {},
  of = known,
) =>
  identify({ ...place, name }, of, {
    describe: async () => {
      if (source instanceof Error) throw source;
      return source && shown(source);
    },
    policy: async () => {
      if (configRules instanceof Error) throw configRules;
      return { configRules };
    },
  });

describe('a Config rule is identified by its source', () => {
  // As the CDK, Terraform, CIS packs, a second deployment, Control Tower, conformance packs and Security Hub name it.
  it.each([
    'restricted-ssh',
    'Stack-RestrictedSsh4A5B6C7D-1X2Y3Z4A5B6C7',
    'acme_restricted_ssh',
    'IncomingSSHDisabled',
    'restricted-ssh-2',
    'AWSControlTower_AWS-GR_RESTRICTED_SSH',
    'IncomingSSHDisabled-conformance-pack-n0q8yfwsp',
    'securityhub-restricted-ssh-fe95bf3f',
    'cloudtrail-enabled',
  ])('not by its name %s', async (name) => {
    expect(await identified(name, ssh)).toEqual({ managed: 'restricted-ssh' });
  });

  it('or by its name, where Security Hub alone can have deployed it: it does not publish all identifiers', async () => {
    const own = { owner: 'AWS', identifier: 'NOT_PUBLISHED', createdBy: 'securityhub.amazonaws.com' };
    const name = 'securityhub-kms-cmk-not-scheduled-for-deletion-2-fe95bf3f';
    expect(await identified(name, own)).toEqual({ managed: 'kms-cmk-not-scheduled-for-deletion-2' });
    for (const createdBy of ['', 'config-conforms.amazonaws.com'])
      expect(await identified(name, { ...own, createdBy })).toEqual({ problem: expect.anything() });
    expect(await identified('securityhub-acme-fe95bf3f', own)).toEqual({ problem: expect.anything() });
    expect(await identified(name, { ...own, owner: 'CUSTOM_LAMBDA' })).toEqual({ problem: expect.anything() });
  });

  it.each([
    [
      'a custom rule',
      { owner: 'CUSTOM_LAMBDA', identifier: 'arn:aws:lambda:eu-west-1:111122223333:function:mine' },
      /owner is "CUSTOM_LAMBDA"/,
    ],
    ['a custom rule that names an identifier', { owner: 'CUSTOM_LAMBDA', identifier: 'INCOMING_SSH_DISABLED' }, /owner is "CUSTOM_LAMBDA"/],
    ['a custom policy', { owner: 'CUSTOM_POLICY', identifier: '' }, /owner is "CUSTOM_POLICY"/],
    ['another managed rule', { owner: 'AWS', identifier: 'S3_BUCKET_VERSIONING_ENABLED' }, /managed rule "S3_BUCKET_VERSIONING_ENABLED"/],
    ['a rule that does not exist', undefined, /does not exist in account 111122223333, eu-west-1/],
    ['a rule without a source', { owner: '', identifier: '' }, /owner is ""/],
  ])('and %s under a default name is none', async (_, source, problem) => {
    expect(await identified('restricted-ssh', source)).toEqual({ problem: expect.stringMatching(problem) });
  });

  it('or by the policy, which is not asked for what AWS Config tells', async () => {
    const throttled = new Error('Rate exceeded');
    const map = { 'acme-restricted-ssh': 'restricted-ssh' };
    expect(await identified('acme-restricted-ssh', throttled, map)).toEqual({ managed: 'restricted-ssh' });
    expect(await identified('acme-restricted-ssh', throttled, map, ['cloudtrail-enabled'])).toEqual({
      problem: expect.stringContaining('maps the Config rule "acme-restricted-ssh" to restricted-ssh'),
    });
    expect(await identified('restricted-ssh', ssh, new Error('unreadable'))).toEqual({ managed: 'restricted-ssh' });
    await expect(identified('toString', throttled, {})).rejects.toThrow('Rate exceeded');
  });

  it('and is never called another if AWS Config or the policy can not be read', async () => {
    await expect(identified('acme', new Error('Rate exceeded'))).rejects.toThrow('Rate exceeded');
    await expect(identified('acme', { owner: 'CUSTOM_LAMBDA', identifier: '' }, new Error('unreadable'))).rejects.toThrow('unreadable');
  });

  it('whatever its name and owner: only owner AWS counts', async () => {
    const owners = fc.oneof(fc.constantFrom('AWS', 'aws', 'AWS ', 'CUSTOM_LAMBDA', ''), fc.string());
    for (const [name, owner, managed] of fc.sample(fc.tuple(fc.string({ minLength: 1 }), owners, fc.constantFrom(...known)), 500)) {
      const found = await identified(name, { owner, identifier: identifierOf(managed) });
      expect([owner, 'managed' in found]).toEqual([owner, owner === 'AWS']);
    }
  });
});

const emulator = useEmulator();

it('a Config rule is asked about once in five minutes, and again after an error or if it did not exist', async () => {
  const { account, region, configuration } = await emulator.account();
  const { configRules, calls } = emulator.gateway;
  const clock = travelFrom('2026-11-24T12:00:00.000Z');
  const aws = connect([ConfigServiceClient], { ...configuration, credentials: async () => configuration.credentials });
  const describe = describedRules(() => aws, clock);
  const rule = { partition: 'aws', account, region, name: 'Acme-SSH', arn: 'arn:a' };
  const asked = () => calls.filter((call) => call.account === account && call.operation === 'DescribeConfigRules').length;

  expect(await describe(rule)).toBeUndefined();
  const fault = emulator.gateway.fail({ operation: 'DescribeConfigRules', account, times: Number.POSITIVE_INFINITY, as: 'throttle' });
  await expect(describe(rule)).rejects.toThrow();
  fault.cancel();
  configRules.deploy({ account, region }, { name: 'Acme-SSH', ...ssh, owner: 'AWS' });
  expect(await describe(rule)).toMatchObject(shown(ssh));
  const before = asked();
  configRules.deploy({ account, region }, { name: 'Acme-SSH', owner: 'CUSTOM_LAMBDA', identifier: 'mine' });
  expect(await describe(rule)).toMatchObject(shown(ssh));
  expect(asked()).toBe(before);
  expect(await describe({ ...rule, arn: 'arn:b' })).toMatchObject({ Source: { Owner: 'CUSTOM_LAMBDA' } });
  const again = asked();
  expect(await describe(rule, { fresh: true })).toMatchObject({ Source: { Owner: 'CUSTOM_LAMBDA' } });
  expect(asked()).toBe(again + 1);
  configRules.deploy({ account, region }, { name: 'Acme-SSH', ...ssh, owner: 'AWS' });
  clock.pass(300);
  expect(await describe(rule)).toMatchObject(shown(ssh));
});
