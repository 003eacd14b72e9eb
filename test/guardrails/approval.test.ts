import type { Rule } from '../../rules/rule';
import { badBucket, isKept, spoil } from './bucket';
import { alice, approvers, bob, type Central, plantedRule, useCentral } from './central';

const { open } = useCentral();
const ask = { modes: { default: 'ask' }, ownership: { lastChange: false }, approvals: { approvers } };

async function asked(policy: object = ask): Promise<{ readonly central: Central; readonly bucket: string; readonly remediation: string }> {
  const central = await open();
  await central.deploy(policy);
  const bucket = await badBucket(central.account);
  const { outcome, remediation } = await central.find(bucket);
  expect(outcome).toBe('awaiting-approval');
  return { central, bucket, remediation };
}

const kinds = async (central: Central, remediation: string) => (await central.trail(remediation)).map(({ kind }) => kind);

describe('an approval', () => {
  it('is asked for with the plan, its hash, the state seen and an expiry, and lets the fix through', async () => {
    const { central, bucket, remediation } = await asked();
    const item = await central.last(remediation);
    const until = new Date(central.clock.now().getTime() + 168 * 3_600_000).toISOString();
    expect(item).toMatchObject({
      kind: 'approval-requested',
      until,
      plan: expect.stringMatching(/^[0-9a-f]{64}$/),
      before: { versioned: false, blocked: false, owned: false },
      changes: [expect.anything(), expect.anything(), expect.anything()],
    });
    expect(central.told().at(-1)).toMatchObject({ outcome: 'awaiting-approval', approval: { hash: item?.plan, expires: until } });

    expect(await central.order({ order: 'approve', remediation, why: 'as agreed' })).toMatchObject({ statusCode: 200, done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed', remediation }]);
    expect(await isKept(central.account, bucket)).toBe(true);
    expect(await kinds(central, remediation)).toEqual(['approval-requested', 'approved', 'planned', 'verified']);
    const trail = await central.trail(remediation);
    expect(trail[1]).toMatchObject({ actor: alice, plan: item?.plan, reason: `${alice} approved the plan: as agreed.` });
    expect(trail[2]?.decision).toContain(`approval: ${alice} approved this plan at ${trail[1]?.time}`);
    expect(central.told().map(({ outcome }) => outcome)).toEqual(['awaiting-approval', 'approved', 'fixed']);
  });

  it('is for one plan: where the resource has changed since, it is asked for again, with what differs', async () => {
    const { central, bucket, remediation } = await asked();
    await spoil(central.account, bucket, 'access');
    const { PutBucketVersioningCommand, S3Client } = await import('@aws-sdk/client-s3');
    const change = new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } });
    await central.account.client(S3Client).send(change);
    await central.order({ order: 'approve', remediation });
    const [result] = await central.delivered();
    expect(result).toMatchObject({
      outcome: 'awaiting-approval',
      remediation,
      reason: expect.stringMatching(/The plan differs from the previous one: .*PutBucketVersioning/),
    });
    expect(await kinds(central, remediation)).toEqual(['approval-requested', 'approved', 'approval-refused', 'approval-requested']);
    expect((await central.trail(remediation))[2]?.reason).toContain('is for a different plan: the resource has changed since');

    expect(await central.order({ order: 'approve', remediation }, bob)).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed', remediation }]);
  });

  it('is for what was shown: a plan that became another one since is not approved by its id alone', async () => {
    const { central, bucket, remediation } = await asked();
    const shown = (await central.last(remediation))?.plan?.slice(0, 16);
    await spoil(central.account, bucket, 'access');
    const { PutBucketVersioningCommand, S3Client } = await import('@aws-sdk/client-s3');
    const change = new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } });
    await central.account.client(S3Client).send(change);
    await central.order({ order: 'approve', remediation, plan: shown });
    expect(await central.delivered()).toMatchObject([{ outcome: 'awaiting-approval', remediation }]);

    expect(await central.order({ order: 'approve', remediation, plan: shown }, bob)).toMatchObject({
      statusCode: 409,
      code: 'plan-changed',
      reason: expect.stringContaining(`The plan has changed: the request is for ${shown}`),
    });
    expect(await central.last(remediation)).toMatchObject({ kind: 'approval-refused', actor: bob });
    expect(await central.delivered()).toEqual([]);
    expect(await central.order({ order: 'approve', remediation, plan: 'ab' }, bob)).toMatchObject({ statusCode: 400 });
    const now = (await central.trail(remediation)).findLast(({ kind }) => kind === 'approval-requested')?.plan;
    expect(await central.order({ order: 'approve', remediation, plan: now }, bob)).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed', remediation }]);
  });

  it('that was given, logged and not told, goes on all the same', async () => {
    const { central, bucket, remediation } = await asked();
    const { bus } = { bus: process.env.BUS };
    const { DeleteEventBusCommand, EventBridgeClient } = await import('@aws-sdk/client-eventbridge');
    await central.account.client(EventBridgeClient).send(new DeleteEventBusCommand({ Name: bus }));
    expect(await central.order({ order: 'approve', remediation })).toMatchObject({ statusCode: 200, done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed', remediation }]);
    expect(await isKept(central.account, bucket)).toBe(true);
  });

  it('that led to nothing does not keep the same plan from being asked, and told, again', async () => {
    const { central, bucket, remediation } = await asked();
    await central.order({ order: 'approve', remediation });
    await central.deploy({ ...ask, modes: { default: 'observe' } });
    expect(await central.delivered()).toMatchObject([{ outcome: 'observed', remediation }]);
    await central.deploy(ask);
    const again = await central.find(bucket);
    expect(again).toMatchObject({ outcome: 'awaiting-approval', reason: expect.stringContaining('Requires approval until') });
    expect(central.told().at(-1)).not.toHaveProperty('repeated');
    await central.order({ order: 'approve', remediation: again.remediation });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed', remediation: again.remediation }]);
  });

  it('comes too late once what was asked has expired', async () => {
    const { central, bucket, remediation } = await asked();
    central.clock.pass(168 * 3600 + 1);
    expect(await central.order({ order: 'approve', remediation })).toMatchObject({
      statusCode: 409,
      code: 'approval-expired',
      reason: expect.stringContaining('The deadline for the approval was'),
    });
    expect(await central.last(remediation)).toMatchObject({ kind: 'approval-refused', actor: alice });
    expect(await central.delivered()).toEqual([]);
    const again = await central.find(bucket);
    expect(again).toMatchObject({ outcome: 'awaiting-approval' });
    expect(again.remediation).not.toBe(remediation);
    await central.order({ order: 'approve', remediation: again.remediation });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }]);
  });

  it('that nobody answers is asked for again, also where no finding comes again by itself', async () => {
    const central = await open();
    await central.deploy(ask);
    const resource = `arn:aws:s3:::${await badBucket(central.account)}`;
    await central.order({ order: 'fix', rule: plantedRule.id, resource, why: 'for the audit' }, bob);
    const [first] = await central.delivered();
    const expires = (await central.last(first?.remediation ?? ''))?.until;
    const { at, results } = await central.comeBack();
    // EventBridge Scheduler knows whole seconds.
    expect(Math.round((at.getTime() - Date.parse(expires ?? '')) / 1000)).toBe(60);
    expect(results).toMatchObject([
      {
        outcome: 'awaiting-approval',
        reason: expect.stringContaining(`in remediation ${first?.remediation}, was not answered before ${expires}`),
      },
    ]);
    expect(results[0]?.remediation).not.toBe(first?.remediation);
    expect(central.told().at(-1)).toMatchObject({ outcome: 'awaiting-approval', remediation: results[0]?.remediation });
    expect(central.told().at(-1)).not.toHaveProperty('repeated');
  });

  it('expires by itself', async () => {
    const { central, bucket, remediation } = await asked();
    await central.order({ order: 'approve', remediation });
    central.clock.pass(168 * 3600 + 1);
    expect(await central.delivered()).toMatchObject([{ outcome: 'awaiting-approval' }]);
    expect((await central.trail(remediation)).at(-2)).toMatchObject({
      kind: 'approval-refused',
      code: 'approval-expired',
      reason: expect.stringContaining('expired at'),
    });
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it('is used once, however often its message is delivered', async () => {
    const { central, bucket, remediation } = await asked();
    await central.order({ order: 'approve', remediation });
    const [message] = central.emulator.gateway.invocations.flatMap(({ account, event }) =>
      account === central.account.account ? [event] : [],
    );
    const both = await Promise.all([central.send(message), central.send(message)]);
    const outcomes = both.flatMap(({ results }) => results.map(({ outcome }) => outcome));
    expect(outcomes).toContain('fixed');
    expect((await kinds(central, remediation)).filter((kind) => kind === 'planned')).toHaveLength(1);
    expect(await central.order({ order: 'approve', remediation })).toMatchObject({
      statusCode: 409,
      code: 'not-awaiting-approval',
      reason: expect.stringContaining('does not await approval'),
    });

    await spoil(central.account, bucket);
    expect((await central.send(message)).results).toMatchObject([
      { outcome: 'rejected', reason: expect.stringContaining('The approval was used before') },
    ]);
    expect(await central.last(remediation)).toMatchObject({ kind: 'approval-refused' });
    expect(await isKept(central.account, bucket)).toBe(false);
    expect(await central.find(bucket)).toMatchObject({ outcome: 'awaiting-approval' });
  });

  it('given twice before it is used, is one', async () => {
    const { central, remediation } = await asked();
    expect(await central.order({ order: 'approve', remediation })).toMatchObject({ done: true });
    expect(await central.order({ order: 'approve', remediation })).toMatchObject({ done: true });
    expect(await central.order({ order: 'approve', remediation }, bob)).toMatchObject({
      done: true,
      reason: expect.stringContaining(`${alice} already approved this plan at`),
    });
    expect(await kinds(central, remediation)).toEqual(['approval-requested', 'approved']);
    expect((await central.delivered()).map(({ outcome }) => outcome)).toEqual(['fixed', 'fixed']);
    expect((await kinds(central, remediation)).filter((kind) => kind === 'planned')).toHaveLength(1);
  });

  it('that was recorded and then cut off is carried out by the next who approves', async () => {
    const { central, bucket, remediation } = await asked();
    await central.order({ order: 'approve', remediation });
    central.messages();
    central.clock.pass(120);
    expect(await central.order({ order: 'approve', remediation }, bob)).toMatchObject({
      done: true,
      reason: expect.stringContaining(`${alice} already approved this plan at`),
    });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed', remediation }]);
    expect(await isKept(central.account, bucket)).toBe(true);
  });

  it('is asked for once, though the finding comes again', async () => {
    const { central, bucket, remediation } = await asked();
    const again = await central.find(bucket);
    expect(again).toMatchObject({ outcome: 'awaiting-approval', reason: expect.stringContaining(`in remediation ${remediation}`) });
    expect(central.told().at(-1)).toMatchObject({ outcome: 'awaiting-approval', repeated: true });
    expect(await central.order({ order: 'approve', remediation: again.remediation })).toMatchObject({
      statusCode: 409,
      code: 'not-awaiting-approval',
      reason: expect.stringContaining(`For this resource, remediation ${remediation} awaits approval`),
    });
    expect(await central.order({ order: 'approve', remediation })).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed', remediation }]);
  });

  it('covers what can not be undone: the rest is parked, and done when it is approved', async () => {
    const rule: Rule = {
      ...plantedRule,
      plan(...given) {
        const plan = plantedRule.plan(...given);
        if (!Array.isArray(plan)) return plan;
        return plan.map((change) =>
          change.do.constructor.name === 'PutBucketVersioningCommand'
            ? { do: change.do, irreversible: 'versioning stays for ever' }
            : change,
        );
      },
    };
    const central = await open({ rules: [rule] });
    await central.deploy({ ...ask, modes: { default: 'fix' } });
    const bucket = await badBucket(central.account);
    const { outcome, remediation } = await central.find(bucket);
    expect(outcome).toBe('partly-fixed');
    expect(await isKept(central.account, bucket)).toBe(false);
    expect(await central.last(remediation)).toMatchObject({
      outcome: 'partly-fixed',
      changes: [{ irreversible: 'versioning stays for ever' }],
    });
    expect(await central.find(bucket)).toMatchObject({
      outcome: 'awaiting-approval',
      reason: expect.stringContaining(`in remediation ${remediation}`),
    });
    expect(await central.order({ order: 'approve', remediation })).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed', remediation }]);
    expect(await isKept(central.account, bucket)).toBe(true);

    expect(await central.order({ order: 'rollback', remediation, why: 'A test ends.' })).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([
      {
        outcome: 'rolled-back',
        reason: expect.stringContaining(
          'The reversible changes are reverted. s3:PutBucketVersioning is irreversible: versioning stays for ever',
        ),
      },
    ]);
    // Versioning stays.
    expect(await isKept(central.account, bucket)).toBe(true);
  });

  it('covers a plan of which nothing can be undone: its rollback is refused', async () => {
    const rule: Rule = {
      ...plantedRule,
      plan(...given) {
        const plan = plantedRule.plan(...given);
        return Array.isArray(plan) ? plan.map((change) => ({ do: change.do, irreversible: 'it stays for ever' })) : plan;
      },
    };
    const central = await open({ rules: [rule] });
    await central.deploy({ ...ask, modes: { default: 'fix' } });
    const bucket = await badBucket(central.account);
    const { remediation } = await central.find(bucket);
    expect(await central.order({ order: 'approve', remediation })).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed', remediation }]);
    expect(await central.order({ order: 'rollback', remediation, why: 'A test ends.' })).toMatchObject({ done: true });
    await central.delivered();
    expect(await central.last(remediation)).toMatchObject({
      kind: 'rollback-refused',
      code: 'irreversible',
      reason: expect.stringContaining('it stays for ever'),
    });
    expect(await isKept(central.account, bucket)).toBe(true);
  });
});

