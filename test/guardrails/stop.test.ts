import { badBucket, isKept } from './bucket';
import { alice, approvers, useHub } from './central';

const { open } = useHub();
const policy = { modes: { default: 'fix' }, ownership: { lastChange: false }, approvals: { approvers, fourEyes: false } };
const anybody = 'arn:aws:iam::111122223333:user/dave';

describe('the kill switch', () => {
  it('keeps everything from being changed, lets rollbacks go on, and tells in the log who, when and why', async () => {
    const hub = await open();
    await hub.deploy(policy);
    const before = await badBucket(hub.account);
    const { remediation: earlier } = await hub.find(before);

    const stopped = await hub.order({ order: 'stop', why: 'uploads fail' }, anybody);
    expect(stopped).toMatchObject({ statusCode: 200, done: true });
    expect(await hub.last(stopped.done ? (stopped.remediation ?? '') : '')).toMatchObject({
      kind: 'stopped',
      actor: anybody,
      reason: `${anybody} stopped all changes: uploads fail.`,
      time: hub.clock.now().toISOString(),
    });
    expect(await hub.order({ order: 'stop', why: 'twice' }, alice)).toMatchObject({
      done: true,
      reason: expect.stringContaining('already'),
    });

    const bucket = await badBucket(hub.account);
    const ending = await hub.find(bucket);
    expect(ending).toMatchObject({ outcome: 'deferred', reason: expect.stringContaining(`${anybody} stopped all changes at`) });
    expect(hub.told().at(-1)).toMatchObject({ outcome: 'deferred', deferredBy: ['stop'] });
    expect((await hub.comeBack()).endings).toMatchObject([{ outcome: 'deferred' }]);
    expect(await isKept(hub.account, bucket)).toBe(false);

    expect(await hub.order({ order: 'rollback', remediation: earlier, why: 'it broke the upload' }, alice)).toMatchObject({ done: true });
    expect(await hub.delivered()).toMatchObject([{ outcome: 'rolled-back' }]);
    expect(await isKept(hub.account, before)).toBe(false);

    expect(await hub.order({ order: 'start', why: 'all is well' }, anybody)).toMatchObject({ statusCode: 403, refused: 'forbidden' });
    const started = await hub.order({ order: 'start', why: 'all is well' }, alice);
    expect(await hub.last(started.done ? (started.remediation ?? '') : '')).toMatchObject({ kind: 'started', actor: alice });
    expect((await hub.comeBack()).endings).toMatchObject([{ outcome: 'fixed' }]);
    expect(await isKept(hub.account, bucket)).toBe(true);
    expect(await hub.order({ order: 'start', why: 'all is well' }, alice)).toMatchObject({ statusCode: 409 });
  });

  it('holds up what was approved, until it is started again', async () => {
    const hub = await open();
    await hub.deploy({ ...policy, modes: { default: 'ask' } });
    const bucket = await badBucket(hub.account);
    const { remediation } = await hub.find(bucket);
    await hub.order({ order: 'approve', remediation }, alice);
    await hub.order({ order: 'stop', why: 'uploads fail' }, anybody);
    expect(await hub.delivered()).toMatchObject([{ outcome: 'deferred' }]);
    expect(await isKept(hub.account, bucket)).toBe(false);
    await hub.order({ order: 'start', why: 'all is well' }, alice);
    expect((await hub.comeBack()).endings).toMatchObject([{ outcome: 'fixed', remediation }]);
  });

  it('holds though a storm of permits has its item, and can be lifted then', async () => {
    const hub = await open();
    await hub.deploy(policy);
    const stopping = hub.emulator.gateway.fail({ service: 'dynamodb', operation: 'PutItem', times: 4, as: 'conflict' });
    expect(await hub.order({ order: 'stop', why: 'uploads fail' }, anybody)).toMatchObject({ statusCode: 200, done: true });
    expect(stopping.met).toBe(4);
    const bucket = await badBucket(hub.account);
    expect(await hub.find(bucket)).toMatchObject({ outcome: 'deferred' });
    const starting = hub.emulator.gateway.fail({ service: 'dynamodb', operation: 'DeleteItem', times: 4, as: 'conflict' });
    expect(await hub.order({ order: 'start', why: 'all is well' }, alice)).toMatchObject({ statusCode: 200, done: true });
    expect(starting.met).toBe(4);
  });

  it('is lifted with an entry in the log, though the answer to that is lost', async () => {
    const hub = await open();
    await hub.deploy(policy);
    await hub.order({ order: 'stop', why: 'uploads fail' }, anybody);
    const fault = hub.emulator.gateway.fail({ service: 'dynamodb', operation: 'DeleteItem', as: 'drop-answer' });
    const started = await hub.order({ order: 'start', why: 'all is well' }, alice);
    expect(fault.met).toBe(1);
    expect(await hub.last(started.done ? (started.remediation ?? '') : '')).toMatchObject({ kind: 'started', actor: alice });
  });

  it('is not lifted while the log can not be written', async () => {
    const hub = await open();
    await hub.deploy(policy);
    await hub.order({ order: 'stop', why: 'uploads fail' }, anybody);
    const fault = hub.emulator.gateway.fail({ service: 'dynamodb', operation: 'PutItem', times: 99, as: 'access-denied' });
    await expect(hub.order({ order: 'start', why: 'all is well' }, alice)).rejects.toThrow('not authorized');
    fault.cancel();
    expect(await hub.find(await badBucket(hub.account))).toMatchObject({ outcome: 'deferred' });
  });

  it('can be used while the policy can not be read', async () => {
    const hub = await open();
    expect(await hub.order({ order: 'stop', why: 'uploads fail' }, anybody)).toMatchObject({ done: true });
    expect(await hub.order({ order: 'start', why: 'all is well' }, alice)).toMatchObject({
      statusCode: 409,
      reason: expect.stringContaining('Who may order this is not known'),
    });
  });
});
