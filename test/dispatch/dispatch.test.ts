import type { Context } from 'aws-lambda';
import { loadRules } from '../../functions/catalogue/catalogue';
import { dispatchHandler } from '../../functions/dispatch/handler';
import { readEvent } from '../../functions/sources/read-event';
import { dispatchPatterns } from '../../infra/route/dispatch-pattern';
import { eventPatterns } from '../../infra/route/event-pattern';
import { matches } from '../emulator/event-pattern';
import type { OwnConfigRule } from '../emulator/gateway/config-rules';
import { configComplianceChange } from '../events/config';
import { type Central, useCentral } from '../guardrails/central';

const rules = loadRules().map(({ rule }) => rule);
const { open } = useCentral();
const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
const group = 'sg-0123456789abcdef0';
const ssh: Omit<OwnConfigRule, 'name'> = { owner: 'AWS', identifier: 'INCOMING_SSH_DISABLED' };

async function dispatcher(policy: object = {}) {
  const central = await open();
  await central.deploy(policy);
  const handler = dispatchHandler(rules, central.clock);
  const deploy = (name: string, rule = ssh) => central.emulator.gateway.configRules.deploy(central.account, { name, ...rule });
  const change = (rule: string, more: object = {}) =>
    configComplianceChange({ rule, resourceType: 'AWS::EC2::SecurityGroup', resourceId: group, account: central.account.account, ...more });
  return { central, deploy, change, handle: (event: unknown) => handler(event, context) };
}

const asked = ({ emulator, account }: Central): number =>
  emulator.gateway.calls.filter((call) => call.operation === 'DescribeConfigRules' && call.account === account.account).length;

// As the CDK, Terraform, CIS packs, a second deployment, Control Tower and people name them.
const ownNames = [
  'Stack-RestrictedSsh4A5B6C7D-1X2Y3Z4A5B6C7',
  'acme_restricted_ssh',
  'IncomingSSHDisabled-conformance-pack-n0q8yfwsp',
  'restricted-ssh-2',
  'AWSControlTower_AWS-GR_RESTRICTED_SSH',
];

it.each(ownNames)('a change of the managed rule under the name %s gets to the function of its rule as it is', async (name) => {
  const { central, deploy, change, handle } = await dispatcher();
  deploy(name);
  const event = change(name);
  expect(await handle(event)).toEqual({ rules: ['ec2-security-group-admin-ports-closed'] });
  expect(central.messages()).toEqual([
    { account: central.account.account, function: 'posture-rule-ec2-security-group-admin-ports-closed', event },
  ]);
});

it.each(['plain', 'security-hub', 'conformance-pack', 'organization'] as const)(
  'a change of a Config rule named as AWS does (%s) is left to its route, and not asked about',
  async (form) => {
    const { central, change, handle } = await dispatcher();
    expect(await handle(change('restricted-ssh', { form }))).toEqual({ routed: true });
    expect([central.messages(), asked(central)]).toEqual([[], 0]);
  },
);

it('a name that a route matches by its beginning is not given to the function twice', async () => {
  const { central, deploy, change, handle } = await dispatcher();
  const name = 'restricted-ssh-conformance-pack-a-b';
  deploy(name);
  expect(await handle(change(name))).toEqual({ routed: true });
  expect(central.messages()).toEqual([]);
});

it.each([
  ['a custom rule', { owner: 'CUSTOM_LAMBDA', identifier: 'arn:aws:lambda:eu-west-1:111122223333:function:mine' }, /CUSTOM_LAMBDA/],
  ['a custom rule that claims an identifier', { owner: 'CUSTOM_POLICY', identifier: 'INCOMING_SSH_DISABLED' }, /CUSTOM_POLICY/],
  [
    'a managed rule that no rule remediates',
    { owner: 'AWS', identifier: 'EC2_STOPPED_INSTANCE_2' },
    /managed rule "EC2_STOPPED_INSTANCE_2"/,
  ],
  ['a managed rule about other resources', { owner: 'AWS', identifier: 'S3_BUCKET_VERSIONING_ENABLED' }, /S3_BUCKET_VERSIONING_ENABLED/],
] as const)('%s gets to no function', async (_, rule, reason) => {
  const { central, deploy, change, handle } = await dispatcher();
  deploy('acme', rule);
  expect(await handle(change('acme'))).toEqual({ none: expect.stringMatching(reason) });
  expect(central.messages()).toEqual([]);
});

it('the policy maps what AWS Config can not tell', async () => {
  const { central, change, handle } = await dispatcher({ configRules: { 'acme-ssh': 'restricted-ssh' } });
  expect(await handle(change('acme-ssh'))).toEqual({ rules: ['ec2-security-group-admin-ports-closed'] });
  expect([central.messages().length, asked(central)]).toEqual([1, 0]);
});

