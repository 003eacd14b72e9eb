import type { OutcomeEvent } from '../../functions/outcomes/outcome-schema';
import { hasToKnow } from '../../functions/outcomes/to-know';
import { remediationRequested } from '../events/request';
import { badBucket, isKept } from './bucket';
import { approvers, type Central, plantedRule, unbounded, useCentral } from './central';

const { open } = useCentral();
const ask = { ...unbounded, modes: { default: 'ask' }, ownership: { lastChange: false }, approvals: { approvers } };
const hour = 3_600_000;
const last = (central: Central) => central.told().at(-1) as OutcomeEvent;

async function asked(deadlines: readonly object[], firstObservedAt?: string) {
  const central = await open();
  await central.deploy({ ...ask, deadlines });
  const bucket = await badBucket(central.account);
  const began = central.clock.now().getTime();
  const { outcome, remediation } = await central.find(bucket, firstObservedAt === undefined ? {} : { firstObservedAt });
  expect(outcome).toBe('awaiting-approval');
  return { central, bucket, began, remediation };
}

describe('a deadline', () => {
  it('is told at once, and again when it has passed: what waits is escalated, and is not fixed', async () => {
    const { central, bucket, began, remediation } = await asked([{ hours: 48 }]);
    const at = new Date(began + 48 * hour).toISOString();
    expect(last(central).deadline).toEqual({ at, action: 'escalate' });

    expect(await central.comeBack()).toMatchObject({ at: new Date(at), results: [{ outcome: 'awaiting-approval', remediation }] });
    expect(last(central)).toMatchObject({ outcome: 'awaiting-approval', deadline: { at, action: 'escalate', passed: true } });
    expect(last(central).repeated).toBeUndefined();
    expect(hasToKnow(last(central))).toBe(true);
    expect((await central.trail(remediation)).map(({ kind }) => kind)).toEqual(['approval-requested', 'approval-requested']);
    expect(await isKept(central.account, bucket)).toBe(false);
    expect(await central.order({ order: 'approve', remediation })).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed', remediation }]);
  });

  it('is near a day before it where there are tickets: the resource is looked at then, and at the deadline', async () => {
    const tracker = { vendor: 'github', url: 'https://api.github.com', project: 'acme/security', secret: 'posture/tracker' };
    const central = await open();
    await central.deploy({ ...ask, deadlines: [{ hours: 72 }], tickets: { tracker } });
    const bucket = await badBucket(central.account);
    const began = central.clock.now().getTime();
    const { remediation } = await central.find(bucket);
    await central.find(bucket);
    const first = await central.schedules.list();
    expect(first).toHaveLength(1);
    const at = new Date(began + 72 * hour).toISOString();
    const near = await central.comeBack();
    expect(near).toMatchObject({ at: new Date(began + 48 * hour), results: [{ outcome: 'awaiting-approval', remediation }] });
    expect(last(central)).toMatchObject({ outcome: 'awaiting-approval', deadline: { at, action: 'escalate' } });
    expect(last(central).deadline?.passed).toBeUndefined();
    // While the first one is delivered, its name is taken.
    const second = await central.schedules.list();
    expect(second.map(({ name }) => name)).not.toEqual(first.map(({ name }) => name));
    expect(await central.comeBack()).toMatchObject({ at: new Date(at), results: [{ outcome: 'awaiting-approval', remediation }] });
    expect(last(central)).toMatchObject({ deadline: { at, passed: true } });
  });

  it('fixes what nobody has answered, if the policy says so', async () => {
    const { central, bucket, remediation } = await asked([{ hours: 48, action: 'fix' }]);
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'fixed', remediation }]);
    expect(await isKept(central.account, bucket)).toBe(true);
    const planned = (await central.trail(remediation)).find(({ kind }) => kind === 'planned');
    expect(planned?.decision).toContainEqual(expect.stringMatching(/^mode: ask, .+; the deadline has passed$/));
    expect(planned?.decision).toContainEqual(expect.stringMatching(/^deadline: .+, then fix \(passed\)$/));
  });

  it('leaves a day for what was detected long ago', async () => {
    const { central, began } = await asked([{ hours: 48, action: 'fix' }], '2026-01-01T00:00:00.000Z');
    const { at, results } = await central.comeBack();
    expect(at.getTime()).toBeGreaterThanOrEqual(began + 24 * hour - 1000);
    expect(results).toMatchObject([{ outcome: 'fixed' }]);
  });

  it('is scheduled once, however often the finding is reported, and says nothing of what has ended', async () => {
    const { central, bucket, remediation } = await asked([{ hours: 48 }]);
    await central.find(bucket);
    expect(await central.schedules.list()).toHaveLength(1);
    await central.order({ order: 'approve', remediation });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }]);
    const told = central.told().length;
    expect((await central.comeBack()).results).toMatchObject([{ reason: 'The deadline passed after the remediation had ended.' }]);
    expect(central.told()).toHaveLength(told);
  });

  it('can not be claimed by a message: the time is read from the log', async () => {
    const { central, bucket, remediation } = await asked([{ hours: 48, action: 'fix' }]);
    central.clock.pass(60);
    const [schedule] = await central.schedules.list();
    const message = JSON.parse(schedule?.input ?? '') as { finding: { detectedAt: string } };
    message.finding.detectedAt = '2020-01-01T00:00:00.000Z';
    expect(await central.send(message)).toMatchObject({ results: [{ outcome: 'awaiting-approval', remediation }] });
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it('is in the log with the outcome, and in no event that ends it', async () => {
    const { central, began, remediation } = await asked([{ hours: 48 }]);
    const deadline = { at: new Date(began + 48 * hour).toISOString(), action: 'escalate' };
    expect(await central.last(remediation)).toMatchObject({ outcome: 'awaiting-approval', deadline });
    await central.order({ order: 'approve', remediation });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }]);
    expect((await central.trail(remediation)).filter((event) => event.deadline !== undefined)).toHaveLength(1);
  });

  it.each([
    ['prod', true],
    ['test', false],
  ])('of resources with a tag holds by the tags that were read, which are published in no event: %s', async (stage, holds) => {
    const central = await open();
    await central.deploy({ ...ask, deadlines: [{ hours: 48, tags: { stage: 'prod' } }] });
    const { remediation } = await central.find(await badBucket(central.account, { stage }));
    expect((await central.last(remediation))?.deadline !== undefined).toBe(holds);
    expect(last(central).deadline !== undefined).toBe(holds);
    expect(last(central)).not.toHaveProperty('tags.stage');
  });

  it('is not brought forward by what a tool says of the detection', async () => {
    const central = await open();
    const requesters = { siem: { principals: ['arn:aws:iam::111122223333:role/Siem'], rules: ['s3-*'] } };
    await central.deploy({ ...ask, requesters, deadlines: [{ hours: 48 }] });
    const [bucket, time] = [await badBucket(central.account), central.clock.now().toISOString()];
    const { account } = central.account;
    const about = { rule: plantedRule.id, arn: `arn:aws:s3:::${bucket}`, account, time, detectedAt: '2026-01-01T00:00:00Z' };
    const { results } = await central.send(remediationRequested(about));
    expect(results).toMatchObject([{ outcome: 'awaiting-approval' }]);
    expect(last(central).deadline?.at).toBe(new Date(Date.parse(time) + 48 * hour).toISOString());
  });
});