describe('a rejection', () => {
  it('is told, has the rule leave the resource alone, and is over when a person releases it', async () => {
    const { central, bucket, remediation } = await asked();
    expect(await central.order({ order: 'reject', remediation })).toMatchObject({
      statusCode: 400,
      reason: expect.stringContaining('why'),
    });
    expect(await central.order({ order: 'reject', remediation, why: 'it is a public site' })).toMatchObject({ done: true });
    expect(await central.last(remediation)).toMatchObject({
      kind: 'rejected',
      outcome: 'rejected',
      actor: alice,
      reason: expect.stringContaining('it is a public site'),
    });
    expect(central.told().at(-1)).toMatchObject({ outcome: 'rejected' });
    expect(await central.order({ order: 'approve', remediation })).toMatchObject({ statusCode: 409 });
    expect(await central.find(bucket)).toMatchObject({
      outcome: 'exempt',
      reason: expect.stringContaining('rejected: it is a public site'),
    });
    expect(await central.order({ order: 'release', remediation, why: 'it is not any more' })).toMatchObject({ done: true });
    expect(await central.last(remediation)).toMatchObject({ kind: 'released', actor: alice });
    expect(await central.order({ order: 'release', remediation, why: 'it is not any more' })).toMatchObject({ statusCode: 409 });
    expect(await central.find(bucket)).toMatchObject({ outcome: 'awaiting-approval' });
  });

  it('takes an approval that is not used yet with it', async () => {
    const { central, bucket, remediation } = await asked();
    await central.order({ order: 'approve', remediation });
    const [message] = central.emulator.gateway.invocations.flatMap(({ account, event }) =>
      account === central.account.account ? [event] : [],
    );
    await central.order({ order: 'reject', remediation, why: 'on second thoughts' }, bob);
    expect(await central.delivered()).toMatchObject([{ outcome: 'exempt' }]);
    await central.order({ order: 'release', remediation, why: 'it may be asked again' }, bob);
    expect((await central.send(message)).results).toMatchObject([{ outcome: 'awaiting-approval' }]);
    expect(await isKept(central.account, bucket)).toBe(false);
  });
});
