import { notFound, type Rule } from '../../rules/rule';
import { badBucket, isKept } from './bucket';
import { alice, approvers, bob, plantedRule, useCentral } from './central';

const { open } = useCentral();
const policy = {
  modes: { default: 'fix' },
  ownership: { lastChange: false },
  approvals: { approvers: [...approvers, { principals: ['arn:aws:iam::111122223333:user/carol'], accounts: ['111122223333'] }] },
  breaker: { failures: 2 },
};

describe('the breaker of a rule', () => {
  it('opens by failures in a row, keeps the rule from changing anything, and is closed by a person', async () => {
    const central = await open();
    await central.deploy(policy);
    const fault = central.emulator.gateway.fail({
      operation: 'PutBucketVersioning',
      account: central.account.account,
      as: 'access-denied',
      times: 100,
    });
    for (const count of [1, 2]) {
      const bucket = await badBucket(central.account);
      const result = await central.find(bucket);
      expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('AccessDenied') });
      expect(await central.last(result.remediation)).toMatchObject({ kind: 'reverted', outcome: 'failed' });
      expect(central.metrics().filter(({ BreakerOpened }) => BreakerOpened === 1)).toHaveLength(count - 1);
    }
    fault.cancel();

    const bucket = await badBucket(central.account);
    const result = await central.find(bucket);
    expect(result).toMatchObject({
      outcome: 'breaker-open',
      reason: expect.stringMatching(/open in account \d{12} since .*: 2 consecutive failures\. An approver has to close it/),
    });
    expect(await central.last(result.remediation)).toMatchObject({ kind: 'observed', outcome: 'breaker-open' });
    expect(central.told().at(-1)).toMatchObject({ outcome: 'breaker-open' });
    expect(await isKept(central.account, bucket)).toBe(false);

    const close = { order: 'close-breaker', rule: 's3-bucket-well-kept', why: 'the role may do it now' };
    expect(await central.order(close, 'arn:aws:iam::111122223333:user/mallory')).toMatchObject({ statusCode: 403, refused: 'forbidden' });
    expect(await central.order(close, 'arn:aws:iam::111122223333:user/carol')).toMatchObject({
      statusCode: 403,
      code: 'out-of-scope',
      reason: expect.stringContaining('in all accounts'),
    });
    const reply = await central.order(close, alice);
    expect(reply).toMatchObject({ statusCode: 200, done: true });
    expect(await central.last(reply.done ? (reply.remediation ?? '') : '')).toMatchObject({
      kind: 'breaker-closed',
      actor: alice,
      rule: 's3-bucket-well-kept',
    });
    expect(await central.order(close, bob)).toMatchObject({
      statusCode: 409,
      code: 'breaker-not-open',
      reason: expect.stringContaining('is not open'),
    });
    expect(await central.find(bucket)).toMatchObject({ outcome: 'fixed' });
  });

  it('counts anew after a fix that held', async () => {
    const central = await open();
    await central.deploy(policy);
    const failed = async () => {
      central.emulator.gateway.fail({ operation: 'PutBucketVersioning', account: central.account.account, as: 'access-denied', times: 1 });
      return (await central.find(await badBucket(central.account))).outcome;
    };
    const fixed = async () => (await central.find(await badBucket(central.account))).outcome;
    expect([await failed(), await fixed(), await failed(), await fixed()]).toEqual(['failed', 'fixed', 'failed', 'fixed']);
  });

  it('counts anew after a fix that showed late', async () => {
    let shows = true;
    const slow: Rule = {
      ...plantedRule,
      settle: 600,
      async inspect(...given) {
        const state = await plantedRule.inspect(...given);
        return shows || state === notFound ? state : { ...(state as object), versioned: false };
      },
    };
    const central = await open({ rules: [slow] });
    await central.deploy(policy);
    const failed = async () => {
      central.emulator.gateway.fail({ operation: 'PutBucketVersioning', account: central.account.account, as: 'access-denied', times: 1 });
      return (await central.find(await badBucket(central.account))).outcome;
    };
    expect(await failed()).toBe('failed');
    const bucket = await badBucket(central.account);
    shows = false;
    expect(await central.find(bucket)).toMatchObject({ outcome: 'verifying' });
    shows = true;
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'fixed' }]);
    expect(await failed()).toBe('failed');
    expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'fixed' });
  });

  it('opens by rollbacks that people order within a day of 24 hours, each remediation counted once', async () => {
    const central = await open();
    await central.deploy({ ...policy, breaker: { rollbacks: 3 } });
    const fixes: string[] = [];
    for (const _ of [1, 2, 3]) fixes.push((await central.find(await badBucket(central.account))).remediation);
    const [one = '', two = '', three = ''] = fixes;
    central.clock.goTo('2026-11-24T23:00:00Z');
    for (const remediation of [one, one, two]) {
      expect(await central.order({ order: 'rollback', remediation, why: 'it broke the upload' })).toMatchObject({ done: true });
      expect(await central.delivered()).toMatchObject([{ outcome: 'rolled-back' }]);
      central.clock.pass(1);
    }
    expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'fixed' });
    central.clock.goTo('2026-11-25T22:00:00Z');
    await central.order({ order: 'rollback', remediation: three, why: 'it broke the upload' });
    await central.delivered();
    expect(await central.find(await badBucket(central.account))).toMatchObject({
      outcome: 'breaker-open',
      reason: expect.stringContaining('3 manual rollbacks within 24 hours'),
    });
    await central.order({ order: 'close-breaker', rule: 's3-bucket-well-kept', why: 'fixed the role' });
    const { remediation: four, outcome } = await central.find(await badBucket(central.account));
    expect(outcome).toBe('fixed');
    await central.order({ order: 'rollback', remediation: four, why: 'it broke the upload' });
    await central.delivered();
    expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'fixed' });
  });
});