it('one question is enough for a Config rule', async () => {
  const { central, deploy, change, handle } = await dispatcher();
  deploy('Acme');
  for (const resourceId of [group, 'sg-1123456789abcdef0', 'sg-2123456789abcdef0']) await handle(change('Acme', { resourceId }));
  expect([central.messages().length, asked(central)]).toEqual([3, 1]);
});

it.each(['DescribeConfigRules', 'AssumeRole', 'Invoke'] as const)(
  'while AWS refuses %s, the event fails, so that it is delivered again',
  async (operation) => {
    const { central, deploy, change, handle } = await dispatcher();
    deploy('Acme');
    const fault = central.emulator.gateway.fail({ operation, as: 'throttle', times: Number.POSITIVE_INFINITY });
    await expect(handle(change('Acme'))).rejects.toThrow();
    fault.cancel();
    expect(await handle(change('Acme'))).toEqual({ rules: ['ec2-security-group-admin-ports-closed'] });
  },
);

it.each([
  ['compliant', { compliance: 'COMPLIANT' }, 'not-failed', 'ignored'],
  ['contradictory', { account: '999988887777' }, 'contradictory-event', 'invalid'],
] as const)('a %s change is refused before any call', async (_, more, code, kind) => {
  const { central, change, handle } = await dispatcher();
  const event = { ...change('Acme', more), account: central.account.account };
  expect(await handle(event)).toEqual({ refusals: [expect.objectContaining({ code, kind })] });
  expect([central.messages(), asked(central)]).toEqual([[], 0]);
});

it('what is refused without an alarm is in the log of the function, with its code', async () => {
  const level = process.env.POWERTOOLS_LOG_LEVEL;
  const lines: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  try {
    process.env.POWERTOOLS_LOG_LEVEL = 'INFO';
    const { change, handle } = await dispatcher();
    await handle(change('Acme', { compliance: 'COMPLIANT' }));
  } finally {
    write.mockRestore();
    process.env.POWERTOOLS_LOG_LEVEL = level;
  }
  const logged = lines.flatMap((line) => (line.includes('"message":"Ignored"') ? [JSON.parse(line)] : []));
  expect(logged).toEqual([expect.objectContaining({ level: 'INFO', kind: 'ignored', code: 'not-failed' })]);
});

it.each([null, 'x', {}, { source: 'aws.config' }])('what is no event (%j) is refused', async (event) => {
  const { handle } = await dispatcher();
  expect(await handle(event)).toEqual({ refusals: [expect.objectContaining({ kind: 'invalid', code: 'malformed-event' })] });
});

describe('the routes of the dispatcher', () => {
  const patterns = dispatchPatterns(rules);

  it('are as long as EventBridge allows, and have each type once', () => {
    const types = patterns.flatMap(({ detail }) => (detail as { readonly resourceType: string[] }).resourceType);
    for (const pattern of patterns) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2048);
    expect(new Set(types).size).toBe(types.length);
  });

  it('match every change that a rule can act upon, under any name', () => {
    for (const rule of rules.filter(({ detectedBy }) => detectedBy.config.length > 0)) {
      for (const { type } of [rule.resource].flat()) {
        const event = configComplianceChange({ rule: 'Acme', resourceType: type, resourceId: 'any' });
        expect([type, patterns.filter((pattern) => matches(pattern, event)).length]).toEqual([type, 1]);
      }
    }
  });

  it('match no other event', () => {
    const event = configComplianceChange({ rule: 'Acme', resourceType: 'AWS::S3::Bucket', resourceId: 'b' });
    const others = [
      configComplianceChange({ rule: 'Acme', resourceType: 'AWS::S3::Bucket', resourceId: 'b', compliance: 'COMPLIANT' }),
      configComplianceChange({ rule: 'Acme', resourceType: 'AWS::Glue::MLTransform', resourceId: 'b' }),
      { ...event, source: 'acme.config' },
    ];
    for (const other of others) expect(patterns.some((pattern) => matches(pattern, other))).toBe(false);
  });

  it('and those of a rule match none of the own names', () => {
    for (const rule of ownNames) {
      const event = configComplianceChange({ rule, resourceType: 'AWS::EC2::SecurityGroup', resourceId: group });
      const routed = rules.filter((one) => eventPatterns(one).some((pattern) => matches(pattern, event)));
      expect(routed.flatMap((one) => readEvent(one, event, {}).findings)).toEqual([]);
    }
  });
});
