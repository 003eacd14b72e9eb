import { badBucket, isKept } from './bucket';
import { alice, approvers, useHub } from './hub';

const { open } = useHub();
const policy = { modes: { default: 'fix' }, ownership: { lastChange: false }, approvals: { approvers, fourEyes: false } };
const why = 'it broke the upload';

describe('a rollback by a person', () => {
  it('is made by the function of the rule, and then the rule leaves the resource alone until it is released', async () => {
    const hub = await open();
    await hub.deploy(policy);
    const bucket = await badBucket(hub.account);
    const { remediation } = await hub.find(bucket);
    expect(await hub.order({ order: 'rollback', remediation, why })).toMatchObject({ statusCode: 200, done: true });
    const [ending] = await hub.delivered();
    const until = new Date(hub.clock.now().getTime() + 90 * 86_400_000).toISOString();
    expect(ending).toMatchObject({ outcome: 'rolled-back', reason: expect.stringContaining('The rule leaves it alone until 2027-02-22') });
    expect(await hub.last(remediation)).toMatchObject({ kind: 'rolled-back', actor: alice });
    expect(hub.told().at(-1)).toMatchObject({ outcome: 'rolled-back' });
    expect(await isKept(hub.account, bucket)).toBe(false);

    const next = await hub.find(bucket);
    expect(next).toMatchObject({ outcome: 'exempt', reason: expect.stringContaining(`since a rollback by ${alice}`) });
    expect((await hub.last(next.remediation))?.decision?.join('\n')).toContain(until.slice(0, 10));
    expect(await hub.order({ order: 'release', remediation, why: 'the upload is mended' })).toMatchObject({ done: true });
    expect(await hub.find(bucket)).toMatchObject({ outcome: 'fixed' });
  });

  it('holds no longer than the policy says', async () => {
    const hub = await open();
    await hub.deploy({ ...policy, rollbacks: { exemptDays: 2 } });
    const bucket = await badBucket(hub.account);
    const { remediation } = await hub.find(bucket);
    await hub.order({ order: 'rollback', remediation, why });
    await hub.delivered();
    hub.clock.pass(2 * 86_400 - 60);
    expect(await hub.find(bucket)).toMatchObject({ outcome: 'exempt' });
    hub.clock.pass(120);
    expect(await hub.find(bucket)).toMatchObject({ outcome: 'fixed' });
  });

  it('is for approvers, and for what changed something', async () => {
    const hub = await open();
    await hub.deploy({ ...policy, modes: { default: 'observe' } });
    const { remediation } = await hub.find(await badBucket(hub.account));
    expect(await hub.order({ order: 'rollback', remediation, why }, 'arn:aws:iam::111122223333:user/mallory')).toMatchObject({
      statusCode: 403,
    });
    expect(await hub.order({ order: 'rollback', remediation, why })).toMatchObject({
      statusCode: 409,
      reason: expect.stringContaining('changed nothing'),
    });
    expect(await hub.order({ order: 'rollback', remediation: '01K6Z3NDEKTSV4RRFFQ69G5FAV', why })).toMatchObject({ statusCode: 404 });
    expect(await hub.order({ order: 'rollback', remediation })).toMatchObject({ statusCode: 400 });
  });
});
