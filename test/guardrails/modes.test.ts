import {
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { recipientsOf } from '../../functions/notify/recipients';
import type { OutcomeEvent } from '../../functions/outcomes/outcome-schema';
import { policy } from '../../functions/policy/policy';
import { freshAccount } from '../emulator/account';
import { badBucket, isKept } from './bucket';
import { type Hub, unbounded, useHub } from './central';

const { open } = useHub();

describe('the mode', () => {
  it.each([
    ['off', 'off', 'skipped'],
    ['observe', 'observed', 'observed'],
    ['ask', 'asked', 'asked'],
    ['fix', 'fixed', 'verified'],
  ])('%s ends as %s', async (mode, outcome, kind) => {
    const hub = await open();
    await hub.deploy({ ...unbounded, modes: { default: mode } });
    const bucket = await badBucket(hub.account);
    const ending = await hub.find(bucket);
    expect(ending.outcome).toBe(outcome);
    expect(await isKept(hub.account, bucket)).toBe(mode === 'fix');
    const events = await hub.trail(ending.remediation);
    expect(events.at(-1)).toMatchObject({ kind, outcome });
    expect(events.flatMap(({ decision = [] }) => decision)).toContain(
      `mode: ${mode}, the default mode${mode === 'fix' ? '' : ` -> ${mode === 'off' ? 'skip' : mode}`}`,
    );
    expect(hub.told()).toMatchObject([{ outcome, rule: { id: 's3-bucket-well-kept' } }]);
  });

  it('is observe in a fresh deployment', async () => {
    const hub = await open();
    await hub.deploy({});
    const bucket = await badBucket(hub.account);
    expect(await hub.find(bucket)).toMatchObject({ outcome: 'observed' });
    expect(await isKept(hub.account, bucket)).toBe(false);
  });

  it('goes by the tags of the resource, and the most restrictive holds', async () => {
    const hub = await open();
    const clauses = [
      { mode: 'fix', tags: { stage: ['test', 'dev-*'] } },
      { mode: 'observe', tags: { data: 'personal' } },
    ];
    await hub.deploy({ ...unbounded, modes: { default: 'ask', clauses } });
    const ends = async (tags: Record<string, string>) => (await hub.find(await badBucket(hub.account, tags))).outcome;
    expect(await ends({ stage: 'dev-7' })).toBe('fixed');
    expect(await ends({ stage: 'live' })).toBe('asked');
    expect(await ends({ stage: 'test', data: 'personal' })).toBe('observed');
  });

  it('takes effect without a deployment of functions, within a minute', async () => {
    const hub = await open();
    await hub.deploy({ ...unbounded, modes: { default: 'fix' } });
    expect(await hub.find(await badBucket(hub.account))).toMatchObject({ outcome: 'fixed' });
    await hub.deploy({ ...unbounded, modes: { default: 'off' } });
    expect(await hub.find(await badBucket(hub.account))).toMatchObject({ outcome: 'off' });
  });
});

describe('the mode of an organizational unit', () => {
  async function organized(hub: Hub) {
    const client = hub.account.client(OrganizationsClient);
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
    return { root, outer, inner, account: await freshAccount(hub.emulator.gateway, { account }) };
  }

  it('holds for accounts any number of levels below', async () => {
    const hub = await open();
    const { root, outer, inner, account } = await organized(hub);
    for (const [ou, outcome] of [
      [root, 'fixed'],
      [outer, 'fixed'],
      [inner, 'fixed'],
      ['ou-zzzz-00000000', 'observed'],
    ] as const) {
      await hub.deploy({ ...unbounded, modes: { clauses: [{ mode: 'fix', ous: [ou] }] } });
      expect(await hub.find(await badBucket(account), { account: account.account })).toMatchObject({ outcome });
    }
  });

  it('is asked for once in a burst, and again a minute later', async () => {
    const hub = await open();
    const { root, inner, account } = await organized(hub);
    await hub.deploy({ ...unbounded, modes: { clauses: [{ mode: 'fix', ous: [root] }] } });
    const asked = () => hub.emulator.gateway.calls.filter(({ operation }) => operation === 'ListParents').length;
    const find = async () => hub.find(await badBucket(account), { account: account.account });
    expect((await Promise.all([find(), find(), find()])).map(({ outcome }) => outcome)).toEqual(['fixed', 'fixed', 'fixed']);
    expect(asked()).toBe(3);
    expect(hub.told().map(({ ous }) => ous?.slice(-1))).toEqual([[root], [root], [root]]);
    const client = hub.account.client(OrganizationsClient);
    await client.send(new MoveAccountCommand({ AccountId: account.account, SourceParentId: inner, DestinationParentId: root }));
    await hub.deploy({ ...unbounded, modes: { default: 'fix', clauses: [{ mode: 'off', ous: [inner] }] } });
    hub.clock.pass(15);
    expect(await find()).toMatchObject({ outcome: 'fixed' });
    expect(asked()).toBe(4);
  });

  it('has the finding come back while the organization has no time to answer', async () => {
    const hub = await open();
    const { root, account } = await organized(hub);
    await hub.deploy({ ...unbounded, modes: { clauses: [{ mode: 'fix', ous: [root] }] } });
    const fault = hub.emulator.gateway.fail({ operation: 'ListParents', account: hub.account.account, as: 'throttle', times: 100 });
    const bucket = await badBucket(account);
    expect(await hub.find(bucket, { account: account.account })).toMatchObject({
      outcome: 'deferred',
      reason: expect.stringContaining('could not be read at the moment'),
    });
    expect(await isKept(account, bucket)).toBe(false);
    fault.cancel();
    expect(await hub.find(await badBucket(account), { account: account.account })).toMatchObject({ outcome: 'fixed' });
    expect((await hub.comeBack()).endings).toMatchObject([{ outcome: 'fixed' }]);
  });

  it('says which clause does not hold for an account that is in no organization, and why', async () => {
    const hub = await open();
    const { root } = await organized(hub);
    await hub.deploy({ ...unbounded, modes: { clauses: [{ mode: 'fix', ous: [root] }] } });
    const left = await hub.emulator.account();
    const ending = await hub.find(await badBucket(left), { account: left.account });
    expect(ending).toMatchObject({ outcome: 'observed' });
    expect((await hub.last(ending.remediation))?.decision).toContainEqual(
      expect.stringMatching(
        /^mode: fix, by modes\.clauses\[0\], does not apply, because this can't be read: the organizational units of the account \(.+\)$/,
      ),
    );
  });

  it('is told with the outcome, so that topics of a unit hear of its accounts alone', async () => {
    const hub = await open();
    const { root, outer, inner, account } = await organized(hub);
    const topic = (name: string) => `arn:aws:sns:eu-west-1:111122223333:posture-${name}`;
    const topics = [
      { topic: topic('payments'), ous: [outer] },
      { topic: topic('others'), ous: ['ou-zzzz-00000000'] },
    ];
    await hub.deploy({ ...unbounded, modes: { default: 'fix' }, notifications: { topics } });
    await hub.find(await badBucket(account), { account: account.account });
    const told = hub.told().at(-1) as OutcomeEvent;
    expect(told.ous).toEqual([inner, outer, root]);
    const { notifications } = policy.parse({ notifications: { topics } });
    expect(recipientsOf(told, notifications, topic('hub')).map((one) => one.topic)).toEqual([topic('hub'), topic('payments')]);
  });

  it('permits nothing while the organization does not answer, and restricts all the same', async () => {
    const hub = await open();
    const { outer, account } = await organized(hub);
    hub.emulator.gateway.fail({ operation: 'ListParents', account: hub.account.account, as: 'access-denied', times: 100 });
    await hub.deploy({ ...unbounded, modes: { clauses: [{ mode: 'fix', ous: [outer] }] } });
    expect(await hub.find(await badBucket(account), { account: account.account })).toMatchObject({ outcome: 'observed' });
    await hub.deploy({ ...unbounded, modes: { default: 'fix', clauses: [{ mode: 'off', ous: ['ou-zzzz-00000000'] }] } });
    expect(await hub.find(await badBucket(account), { account: account.account })).toMatchObject({ outcome: 'off' });
  });
});
