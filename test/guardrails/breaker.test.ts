import { gone, type Rule } from '../../rules/rule';
import { badBucket, isKept } from './bucket';
import { alice, approvers, bob, plantedRule, useHub } from './central';

const { open } = useHub();
const policy = {
  modes: { default: 'fix' },
  ownership: { lastChange: false },
  approvals: { approvers: [...approvers, { principals: ['arn:aws:iam::111122223333:user/carol'], accounts: ['111122223333'] }] },
  breaker: { failures: 2 },
};

describe('the breaker of a rule', () => {
  it('opens by failures in a row, keeps the rule from changing anything, and is closed by a person', async () => {
    const hub = await open();
    await hub.deploy(policy);
    const fault = hub.emulator.gateway.fail({
      operation: 'PutBucketVersioning',
      account: hub.account.account,
      as: 'access-denied',
      times: 100,
    });
    for (const count of [1, 2]) {
      const bucket = await badBucket(hub.account);
      const ending = await hub.find(bucket);
      expect(ending).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('AccessDenied') });
      expect(await hub.last(ending.remediation)).toMatchObject({ kind: 'undone', outcome: 'failed' });
      expect(hub.metrics().filter(({ Tripped }) => Tripped === 1)).toHaveLength(count - 1);
    }
    fault.cancel();

    const bucket = await badBucket(hub.account);
    const ending = await hub.find(bucket);
    expect(ending).toMatchObject({
      outcome: 'tripped',
      reason: expect.stringContaining('2 failures in a row. An operator has to close it'),
    });
    expect(await hub.last(ending.remediation)).toMatchObject({ kind: 'observed', outcome: 'tripped' });
    expect(hub.told().at(-1)).toMatchObject({ outcome: 'tripped' });
    expect(await isKept(hub.account, bucket)).toBe(false);

    const close = { order: 'close-breaker', rule: 's3-bucket-well-kept', why: 'the role may do it now' };
    expect(await hub.order(close, 'arn:aws:iam::111122223333:user/mallory')).toMatchObject({ statusCode: 403, refused: 'forbidden' });
    expect(await hub.order(close, 'arn:aws:iam::111122223333:user/carol')).toMatchObject({
      statusCode: 403,
      reason: expect.stringContaining('everywhere'),
    });
    const lost = hub.emulator.gateway.fail({ service: 'dynamodb', operation: 'UpdateItem', as: 'drop-answer' });
    const reply = await hub.order(close, alice);
    expect(lost.met).toBe(1);
    expect(reply).toMatchObject({ statusCode: 200, done: true });
    expect(await hub.last(reply.done ? (reply.remediation ?? '') : '')).toMatchObject({
      kind: 'breaker-closed',
      actor: alice,
      rule: 's3-bucket-well-kept',
    });
    expect(await hub.order(close, bob)).toMatchObject({ statusCode: 409, reason: expect.stringContaining('is not open') });
    expect(await hub.find(bucket)).toMatchObject({ outcome: 'fixed' });
  });

  it('counts anew after a fix that held', async () => {
    const hub = await open();
    await hub.deploy(policy);
    const failed = async () => {
      hub.emulator.gateway.fail({ operation: 'PutBucketVersioning', account: hub.account.account, as: 'access-denied', times: 1 });
      return (await hub.find(await badBucket(hub.account))).outcome;
    };
    const fixed = async () => (await hub.find(await badBucket(hub.account))).outcome;
    expect([await failed(), await fixed(), await failed(), await fixed()]).toEqual(['failed', 'fixed', 'failed', 'fixed']);
  });

  it('counts anew after a fix that showed late', async () => {
    let shows = true;
    const slow: Rule = {
      ...plantedRule,
      settle: 600,
      async inspect(...given) {
        const state = await plantedRule.inspect(...given);
        return shows || state === gone ? state : { ...(state as object), versioned: false };
      },
    };
    const hub = await open({ rules: [slow] });
    await hub.deploy(policy);
    const failed = async () => {
      hub.emulator.gateway.fail({ operation: 'PutBucketVersioning', account: hub.account.account, as: 'access-denied', times: 1 });
      return (await hub.find(await badBucket(hub.account))).outcome;
    };
    expect(await failed()).toBe('failed');
    const bucket = await badBucket(hub.account);
    shows = false;
    expect(await hub.find(bucket)).toMatchObject({ outcome: 'pending' });
    shows = true;
    expect((await hub.comeBack()).endings).toMatchObject([{ outcome: 'fixed' }]);
    expect(await failed()).toBe('failed');
    expect(await hub.find(await badBucket(hub.account))).toMatchObject({ outcome: 'fixed' });
  });

  it('opens by rollbacks that people order within a day of 24 hours, each remediation counted once', async () => {
    const hub = await open();
    await hub.deploy({ ...policy, breaker: { rollbacks: 3 } });
    const fixes: string[] = [];
    for (const _ of [1, 2, 3]) fixes.push((await hub.find(await badBucket(hub.account))).remediation);
    const [one = '', two = '', three = ''] = fixes;
    hub.clock.goTo('2026-11-24T23:00:00Z');
    for (const remediation of [one, one, two]) {
      expect(await hub.order({ order: 'rollback', remediation, why: 'it broke the upload' })).toMatchObject({ done: true });
      expect(await hub.delivered()).toMatchObject([{ outcome: 'rolled-back' }]);
    }
    expect(await hub.find(await badBucket(hub.account))).toMatchObject({ outcome: 'fixed' });
    hub.clock.goTo('2026-11-25T22:00:00Z');
    await hub.order({ order: 'rollback', remediation: three, why: 'it broke the upload' });
    await hub.delivered();
    expect(await hub.find(await badBucket(hub.account))).toMatchObject({
      outcome: 'tripped',
      reason: expect.stringContaining('3 rollbacks by people within a day'),
    });
    await hub.order({ order: 'close-breaker', rule: 's3-bucket-well-kept', why: 'mended' });
    const { remediation: four, outcome } = await hub.find(await badBucket(hub.account));
    expect(outcome).toBe('fixed');
    await hub.order({ order: 'rollback', remediation: four, why: 'it broke the upload' });
    await hub.delivered();
    expect(await hub.find(await badBucket(hub.account))).toMatchObject({ outcome: 'fixed' });
  });
});
