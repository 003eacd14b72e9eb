import { EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { exactly } from '../../rules/detector-parameters';
import authorizedPorts from '../../rules/ec2/security-group-open-ports-authorized';
import type { AwsCommand, Rule } from '../../rules/rule';
import type { World } from '../contract/scenario';
import { configComplianceChange } from '../events/config';
import { securityHubImported } from '../events/security-hub';
import { groupWith, ingressOf, tcp } from '../rules/ec2/security-group/seed';
import { badBucket, isKept, spoil } from './bucket';
import { approvers, type Central, plantedRule, unbounded, useCentral } from './central';

const { open } = useCentral();
const rule = authorizedPorts as unknown as Rule;
const fix = { ...unbounded, modes: { clauses: [{ mode: 'fix', rules: [rule.id] }] }, approvals: { ...unbounded.approvals, approvers } };
const everybody = '0.0.0.0/0';
const configRule = 'vpc-sg-open-only-to-authorized-ports';

async function hub(policy: object) {
  const central = await open({ rules: [rule] });
  await central.deploy({ ...fix, ...policy });
  const { account, region } = central.account;
  const ec2 = central.account.client(EC2Client);
  const send = <Output>(command: AwsCommand<Output>) => ec2.send(command as never) as Promise<Output>;
  const world: World = { partition: 'aws', account, region, send, in: () => world };
  const group = (...ports: readonly number[]) => groupWith(world, ...ports.map((port) => tcp(port, port, everybody)));
  const openIn = async (id: string) =>
    (await ingressOf(world, id)).map((line) => Number(/^tcp (\d+)/.exec(line)?.[1])).toSorted((a, b) => a - b);
  return { central, group, openIn };
}

const imported = ({ account: { account, region } }: Central, id: string, parameters?: Readonly<Record<string, readonly string[]>>) =>
  securityHubImported(
    {
      control: 'EC2.18',
      resource: { type: 'AWS::EC2::SecurityGroup', arn: `arn:aws:ec2:${region}:${account}:security-group/${id}` },
      account,
      region,
      ...(parameters && { parameters }),
    },
    { account },
  );

async function found(central: Central, event: unknown) {
  const { results, refusals } = await central.send(event);
  expect(refusals).toEqual([]);
  const [result] = results;
  if (!result) throw new Error('Nothing came of it.');
  return { ...result, last: await central.last(result.remediation) };
}

describe('the parameters of a control', () => {
  it('are those of the plan: a port that they do not authorize is not compliant, and one that they authorize stays open', async () => {
    const { central, group, openIn } = await hub({ detectorParameters: 'follow' });
    const stricter = await group(80, 443);
    expect(await found(central, imported(central, stricter, { authorizedTcpPorts: ['443'] }))).toMatchObject({ outcome: 'fixed' });
    expect(await openIn(stricter)).toEqual([443]);
    const weaker = await group(443, 8443);
    const kept = await found(central, imported(central, weaker, { authorizedTcpPorts: ['80', '443', '8443'] }));
    expect(kept).toMatchObject({
      outcome: 'already-compliant',
      last: {
        parameters: { authorizedTcpPorts: '80,443,8443', authorizedUdpPorts: '' },
        parametersFrom: { authorizedTcpPorts: 'detector', authorizedUdpPorts: 'default' },
      },
    });
    expect(await openIn(weaker)).toEqual([443, 8443]);
  });

  it('ask where they close more than the rule does by itself, and only there', async () => {
    const { central, group, openIn } = await hub({});
    const id = await group(80, 443);
    const asked = await found(central, imported(central, id, { authorizedTcpPorts: ['443'] }));
    expect(asked).toMatchObject({ outcome: 'awaiting-approval', reason: expect.stringContaining('authorizedTcpPorts = "443"') });
    expect(asked.last?.decision).toContainEqual(expect.stringMatching(/^detector: EC2\.18 requires .+ -> ask$/));
    const both = await group(443, 8443, 9000);
    const same = await found(central, imported(central, both, { authorizedTcpPorts: ['80', '443', '8443'] }));
    expect(same).toMatchObject({ outcome: 'fixed' });
    expect(await openIn(both)).toEqual([443, 8443]);
    expect(await central.order({ order: 'approve', remediation: asked.remediation })).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed', remediation: asked.remediation }]);
    expect(await openIn(id)).toEqual([443]);
  });

  it('give way to those of the policy, and what these leave undone is disputed by both values', async () => {
    const { central, group, openIn } = await hub({ parameters: [{ values: { authorizedTcpPorts: '80,443' }, rules: [rule.id] }] });
    const [compliant, open] = [await group(80), await group(80, 9000)];
    const parameters = { authorizedTcpPorts: ['443'] };
    const both = expect.stringContaining('authorizedTcpPorts = "80,443", but EC2.18 requires authorizedTcpPorts = "443"');
    expect(await found(central, imported(central, compliant, parameters))).toMatchObject({
      outcome: 'disputed',
      last: { kind: 'skipped', code: 'policy-below-detector', reason: both, parametersFrom: { authorizedTcpPorts: 'policy' } },
    });
    expect(await found(central, imported(central, open, parameters))).toMatchObject({
      outcome: 'disputed',
      last: { kind: 'verified', code: 'policy-below-detector', reason: both },
    });
    expect(await openIn(open)).toEqual([80]);
    // Nothing of the group is open that the detector does not authorize.
    const met = await group(443);
    expect(await found(central, imported(central, met, parameters))).toMatchObject({ outcome: 'already-compliant' });
    expect(central.emulator.gateway.securityHub.updates.filter(({ account }) => account === central.account.account)).toEqual([]);
  });

  it.each([
    ['is not known', { authorizedPorts: ['443'] }, 'detector-parameter-unknown'],
    ['is no list of ports', { authorizedTcpPorts: ['https'] }, 'detector-parameter-invalid'],
  ])('make the finding unfixable where one %s', async (_, parameters, code) => {
    const { central, group, openIn } = await hub({});
    const id = await group(80);
    const result = await found(central, imported(central, id, parameters));
    expect(result).toMatchObject({ outcome: 'unfixable', last: { kind: 'skipped', code } });
    expect(await openIn(id)).toEqual([80]);
  });

  it('are the same when a deferred finding comes back', async () => {
    const windows = [{ name: 'night', opens: '0 22 * * *', hours: 2, timeZone: 'UTC' }];
    const { central, group, openIn } = await hub({ detectorParameters: 'follow', windows });
    const id = await group(80, 443);
    expect(await found(central, imported(central, id, { authorizedTcpPorts: ['443'] }))).toMatchObject({ outcome: 'deferred' });
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'fixed' }]);
    expect(await openIn(id)).toEqual([443]);
  });
});

