import {
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import type { OutcomeEvent } from '../../functions/outcomes/outcome-schema';
import { recipientsOf } from '../../functions/outcomes/recipients';
import { policy } from '../../functions/policy/policy';
import { freshAccount } from '../emulator/account';
import { badBucket, isKept } from './bucket';
import { type Central, unbounded, useCentral } from './central';

const { open } = useCentral();

describe('the mode', () => {
  it.each([
    ['off', 'off', 'skipped'],
    ['observe', 'observed', 'observed'],
    ['ask', 'awaiting-approval', 'approval-requested'],
    ['fix', 'fixed', 'verified'],
  ])('%s ends as %s', async (mode, outcome, kind) => {
    const central = await open();
    await central.deploy({ ...unbounded, modes: { default: mode } });
    const bucket = await badBucket(central.account);
    const result = await central.find(bucket);
    expect(result.outcome).toBe(outcome);
    expect(await isKept(central.account, bucket)).toBe(mode === 'fix');
    const events = await central.trail(result.remediation);
    expect(events.at(-1)).toMatchObject({ kind, outcome });
    expect(events.flatMap(({ decision = [] }) => decision)).toContain(
      `mode: ${mode}, the default mode${mode === 'fix' ? '' : ` -> ${mode === 'off' ? 'skip' : mode}`}`,
    );
    expect(central.told()).toMatchObject([{ outcome, rule: { id: 's3-bucket-well-kept' } }]);
  });

  it('is observe in a fresh deployment', async () => {
    const central = await open();
    await central.deploy({});
    const bucket = await badBucket(central.account);
    expect(await central.find(bucket)).toMatchObject({ outcome: 'observed' });
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it('goes by the tags of the resource, and the most restrictive holds', async () => {
    const central = await open();
    const clauses = [
      { mode: 'fix', tags: { stage: ['test', 'dev-*'] } },
      { mode: 'observe', tags: { data: 'personal' } },
    ];
    await central.deploy({ ...unbounded, modes: { default: 'ask', clauses } });
    const ends = async (tags: Record<string, string>) => (await central.find(await badBucket(central.account, tags))).outcome;
    expect(await ends({ stage: 'dev-7' })).toBe('fixed');
    expect(await ends({ stage: 'live' })).toBe('awaiting-approval');
    expect(await ends({ stage: 'test', data: 'personal' })).toBe('observed');
  });

  it('takes effect without a deployment of functions, within a minute', async () => {
    const central = await open();
    await central.deploy({ ...unbounded, modes: { default: 'fix' } });
    expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'fixed' });
    await central.deploy({ ...unbounded, modes: { default: 'off' } });
    expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'off' });
  });
});

