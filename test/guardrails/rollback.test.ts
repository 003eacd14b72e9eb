import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoLeases } from '../../functions/coordination/lease';
import { leaseName } from '../../functions/coordination/lease-key';
import { resourceOf } from '../../functions/findings/identify';
import { chained } from '../../functions/log/chain';
import type { LogEvent } from '../../functions/log/event';
import { dynamoLog } from '../../functions/log/log';
import { badBucket, isKept } from './bucket';
import { alice, approvers, plantedRule, useHub } from './central';

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
    expect(next).toMatchObject({ outcome: 'exempt', reason: expect.stringContaining(`after a rollback by ${alice}`) });
    expect((await hub.last(next.remediation))?.decision?.join('\n')).toContain(until.slice(0, 10));
    const lost = hub.emulator.gateway.fail({ service: 'dynamodb', operation: 'DeleteItem', as: 'drop-answer' });
    expect(await hub.order({ order: 'release', remediation, why: 'the upload is mended' })).toMatchObject({ done: true });
    expect(lost.met).toBe(1);
    expect(await hub.last(remediation)).toMatchObject({ kind: 'released', actor: alice });
    expect(await hub.order({ order: 'release', remediation, why: 'twice' })).toMatchObject({ statusCode: 409 });
    expect(await hub.find(bucket)).toMatchObject({ outcome: 'fixed' });
  });

  it('is in the log with the reason, and told to the owner of the resource', async () => {
    const hub = await open();
    await hub.deploy(policy);
    const { remediation } = await hub.find(await badBucket(hub.account, { owner: 'web-team' }));
    await hub.order({ order: 'rollback', remediation, why });
    await hub.delivered();
    expect((await hub.trail(remediation)).find(({ kind }) => kind === 'rollback-requested')).toMatchObject({
      actor: alice,
      reason: `A person asked for this: ${why}.`,
    });
    expect(hub.told().at(-1)).toMatchObject({ outcome: 'rolled-back', owner: 'web-team', rule: { controls: ['S3.999'] } });
  });

  it('waits for a worker that changes the resource, and is not lost by it', async () => {
    const hub = await open();
    await hub.deploy(policy);
    const bucket = await badBucket(hub.account);
    const { remediation } = await hub.find(bucket);
    const leases = dynamoLeases(hub.account.client(DynamoDBClient), 'posture-coordination', hub.clock);
    const resource = leaseName(plantedRule, resourceOf(plantedRule, (await hub.last(remediation)) as LogEvent));
    const lease = await leases.acquire({ resource, work: 'w', remediation: 'other', owner: 'other', seconds: 60 });
    await hub.order({ order: 'rollback', remediation, why });
    const [message] = hub.messages().map(({ event }) => event);
    await expect(hub.send(message)).rejects.toThrow('Another worker is changing this resource');
    await lease?.release({ finished: true });
    expect(await hub.send(message)).toMatchObject({ endings: [{ outcome: 'rolled-back' }] });
    const metrics = hub.metrics().length;
    expect(await hub.send(message)).toEqual({ endings: [], refusals: [] });
    expect(hub.metrics()).toHaveLength(metrics);
  });

  it('that can not even be tried is in the log, and told', async () => {
    const hub = await open();
    await hub.deploy(policy);
    const bucket = await badBucket(hub.account);
    const { remediation } = await hub.find(bucket);
    const log = dynamoLog(hub.account.client(DynamoDBClient), 'posture-log');
    // As if its changes had been taken back when one of them failed.
    const trail = await hub.trail(remediation);
    const other = '01K6Z3NDEKTSV4RRFFQ69G5FAV';
    const { sequence: _, hash: __, previous: ___, time, ...intended } = { ...(trail[1] as LogEvent), remediation: other };
    const first = chained(intended, undefined, intended, new Date(time));
    await log.append([first, chained(intended, first, { ...intended, kind: 'undone', outcome: 'failed' }, new Date(time))]);
    expect(await hub.order({ order: 'rollback', remediation: other, why })).toMatchObject({ done: true });
    expect(await hub.delivered()).toMatchObject([
      { outcome: 'rollback-refused', reason: expect.stringContaining('taken back when it failed') },
    ]);
    expect(await hub.last(other)).toMatchObject({ kind: 'rollback-refused', actor: alice });
    expect(hub.told().at(-1)).toMatchObject({ outcome: 'rollback-refused', remediation: other });
  });

  it('that is refused stands in the log, as does a release and a rejection', async () => {
    const hub = await open();
    await hub.deploy(policy);
    const { remediation } = await hub.find(await badBucket(hub.account));
    const mallory = 'arn:aws:iam::111122223333:user/mallory';
    for (const order of ['rollback', 'release', 'reject']) {
      expect(await hub.order({ order, remediation, why }, mallory)).toMatchObject({ statusCode: 403 });
      expect(await hub.last(remediation)).toMatchObject({
        kind: 'order-refused',
        actor: mallory,
        reason: expect.stringContaining('was refused'),
      });
    }
    expect(await hub.order({ order: 'rollback', remediation, why })).toMatchObject({ done: true });
    expect(await hub.delivered()).toMatchObject([{ outcome: 'rolled-back' }]);
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
