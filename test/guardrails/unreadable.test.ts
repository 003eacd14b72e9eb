import { badBucket, isKept } from './bucket';
import { alice, approvers, unbounded, useHub } from './central';

const { open } = useHub();
const policy = { ...unbounded, modes: { default: 'fix' }, approvals: { approvers, fourEyes: false } };

describe('a policy that can not be read', () => {
  it.each([
    ['is not there', undefined, 'AppConfig has no policy deployed'],
    ['is no JSON', '{"modes":', 'not valid JSON'],
    ['does not fit', '{"modes":{"default":"everything"}}', 'is invalid'],
  ])('and %s changes nothing, says so, and loses nothing', async (_, content, said) => {
    const hub = await open();
    await hub.deploy(policy);
    hub.emulator.gateway.appConfig.corrupt(hub.account.account, content);
    const bucket = await badBucket(hub.account);
    const ending = await hub.find(bucket);
    expect(ending).toMatchObject({ outcome: 'deferred', reason: expect.stringContaining(said) });
    expect(ending.reason).toContain('Nothing was changed');
    expect(await hub.last(ending.remediation)).toMatchObject({ kind: 'deferred', outcome: 'deferred' });
    expect(await isKept(hub.account, bucket)).toBe(false);
    expect(await hub.order({ order: 'approve', remediation: ending.remediation }, alice)).toMatchObject({ statusCode: 409 });

    await hub.deploy(policy);
    expect((await hub.comeBack()).endings).toMatchObject([{ outcome: 'fixed' }]);
  });

  it('and was good before is not gone by any more', async () => {
    const hub = await open();
    await hub.deploy(policy);
    expect(await hub.find(await badBucket(hub.account))).toMatchObject({ outcome: 'fixed' });
    hub.emulator.gateway.fail({ operation: 'GetLatestConfiguration', account: hub.account.account, as: 'access-denied', times: 100 });
    hub.clock.pass(46);
    const bucket = await badBucket(hub.account);
    expect(await hub.find(bucket)).toMatchObject({
      outcome: 'deferred',
      reason: expect.stringContaining('could not be fetched from AppConfig'),
    });
    expect(await isKept(hub.account, bucket)).toBe(false);
  });
});

describe('a coordination table that can not be read', () => {
  it('has nothing changed, and the finding comes back', async () => {
    const hub = await open();
    await hub.deploy(policy);
    const fault = hub.emulator.gateway.fail({ operation: 'BatchGetItem', account: hub.account.account, as: 'access-denied', times: 100 });
    const bucket = await badBucket(hub.account);
    const ending = await hub.find(bucket);
    expect(ending).toMatchObject({ outcome: 'deferred', reason: expect.stringContaining("the recorded state can't be read") });
    expect(await isKept(hub.account, bucket)).toBe(false);
    fault.cancel();
    expect((await hub.comeBack()).endings).toMatchObject([{ outcome: 'fixed' }]);
  });

  it.each(['UpdateItem', 'TransactWriteItems'])(
    'or written by %s has nothing changed, and leaves no finding as handled',
    async (operation) => {
      const hub = await open();
      await hub.deploy(policy);
      hub.emulator.gateway.fail({ operation, account: hub.account.account, as: 'access-denied', times: 1000 });
      const bucket = await badBucket(hub.account);
      await expect(hub.find(bucket)).rejects.toThrow('1 of 1 findings were not handled');
      expect(await isKept(hub.account, bucket)).toBe(false);
    },
  );
});