describe('the mode of an organizational unit', () => {
  async function organized(central: Central) {
    const client = central.account.client(OrganizationsClient);
    await client.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
    const { Roots = [] } = await client.send(new ListRootsCommand({}));
    const root = Roots[0]?.Id ?? '';
    const unit = async (ParentId: string, Name: string) =>
      (await client.send(new CreateOrganizationalUnitCommand({ ParentId, Name }))).OrganizationalUnit?.Id ?? '';
    const outer = await unit(root, 'workloads');
    const inner = await unit(outer, 'payments');
    const made = await client.send(new CreateAccountCommand({ AccountName: 'payments', Email: 'payments@example.com' }));
    const account = made.CreateAccountStatus?.AccountId ?? '';
    await client.send(new MoveAccountCommand({ AccountId: account, SourceParentId: root, DestinationParentId: inner }));
    return { root, outer, inner, account: await freshAccount(central.emulator.gateway, { account }) };
  }

  it('holds for accounts any number of levels below', async () => {
    const central = await open();
    const { root, outer, inner, account } = await organized(central);
    for (const [ou, outcome] of [
      [root, 'fixed'],
      [outer, 'fixed'],
      [inner, 'fixed'],
      ['ou-zzzz-00000000', 'observed'],
    ] as const) {
      await central.deploy({ ...unbounded, modes: { clauses: [{ mode: 'fix', ous: [ou] }] } });
      expect(await central.find(await badBucket(account), { account: account.account })).toMatchObject({ outcome });
    }
  });

  it('is asked for once in a burst, and again a minute later', async () => {
    const central = await open();
    const { root, inner, account } = await organized(central);
    await central.deploy({ ...unbounded, modes: { clauses: [{ mode: 'fix', ous: [root] }] } });
    const asked = () => central.emulator.gateway.calls.filter(({ operation }) => operation === 'ListParents').length;
    const find = async () => central.find(await badBucket(account), { account: account.account });
    expect((await Promise.all([find(), find(), find()])).map(({ outcome }) => outcome)).toEqual(['fixed', 'fixed', 'fixed']);
    expect(asked()).toBe(3);
    expect(central.told().map(({ ous }) => ous?.slice(-1))).toEqual([[root], [root], [root]]);
    const client = central.account.client(OrganizationsClient);
    await client.send(new MoveAccountCommand({ AccountId: account.account, SourceParentId: inner, DestinationParentId: root }));
    await central.deploy({ ...unbounded, modes: { default: 'fix', clauses: [{ mode: 'off', ous: [inner] }] } });
    central.clock.pass(15);
    expect(await find()).toMatchObject({ outcome: 'fixed' });
    expect(asked()).toBe(4);
  });

  it('has the finding come back while the organization has no time to answer', async () => {
    const central = await open();
    const { root, account } = await organized(central);
    await central.deploy({ ...unbounded, modes: { clauses: [{ mode: 'fix', ous: [root] }] } });
    const fault = central.emulator.gateway.fail({ operation: 'ListParents', account: central.account.account, as: 'throttle', times: 100 });
    const bucket = await badBucket(account);
    expect(await central.find(bucket, { account: account.account })).toMatchObject({
      outcome: 'deferred',
      reason: expect.stringContaining('A fact is temporarily unreadable'),
    });
    expect(await isKept(account, bucket)).toBe(false);
    fault.cancel();
    expect(await central.find(await badBucket(account), { account: account.account })).toMatchObject({ outcome: 'fixed' });
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'fixed' }]);
  });

  it('says which clause does not hold for an account that is in no organization, and why', async () => {
    const central = await open();
    const { root } = await organized(central);
    await central.deploy({ ...unbounded, modes: { clauses: [{ mode: 'fix', ous: [root] }] } });
    const left = await central.emulator.account();
    const result = await central.find(await badBucket(left), { account: left.account });
    expect(result).toMatchObject({ outcome: 'observed' });
    expect((await central.last(result.remediation))?.decision).toContainEqual(
      expect.stringMatching(
        /^mode: fix, by modes\.clauses\[0\], does not apply, because this can't be read: the organizational units of the account \(.+\)$/,
      ),
    );
  });

  it('is told with the outcome, so that topics of a unit hear of its accounts alone', async () => {
    const central = await open();
    const { root, outer, inner, account } = await organized(central);
    const topic = (name: string) => `arn:aws:sns:eu-west-1:111122223333:posture-${name}`;
    const topics = [
      { topic: topic('payments'), ous: [outer] },
      { topic: topic('others'), ous: ['ou-zzzz-00000000'] },
    ];
    await central.deploy({ ...unbounded, modes: { default: 'fix' }, notifications: { topics } });
    await central.find(await badBucket(account), { account: account.account });
    const told = central.told().at(-1) as OutcomeEvent;
    expect(told.ous).toEqual([inner, outer, root]);
    const { notifications } = policy.parse({ notifications: { topics } });
    expect(recipientsOf(told, notifications, topic('hub')).map((one) => one.topic)).toEqual([topic('hub'), topic('payments')]);
  });

  it('permits nothing while the organization does not answer, and restricts all the same', async () => {
    const central = await open();
    const { outer, account } = await organized(central);
    central.emulator.gateway.fail({ operation: 'ListParents', account: central.account.account, as: 'access-denied', times: 100 });
    await central.deploy({ ...unbounded, modes: { clauses: [{ mode: 'fix', ous: [outer] }] } });
    expect(await central.find(await badBucket(account), { account: account.account })).toMatchObject({ outcome: 'observed' });
    await central.deploy({ ...unbounded, modes: { default: 'fix', clauses: [{ mode: 'off', ous: ['ou-zzzz-00000000'] }] } });
    expect(await central.find(await badBucket(account), { account: account.account })).toMatchObject({ outcome: 'off' });
  });
});
