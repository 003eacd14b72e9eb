import type { Rule } from '../../rules/rule';
import { badBucket, isKept, spoil } from './bucket';
import { alice, approvers, bob, type Hub, plantedRule, useHub } from './central';

const { open } = useHub();
const ask = { modes: { default: 'ask' }, ownership: { lastChange: false }, approvals: { approvers } };

async function asked(policy: object = ask): Promise<{ readonly hub: Hub; readonly bucket: string; readonly remediation: string }> {
  const hub = await open();
  await hub.deploy(policy);
  const bucket = await badBucket(hub.account);
  const { outcome, remediation } = await hub.find(bucket);
  expect(outcome).toBe('asked');
  return { hub, bucket, remediation };
}

const kinds = async (hub: Hub, remediation: string) => (await hub.trail(remediation)).map(({ kind }) => kind);

describe('an approval', () => {
  it('is asked for with the plan, its hash, the state seen and an expiry, and lets the fix through', async () => {
    const { hub, bucket, remediation } = await asked();
    const item = await hub.last(remediation);
    const until = new Date(hub.clock.now().getTime() + 168 * 3_600_000).toISOString();
    expect(item).toMatchObject({
      kind: 'asked',
      until,
      plan: expect.stringMatching(/^[0-9a-f]{64}$/),
      before: { versioned: false, blocked: false, owned: false },
      changes: [expect.anything(), expect.anything(), expect.anything()],
    });
    expect(hub.told().at(-1)).toMatchObject({ outcome: 'asked', approval: { hash: item?.plan, expires: until } });

    expect(await hub.order({ order: 'approve', remediation, why: 'as agreed' })).toMatchObject({ statusCode: 200, done: true });
    expect(await hub.delivered()).toMatchObject([{ outcome: 'fixed', remediation }]);
    expect(await isKept(hub.account, bucket)).toBe(true);
    expect(await kinds(hub, remediation)).toEqual(['received', 'asked', 'approved', 'intended', 'applied', 'verified']);
    const trail = await hub.trail(remediation);
    expect(trail[2]).toMatchObject({ actor: alice, plan: item?.plan, reason: `${alice} approved it: as agreed.` });
    expect(trail[3]?.decision).toContain(`approval: ${alice} approved this plan at ${trail[2]?.time}`);
    expect(hub.told().map(({ outcome }) => outcome)).toEqual(['asked', 'approved', 'fixed']);
  });

  it('is for one plan: where the resource has changed since, it is asked for again, with what differs', async () => {
    const { hub, bucket, remediation } = await asked();
    await spoil(hub.account, bucket, 'access');
    const { PutBucketVersioningCommand, S3Client } = await import('@aws-sdk/client-s3');
    const change = new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } });
    await hub.account.client(S3Client).send(change);
    await hub.order({ order: 'approve', remediation });
    const [ending] = await hub.delivered();
    expect(ending).toMatchObject({
      outcome: 'asked',
      remediation,
      reason: expect.stringMatching(/The plan is another one than was asked before: .*PutBucketVersioning/),
    });
    expect(await kinds(hub, remediation)).toEqual(['received', 'asked', 'approved', 'approval-refused', 'asked']);
    expect((await hub.trail(remediation))[3]?.reason).toContain('is for another plan: the resource has changed since');

    expect(await hub.order({ order: 'approve', remediation }, bob)).toMatchObject({ done: true });
    expect(await hub.delivered()).toMatchObject([{ outcome: 'fixed', remediation }]);
  });

  it('is for what was shown: a plan that became another one since is not approved by its id alone', async () => {
    const { hub, bucket, remediation } = await asked();
    const shown = (await hub.last(remediation))?.plan?.slice(0, 16);
    await spoil(hub.account, bucket, 'access');
    const { PutBucketVersioningCommand, S3Client } = await import('@aws-sdk/client-s3');
    const change = new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } });
    await hub.account.client(S3Client).send(change);
    await hub.order({ order: 'approve', remediation, plan: shown });
    expect(await hub.delivered()).toMatchObject([{ outcome: 'asked', remediation }]);

    expect(await hub.order({ order: 'approve', remediation, plan: shown }, bob)).toMatchObject({
      statusCode: 409,
      reason: expect.stringContaining(`The plan that was shown (${shown}) is not the one that waits`),
    });
    expect(await hub.last(remediation)).toMatchObject({ kind: 'approval-refused', actor: bob });
    expect(await hub.delivered()).toEqual([]);
    expect(await hub.order({ order: 'approve', remediation, plan: 'ab' }, bob)).toMatchObject({ statusCode: 400 });
    const now = (await hub.trail(remediation)).findLast(({ kind }) => kind === 'asked')?.plan;
    expect(await hub.order({ order: 'approve', remediation, plan: now }, bob)).toMatchObject({ done: true });
    expect(await hub.delivered()).toMatchObject([{ outcome: 'fixed', remediation }]);
  });

  it('that was given, logged and not told, goes on all the same', async () => {
    const { hub, bucket, remediation } = await asked();
    const { bus } = { bus: process.env.BUS };
    const { DeleteEventBusCommand, EventBridgeClient } = await import('@aws-sdk/client-eventbridge');
    await hub.account.client(EventBridgeClient).send(new DeleteEventBusCommand({ Name: bus }));
    expect(await hub.order({ order: 'approve', remediation })).toMatchObject({ statusCode: 200, done: true });
    expect(await hub.delivered()).toMatchObject([{ outcome: 'fixed', remediation }]);
    expect(await isKept(hub.account, bucket)).toBe(true);
  });

  it('that led to nothing does not keep the same plan from being asked, and told, again', async () => {
    const { hub, bucket, remediation } = await asked();
    await hub.order({ order: 'approve', remediation });
    await hub.deploy({ ...ask, modes: { default: 'observe' } });
    expect(await hub.delivered()).toMatchObject([{ outcome: 'observed', remediation }]);
    await hub.deploy(ask);
    const again = await hub.find(bucket);
    expect(again).toMatchObject({ outcome: 'asked', reason: expect.stringContaining('This needs an approval until') });
    expect(hub.told().at(-1)).not.toHaveProperty('repeated');
    await hub.order({ order: 'approve', remediation: again.remediation });
    expect(await hub.delivered()).toMatchObject([{ outcome: 'fixed', remediation: again.remediation }]);
  });

  it('comes too late once what was asked has expired', async () => {
    const { hub, bucket, remediation } = await asked();
    hub.clock.pass(168 * 3600 + 1);
    expect(await hub.order({ order: 'approve', remediation })).toMatchObject({
      statusCode: 409,
      reason: expect.stringContaining('It waited for an approval until'),
    });
    expect(await hub.last(remediation)).toMatchObject({ kind: 'approval-refused', actor: alice });
    expect(await hub.delivered()).toEqual([]);
    const again = await hub.find(bucket);
    expect(again).toMatchObject({ outcome: 'asked' });
    expect(again.remediation).not.toBe(remediation);
    await hub.order({ order: 'approve', remediation: again.remediation });
    expect(await hub.delivered()).toMatchObject([{ outcome: 'fixed' }]);
  });

  it('that nobody answers is asked for again, also where no finding comes again by itself', async () => {
    const hub = await open();
    await hub.deploy(ask);
    const resource = `arn:aws:s3:::${await badBucket(hub.account)}`;
    await hub.order({ order: 'fix', rule: plantedRule.id, resource, why: 'for the audit' }, bob);
    const [first] = await hub.delivered();
    const expires = (await hub.last(first?.remediation ?? ''))?.until;
    const { at, endings } = await hub.comeBack();
    expect(at.getTime() - Date.parse(expires ?? '')).toBe(60_000);
    expect(endings).toMatchObject([
      {
        outcome: 'asked',
        reason: expect.stringContaining(`as remediation ${first?.remediation}, and nobody answered until ${expires}`),
      },
    ]);
    expect(endings[0]?.remediation).not.toBe(first?.remediation);
    expect(hub.told().at(-1)).toMatchObject({ outcome: 'asked', remediation: endings[0]?.remediation });
    expect(hub.told().at(-1)).not.toHaveProperty('repeated');
  });

  it('expires by itself', async () => {
    const { hub, bucket, remediation } = await asked();
    await hub.order({ order: 'approve', remediation });
    hub.clock.pass(168 * 3600 + 1);
    expect(await hub.delivered()).toMatchObject([{ outcome: 'asked' }]);
    expect((await hub.trail(remediation)).at(-2)).toMatchObject({
      kind: 'approval-refused',
      reason: expect.stringContaining('held until'),
    });
    expect(await isKept(hub.account, bucket)).toBe(false);
  });

  it('is used once, however often its message is delivered', async () => {
    const { hub, bucket, remediation } = await asked();
    await hub.order({ order: 'approve', remediation });
    const [message] = hub.emulator.gateway.invocations.flatMap(({ account, event }) => (account === hub.account.account ? [event] : []));
    const both = await Promise.all([hub.send(message), hub.send(message)]);
    const outcomes = both.flatMap(({ endings }) => endings.map(({ outcome }) => outcome));
    expect(outcomes).toContain('fixed');
    expect((await kinds(hub, remediation)).filter((kind) => kind === 'intended')).toHaveLength(1);
    expect(await hub.order({ order: 'approve', remediation })).toMatchObject({
      statusCode: 409,
      reason: expect.stringContaining('waits for no approval'),
    });

    await spoil(hub.account, bucket);
    expect((await hub.send(message)).endings).toMatchObject([
      { outcome: 'rejected', reason: expect.stringContaining('The approval was used before') },
    ]);
    expect(await hub.last(remediation)).toMatchObject({ kind: 'approval-refused' });
    expect(await isKept(hub.account, bucket)).toBe(false);
    expect(await hub.find(bucket)).toMatchObject({ outcome: 'asked' });
  });

  it('given twice before it is used, is one', async () => {
    const { hub, remediation } = await asked();
    expect(await hub.order({ order: 'approve', remediation })).toMatchObject({ done: true });
    expect(await hub.order({ order: 'approve', remediation })).toMatchObject({ done: true });
    expect(await hub.order({ order: 'approve', remediation }, bob)).toMatchObject({
      done: true,
      reason: expect.stringContaining(`${alice} approved this plan`),
    });
    expect(await kinds(hub, remediation)).toEqual(['received', 'asked', 'approved']);
    expect((await hub.delivered()).map(({ outcome }) => outcome)).toEqual(['fixed', 'fixed']);
    expect((await kinds(hub, remediation)).filter((kind) => kind === 'intended')).toHaveLength(1);
  });

  it('is asked for once, though the finding comes again', async () => {
    const { hub, bucket, remediation } = await asked();
    const again = await hub.find(bucket);
    expect(again).toMatchObject({ outcome: 'asked', reason: expect.stringContaining(`as remediation ${remediation}`) });
    expect(hub.told().at(-1)).toMatchObject({ outcome: 'asked', repeated: true });
    expect(await hub.order({ order: 'approve', remediation: again.remediation })).toMatchObject({
      statusCode: 409,
      reason: expect.stringContaining(`What waits for this resource is remediation ${remediation}`),
    });
    expect(await hub.order({ order: 'approve', remediation })).toMatchObject({ done: true });
    expect(await hub.delivered()).toMatchObject([{ outcome: 'fixed', remediation }]);
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
    const hub = await open({ rules: [rule] });
    await hub.deploy({ ...ask, modes: { default: 'fix' } });
    const bucket = await badBucket(hub.account);
    const { outcome, remediation } = await hub.find(bucket);
    expect(outcome).toBe('partly-fixed');
    expect(await isKept(hub.account, bucket)).toBe(false);
    expect(await hub.last(remediation)).toMatchObject({
      outcome: 'partly-fixed',
      changes: [{ irreversible: 'versioning stays for ever' }],
    });
    expect(await hub.find(bucket)).toMatchObject({ outcome: 'asked', reason: expect.stringContaining(`as remediation ${remediation}`) });
    expect(await hub.order({ order: 'approve', remediation })).toMatchObject({ done: true });
    expect(await hub.delivered()).toMatchObject([{ outcome: 'fixed', remediation }]);
    expect(await isKept(hub.account, bucket)).toBe(true);
  });
});