describe('the parameters of a Config rule', () => {
  const change = ({ account: { account, region } }: Central, resourceId: string) =>
    configComplianceChange({ rule: configRule, resourceType: 'AWS::EC2::SecurityGroup', resourceId, account, region });
  const deployed = (central: Central, parameters: Readonly<Record<string, string>>, by?: string) =>
    central.emulator.gateway.config.rules.set(configRule, { parameters, ...(by && { by }) });
  const pack = 'config-conforms.amazonaws.com';

  it('are read from the deployed rule, and those that it lacks are its own defaults', async () => {
    const { central, group, openIn } = await hub({ detectorParameters: 'follow' });
    deployed(central, { authorizedTcpPorts: '443' }, pack);
    const id = await group(80, 443);
    expect(await found(central, change(central, id))).toMatchObject({ outcome: 'fixed' });
    expect(await openIn(id)).toEqual([443]);
    // Without the parameter, the Config rule authorizes no port. It is known for five minutes.
    central.clock.pass(301);
    deployed(central, {}, pack);
    expect(await found(central, change(central, id))).toMatchObject({ outcome: 'fixed' });
    expect(await openIn(id)).toEqual([]);
  });

  it('only ask, whatever the policy follows, where anybody in the account can have set them', async () => {
    const { central, group } = await hub({ detectorParameters: 'follow' });
    deployed(central, { authorizedTcpPorts: '443' });
    const asked = await found(central, change(central, await group(80)));
    expect(asked).toMatchObject({ outcome: 'awaiting-approval', reason: expect.stringContaining('anybody in the account') });
    // What the rule would do by itself needs nobody's word.
    expect(await found(central, change(central, await group(9000)))).toMatchObject({ outcome: 'fixed' });
  });

  it.each([
    ['is not there', undefined, /NoSuchConfigRule/],
    ['is no managed rule', { parameters: {}, owner: 'CUSTOM_LAMBDA' }, /no managed rule of AWS/],
  ])('make the finding unfixable where the rule %s', async (_, as, reason) => {
    const { central, group, openIn } = await hub({});
    central.emulator.gateway.config.rules.clear();
    if (as) central.emulator.gateway.config.rules.set(configRule, as);
    const id = await group(9000);
    const result = await found(central, change(central, id));
    expect(result).toMatchObject({ outcome: 'unfixable', last: { code: 'detector-parameters-unreadable' } });
    expect(result.reason).toMatch(reason);
    expect(await openIn(id)).toEqual([9000]);
  });

  it('are read again right before the first change, which waits if they are others', async () => {
    const { central, group, openIn } = await hub({ detectorParameters: 'follow' });
    const [first, id] = [await group(443), await group(80, 443)];
    deployed(central, { authorizedTcpPorts: '443' }, pack);
    await found(central, change(central, first));
    deployed(central, { authorizedTcpPorts: '80,443' }, pack);
    const waiting = await found(central, change(central, id));
    expect(waiting).toMatchObject({ outcome: 'deferred', reason: expect.stringContaining('parameters of the Config rule changed') });
    expect(await openIn(id)).toEqual([80, 443]);
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'already-compliant', remediation: waiting.remediation }]);
    expect(await openIn(id)).toEqual([80, 443]);
  });
});

