import { EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Rule } from '../../rules/rule';
import patched from '../../rules/ssm/instance-vulnerabilities-patched';
import { inspectorFinding } from '../events/service-finding';
import { openssl, report, running } from '../rules/ssm/vulnerable-instance';
import { approvers, bob, useCentral } from './central';
import { worldWith } from './world-of';

const { open } = useCentral();
const rule = patched as unknown as Rule;
const policy = {
  modes: { default: 'fix', clauses: [{ mode: 'fix', rules: [rule.id] }] },
  ownership: { lastChange: false },
  approvals: { approvers },
};
const list = "patches:\n  - id: 'openssl-libs.x86_64'\n";

async function vulnerable({ withBucket = true } = {}) {
  const central = await open({ rules: [rule] });
  await central.deploy(policy);
  const { account } = central;
  const Bucket = `documents-${account.account}`;
  if (withBucket)
    await account
      .client(S3Client)
      .send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: account.region as 'eu-west-1' } }));
  process.env.DOCUMENTS = `${account.configuration.endpoint}/${Bucket}/${rule.id}`;
  const world = worldWith(account, [EC2Client, IAMClient, SSMClient]);
  const id = await running()(world);
  const resource = { type: 'AWS::EC2::Instance', arn: `arn:aws:ec2:${account.region}:${account.account}:instance/${id}` };
  const type = 'PACKAGE_VULNERABILITY/AWS_EC2_INSTANCE';
  const event = inspectorFinding({ account: account.account, region: account.region, type, resource });
  const commands = () =>
    central.emulator.gateway.calls.filter((call) => call.operation === 'SendCommand' && call.account === account.account);
  return { central, world, id, event, commands };
}

it('is patched after an approval by one command, whose list is read by a URL that is nowhere in the log', async () => {
  const { central, world, id, event, commands } = await vulnerable();
  const [asked] = (await central.send(event)).results;
  expect(asked).toMatchObject({ outcome: 'awaiting-approval' });
  const { remediation = '' } = asked ?? {};
  expect((await central.trail(remediation)).find(({ changes }) => changes)?.changes).toMatchObject([{ document: list }]);
  // Inspector reports each vulnerability by an event of its own.
  expect((await central.send(event)).results).toMatchObject([
    { outcome: 'awaiting-approval', reason: expect.stringContaining('same plan has been awaiting approval') },
  ]);

  expect(await central.order({ order: 'approve', remediation }, bob)).toMatchObject({ done: true });
  expect(await central.delivered()).toMatchObject([{ outcome: 'verifying', remediation }]);
  expect(commands()).toHaveLength(1);
  const [{ input } = { input: {} }] = commands();
  const { Parameters } = input as { Parameters: Record<string, readonly string[]> };
  expect(Parameters).toMatchObject({ Operation: ['Install'], RebootOption: ['NoReboot'] });
  const [url = ''] = Parameters.InstallOverrideList ?? [];
  expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('3600');
  expect(await (await fetch(url)).text()).toBe(list);

  // The update waits for a restart, and Inspector lists nothing any more.
  await report(world, id, { packages: [], pending: 1 });
  expect((await central.comeBack()).results).toMatchObject([{ outcome: 'verifying', reason: expect.stringContaining('next restart') }]);
  await report(world, id, { packages: [] });
  expect((await central.comeBack()).results).toMatchObject([{ outcome: 'fixed', remediation }]);
  expect(commands()).toHaveLength(1);
  const log = JSON.stringify(await central.trail(remediation));
  expect(log).toContain('https://posture-document.invalid/');
  expect(log).not.toContain('X-Amz-Signature');
  expect(JSON.stringify(central.told())).not.toContain('X-Amz-Signature');
});