describe('a rejection', () => {
  it('is told, has the rule leave the resource alone, and is over when a person releases it', async () => {
    const { hub, bucket, remediation } = await asked();
    expect(await hub.order({ order: 'reject', remediation })).toMatchObject({ statusCode: 400, reason: expect.stringContaining('why') });
    expect(await hub.order({ order: 'reject', remediation, why: 'it is a public site' })).toMatchObject({ done: true });
    expect(await hub.last(remediation)).toMatchObject({
      kind: 'rejected',
      outcome: 'rejected',
      actor: alice,
      reason: expect.stringContaining('it is a public site'),
    });
    expect(hub.told().at(-1)).toMatchObject({ outcome: 'rejected' });
    expect(await hub.order({ order: 'approve', remediation })).toMatchObject({ statusCode: 409 });
    expect(await hub.find(bucket)).toMatchObject({ outcome: 'exempt', reason: expect.stringContaining('rejected: it is a public site') });
    expect(await hub.order({ order: 'release', remediation, why: 'it is not any more' })).toMatchObject({ done: true });
    expect(await hub.last(remediation)).toMatchObject({ kind: 'released', actor: alice });
    expect(await hub.order({ order: 'release', remediation, why: 'it is not any more' })).toMatchObject({ statusCode: 409 });
    expect(await hub.find(bucket)).toMatchObject({ outcome: 'asked' });
  });

  it('takes an approval that is not used yet with it', async () => {
    const { hub, bucket, remediation } = await asked();
    await hub.order({ order: 'approve', remediation });
    const [message] = hub.emulator.gateway.invocations.flatMap(({ account, event }) => (account === hub.account.account ? [event] : []));
    await hub.order({ order: 'reject', remediation, why: 'on second thoughts' }, bob);
    expect(await hub.delivered()).toMatchObject([{ outcome: 'exempt' }]);
    await hub.order({ order: 'release', remediation, why: 'it may be asked again' }, bob);
    expect((await hub.send(message)).endings).toMatchObject([{ outcome: 'asked' }]);
    expect(await isKept(hub.account, bucket)).toBe(false);
  });
});