describe('two detectors that each accept one value alone', () => {
  const exact = { storageClass: exactly('storageClass') };
  const wanting: Rule = {
    ...plantedRule,
    parameters: z.strictObject({ storageClass: z.string().optional() }) as unknown as NonNullable<Rule['parameters']>,
    detectorParameters: { 'S3.999': exact, 'bucket-well-kept': exact },
  };

  it('make the finding of the second one unfixable, which names both, until the policy decides', async () => {
    const central = await open({ rules: [wanting] });
    const { account, region } = central.account;
    const policy = { ...unbounded, modes: { default: 'fix' } };
    await central.deploy(policy);
    const bucket = await badBucket(central.account);
    const name = 'bucket-well-kept';
    const resource = { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` };
    const one = () =>
      found(
        central,
        securityHubImported({ control: 'S3.999', resource, account, region, parameters: { storageClass: ['A'] } }, { account }),
      );
    const other = () =>
      found(central, configComplianceChange({ rule: name, resourceType: resource.type, resourceId: bucket, account, region }));
    central.emulator.gateway.config.rules.set(name, { parameters: { storageClass: 'B' }, by: 'securityhub.amazonaws.com' });

    expect(await one()).toMatchObject({ outcome: 'fixed' });
    await spoil(central.account, bucket);
    const both = 'bucket-well-kept requires storageClass = "B", and S3.999 requires storageClass = "A"';
    expect(await other()).toMatchObject({
      outcome: 'unfixable',
      reason: expect.stringContaining(both),
      last: { code: 'detectors-disagree' },
    });
    expect(await isKept(central.account, bucket)).toBe(false);
    await central.deploy({ ...policy, parameters: [{ rules: [wanting.id], values: { storageClass: 'B' } }] });
    expect(await other()).toMatchObject({ outcome: 'fixed' });
  });

  it('are not held up by one whose parameters anybody can have set', async () => {
    const central = await open({ rules: [wanting] });
    const { account, region } = central.account;
    await central.deploy({ ...unbounded, modes: { default: 'fix' } });
    const bucket = await badBucket(central.account);
    const name = 'bucket-well-kept';
    central.emulator.gateway.config.rules.set(name, { parameters: { storageClass: 'B' } });
    await found(central, configComplianceChange({ rule: name, resourceType: 'AWS::S3::Bucket', resourceId: bucket, account, region }));
    await spoil(central.account, bucket);
    const resource = { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` };
    const event = securityHubImported({ control: 'S3.999', resource, account, region, parameters: { storageClass: ['A'] } }, { account });
    expect(await found(central, event)).toMatchObject({ outcome: 'fixed' });
  });
});