it('is patched by one command for fifty findings, of which events arrive before the approval, beside it and after it', async () => {
  const { central, world, id, event, commands } = await vulnerable();
  const packages = Array.from({ length: 50 }, (_, index) => ({ ...openssl, name: `lib-${String(index).padStart(2, '0')}` }));
  await report(world, id, { packages });
  const events = Array.from({ length: 18 }, (_, index) => ({
    ...event,
    id: `${event.id.slice(0, -2)}${String(index).padStart(2, '0')}`,
    detail: { ...event.detail, findingArn: `${event.detail.findingArn.slice(0, -2)}${String(index).padStart(2, '0')}` },
  }));
  expect(new Set(events.map(({ detail }) => detail.findingArn)).size).toBe(events.length);
  const early = events.slice(0, 6);
  const asked = (await Promise.all(early.map((one) => central.send(one)))).flatMap(({ results }) => results);
  const remediations = [...new Set(asked.filter(({ outcome }) => outcome === 'awaiting-approval').map(({ remediation }) => remediation))];
  expect(remediations).toHaveLength(1);
  const [remediation = ''] = remediations;

  expect(await central.order({ order: 'approve', remediation }, bob)).toMatchObject({ done: true });
  await Promise.all([central.delivered(), ...events.slice(6, 12).map((one) => central.send(one))]);
  for (const one of events.slice(12)) await central.send(one);
  // Those that found another worker at the instance come back, the approved one among them.
  for (let looks = 0; looks < 16; looks += 1) await central.comeBack();
  expect(commands()).toHaveLength(1);
  const [{ input } = { input: {} }] = commands();
  const { Parameters } = input as { Parameters: Record<string, readonly string[]> };
  const read = await (await fetch(Parameters.InstallOverrideList?.[0] ?? '')).text();
  expect(read).toBe(`patches:\n${packages.map(({ name }) => `  - id: '${name}.x86_64'\n`).join('')}`);
});

it('is fixed as soon as the inventory proves it, although Inspector still reports it', async () => {
  const { central, world, id, event } = await vulnerable();
  const [asked] = (await central.send(event)).results;
  await central.order({ order: 'approve', remediation: asked?.remediation ?? '' }, bob);
  await central.delivered();
  await report(world, id, { installed: '1.1.1k-9.amzn2' });
  expect((await central.comeBack()).results).toMatchObject([{ outcome: 'fixed' }]);
});

it('is asked for again where another package is vulnerable by the time of the approval', async () => {
  const { central, world, id, event, commands } = await vulnerable();
  const [asked] = (await central.send(event)).results;
  await report(world, id, { packages: [openssl, { ...openssl, name: 'openssl' }] });
  await central.order({ order: 'approve', remediation: asked?.remediation ?? '' }, bob);
  expect(await central.delivered()).toMatchObject([{ outcome: 'awaiting-approval', reason: expect.stringContaining('differs') }]);
  expect(commands()).toEqual([]);
});

it('is not patched where the list can not be stored, and nothing is in effect', async () => {
  const { central, event, commands } = await vulnerable({ withBucket: false });
  const [asked] = (await central.send(event)).results;
  await central.order({ order: 'approve', remediation: asked?.remediation ?? '' }, bob);
  expect(await central.delivered()).toMatchObject([{ outcome: 'failed', reason: expect.stringContaining('NoSuchBucket') }]);
  expect(commands()).toEqual([]);
});

it('is not patched a second time where nothing proves the update: it stays open as unverified, until something does', async () => {
  const { central, world, id, event, commands } = await vulnerable();
  const [asked] = (await central.send(event)).results;
  const { remediation = '' } = asked ?? {};
  await central.order({ order: 'approve', remediation }, bob);
  await central.delivered();
  const outcomes: string[] = [];
  for (let looks = 0; looks < 150 && outcomes.filter((one) => one === 'unverified').length < 3; looks += 1)
    outcomes.push(...(await central.comeBack()).results.map(({ outcome }) => outcome));
  expect(new Set(outcomes)).toEqual(new Set(['verifying', 'unverified']));
  expect(commands()).toHaveLength(1);
  expect((await central.trail(remediation)).filter(({ effects = [] }) => effects.includes('not-made'))).toEqual([]);

  // Inspector reports it again, meanwhile.
  await central.send(event);
  expect(commands()).toHaveLength(1);
  await report(world, id, { packages: [] });
  expect((await central.comeBack()).results).toMatchObject([{ outcome: 'fixed', remediation }]);
});
