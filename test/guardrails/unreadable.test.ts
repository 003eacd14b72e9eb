import { badBucket, isKept } from './bucket';
import { alice, approvers, unbounded, useCentral } from './central';

const { open } = useCentral();
const policy = { ...unbounded, modes: { default: 'fix' }, approvals: { approvers, fourEyes: false } };

describe('a policy that can not be read', () => {
  it.each([
    ['is not there', undefined, 'AppConfig has no policy deployed'],
    ['is no JSON', '{"modes":', 'not valid JSON'],
    ['does not fit', '{"modes":{"default":"everything"}}', 'is invalid'],
  ])('and %s changes nothing, says so, and loses nothing', async (_, content, said) => {
    const central = await open();
    await central.deploy(policy);
    central.emulator.gateway.appConfig.corrupt(central.account.account, content);
    const bucket = await badBucket(central.account);
    const result = await central.find(bucket);
    expect(result).toMatchObject({ outcome: 'deferred', reason: expect.stringContaining(said) });
    expect(result.reason).toContain('This attempt made no changes');
    expect(await central.last(result.remediation)).toMatchObject({ kind: 'deferred', outcome: 'deferred' });
    expect(await isKept(central.account, bucket)).toBe(false);
    expect(await central.order({ order: 'approve', remediation: result.remediation }, alice)).toMatchObject({ statusCode: 409 });

    await central.deploy(policy);
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'fixed' }]);
  });

  it('and was good before is not gone by any more', async () => {
    const central = await open();
    await central.deploy(policy);
    expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'fixed' });
    central.emulator.gateway.fail({
      operation: 'GetLatestConfiguration',
      account: central.account.account,
      as: 'access-denied',
      times: 100,
    });
    central.clock.pass(46);
    const bucket = await badBucket(central.account);
    expect(await central.find(bucket)).toMatchObject({
      outcome: 'deferred',
      reason: expect.stringContaining('could not be fetched from AppConfig'),
    });
    expect(await isKept(central.account, bucket)).toBe(false);
  });
});

describe('a coordination table that can not be read', () => {
  it('has nothing changed, and the finding comes back', async () => {
    const central = await open();
    await central.deploy(policy);
    const fault = central.emulator.gateway.fail({
      operation: 'BatchGetItem',
      account: central.account.account,
      as: 'access-denied',
      times: 100,
    });
    const bucket = await badBucket(central.account);
    const result = await central.find(bucket);
    expect(result).toMatchObject({ outcome: 'deferred', reason: expect.stringContaining("the recorded state can't be read") });
    expect(await isKept(central.account, bucket)).toBe(false);
    fault.cancel();
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'fixed' }]);
  });

  it('has nothing changed where no lease can be taken, and leaves no finding as handled', async () => {
    const central = await open();
    await central.deploy(policy);
    central.emulator.gateway.fail({ operation: 'UpdateItem', account: central.account.account, as: 'access-denied', times: 1000 });
    const bucket = await badBucket(central.account);
    await expect(central.find(bucket)).rejects.toThrow('not authorized');
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it('has nothing changed where no permit can be counted, and records it', async () => {
    const central = await open();
    await central.deploy(policy);
    const fault = central.emulator.gateway.fail({
      operation: 'TransactWriteItems',
      account: central.account.account,
      as: 'access-denied',
      times: 1000,
    });
    const bucket = await badBucket(central.account);
    const result = await central.find(bucket);
    expect(result).toMatchObject({ outcome: 'deferred', reason: expect.stringContaining('could not be counted') });
    expect(result.reason).toContain('dynamodb:TransactWriteItems');
    expect(await central.last(result.remediation)).toMatchObject({ kind: 'deferred' });
    expect(await isKept(central.account, bucket)).toBe(false);
    fault.cancel();
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'fixed', remediation: result.remediation }]);
  });
});
