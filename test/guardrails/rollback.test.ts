import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { keys } from '../../functions/coordination/keys';
import { dynamoLeases } from '../../functions/coordination/lease';
import { leaseKey } from '../../functions/coordination/lease-key';
import { resourceOf } from '../../functions/findings/identify';
import { chain } from '../../functions/log/chain';
import type { LogEvent } from '../../functions/log/event';
import { dynamoLog } from '../../functions/log/log';
import { badBucket, isKept } from './bucket';
import { alice, approvers, plantedRule, useCentral } from './central';

const { open } = useCentral();
const policy = { modes: { default: 'fix' }, ownership: { lastChange: false }, approvals: { approvers, fourEyes: false } };
const why = 'it broke the upload';

describe('a rollback by a person', () => {
  it('is made by the function of the rule, and then the rule leaves the resource alone until it is released', async () => {
    const central = await open();
    await central.deploy(policy);
    const bucket = await badBucket(central.account);
    const { remediation } = await central.find(bucket);
    expect(await central.order({ order: 'rollback', remediation, why })).toMatchObject({ statusCode: 200, done: true });
    const [result] = await central.delivered();
    const until = new Date(central.clock.now().getTime() + 90 * 86_400_000).toISOString();
    expect(result).toMatchObject({
      outcome: 'rolled-back',
      reason: expect.stringContaining('The rule does not change the resource until 2027-02-22'),
    });
    expect(await central.last(remediation)).toMatchObject({ kind: 'rolled-back', actor: alice });
    expect(central.told().at(-1)).toMatchObject({ outcome: 'rolled-back' });
    expect(await isKept(central.account, bucket)).toBe(false);

    const next = await central.find(bucket);
    expect(next).toMatchObject({ outcome: 'exempt', reason: expect.stringContaining(`after a rollback by ${alice}`) });
    expect((await central.last(next.remediation))?.decision?.join('\n')).toContain(until.slice(0, 10));
    const lost = central.emulator.gateway.fail({ service: 'dynamodb', operation: 'DeleteItem', as: 'drop-answer' });
    expect(await central.order({ order: 'release', remediation, why: 'the upload is mended' })).toMatchObject({ done: true });
    expect(lost.met).toBe(1);
    expect(await central.last(remediation)).toMatchObject({ kind: 'released', actor: alice });
    expect(await central.order({ order: 'release', remediation, why: 'twice' })).toMatchObject({ statusCode: 409 });
    expect(await central.find(bucket)).toMatchObject({ outcome: 'fixed' });
  });

  it('is in the log with the reason, and told to the owner of the resource', async () => {
    const central = await open();
    await central.deploy(policy);
    const { remediation } = await central.find(await badBucket(central.account, { owner: 'web-team' }));
    await central.order({ order: 'rollback', remediation, why });
    await central.delivered();
    expect((await central.trail(remediation)).find(({ kind }) => kind === 'rollback-requested')).toMatchObject({
      actor: alice,
      reason: `Rollback requested: ${why}.`,
    });
    expect(central.told().at(-1)).toMatchObject({ outcome: 'rolled-back', owner: 'web-team', rule: { controls: ['S3.999'] } });
  });

  it('waits for a worker that changes the resource, and is not lost by it', async () => {
    const central = await open();
    await central.deploy(policy);
    const bucket = await badBucket(central.account);
    const { remediation } = await central.find(bucket);
    const leases = dynamoLeases(central.account.client(DynamoDBClient), 'posture-coordination', central.clock);
    const resource = leaseKey(plantedRule, resourceOf(plantedRule, (await central.last(remediation)) as LogEvent));
    const lease = await leases.acquire({ resource, rule: 'another-rule', seconds: 60 });
    await central.order({ order: 'rollback', remediation, why });
    const [message] = central.messages().map(({ event }) => event);
    await expect(central.send(message)).rejects.toThrow('Another worker is changing this resource');
    await lease.release?.();
    expect(await central.send(message)).toMatchObject({ results: [{ outcome: 'rolled-back' }] });
    const metrics = central.metrics().length;
    expect(await central.send(message)).toEqual({ results: [], refusals: [] });
    expect(central.metrics()).toHaveLength(metrics);
  });

  it('that died beside another open remediation comes back by itself, until it is complete', async () => {
    const central = await open();
    await central.deploy(policy);
    const bucket = await badBucket(central.account);
    const { remediation } = await central.find(bucket);
    // A later fix of the resource, whose worker died.
    const resource = leaseKey(plantedRule, resourceOf(plantedRule, (await central.last(remediation)) as LogEvent));
    const other = { remediation: '01K6Z3NDEKTSV4RRFFQ69G5FAV', message: '{', since: central.clock.now().toISOString() };
    const Item = Object.fromEntries(
      Object.entries({ key: keys.open(plantedRule.id, resource), ...other }).map(([name, S]) => [name, { S }]),
    );
    await central.account.client(DynamoDBClient).send(new PutItemCommand({ TableName: 'posture-coordination', Item }));
    await central.order({ order: 'rollback', remediation, why });
    const fail = (operation: string) =>
      central.emulator.gateway.fail({ operation, account: central.account.account, times: Number.POSITIVE_INFINITY, as: 'access-denied' });
    // The worker dies: neither the undo nor its end is sent.
    const dead = ['DeletePublicAccessBlock', 'DeleteBucketOwnershipControls', 'PutBucketVersioning'].map(fail);
    const unwritten = central.emulator.gateway.fail({
      ...{ operation: 'ExecuteStatement', account: central.account.account, as: 'access-denied' },
      ...{ when: 2, times: Number.POSITIVE_INFINITY },
    });
    const [message] = central.messages().map(({ event }) => event);
    await expect(central.send(message)).rejects.toThrow();
    expect(await central.last(remediation)).toMatchObject({ kind: 'rollback-requested' });
    expect(await central.schedules.list()).toHaveLength(1);
    central.clock.pass(130);
    // It dies again, by the schedule and long after the request has expired.
    await expect(central.comeBack()).rejects.toThrow();
    central.clock.pass(2 * 3600);
    expect(await central.schedules.list()).toHaveLength(1);
    unwritten.cancel();
    for (const fault of dead) fault.cancel();
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'rolled-back', remediation }]);
    expect(await isKept(central.account, bucket)).toBe(false);
    // The schedule of the last visit finds it complete.
    expect((await central.comeBack()).results).toEqual([]);
    expect(await central.schedules.list()).toEqual([]);
  });

  it('that can not even be tried is in the log, and told', async () => {
    const central = await open();
    await central.deploy(policy);
    const bucket = await badBucket(central.account);
    const { remediation } = await central.find(bucket);
    const log = dynamoLog(central.account.client(DynamoDBClient), 'posture-log', { by: 'rule', rule: plantedRule.id });
    // As if its changes had been taken back when one of them failed.
    const trail = await central.trail(remediation);
    const other = '01K6Z3NDEKTSV4RRFFQ69G5FAV';
    const { sequence: _, hash: __, previous: ___, time, ...planned } = { ...(trail[0] as LogEvent), remediation: other };
    const first = chain(planned, undefined, planned, new Date(time));
    await log.append([first, chain(planned, first, { ...planned, kind: 'reverted', outcome: 'failed' }, new Date(time))]);
    expect(await central.order({ order: 'rollback', remediation: other, why })).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([
      { outcome: 'rollback-refused', reason: expect.stringContaining('already reverted when it failed') },
    ]);
    expect(await central.last(other)).toMatchObject({ kind: 'rollback-refused', code: 'already-reverted', actor: alice });
    expect(central.told().at(-1)).toMatchObject({ outcome: 'rollback-refused', code: 'already-reverted', remediation: other });
  });

  it('that is refused stands in the log, as does a release and a rejection', async () => {
    const central = await open();
    await central.deploy(policy);
    const { remediation } = await central.find(await badBucket(central.account));
    const mallory = 'arn:aws:iam::111122223333:user/mallory';
    for (const order of ['rollback', 'release', 'reject']) {
      expect(await central.order({ order, remediation, why }, mallory)).toMatchObject({ statusCode: 403 });
      expect(await central.last(remediation)).toMatchObject({
        kind: 'request-refused',
        code: 'not-an-approver',
        actor: mallory,
        reason: expect.stringContaining('was refused'),
      });
    }
    expect(await central.order({ order: 'rollback', remediation, why })).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'rolled-back' }]);
  });

  it('holds no longer than the policy says', async () => {
    const central = await open();
    await central.deploy({ ...policy, rollbacks: { exemptDays: 2 } });
    const bucket = await badBucket(central.account);
    const { remediation } = await central.find(bucket);
    await central.order({ order: 'rollback', remediation, why });
    await central.delivered();
    central.clock.pass(2 * 86_400 - 60);
    expect(await central.find(bucket)).toMatchObject({ outcome: 'exempt' });
    central.clock.pass(120);
    expect(await central.find(bucket)).toMatchObject({ outcome: 'fixed' });
  });

  it('is for approvers, and for what changed something', async () => {
    const central = await open();
    await central.deploy({ ...policy, modes: { default: 'observe' } });
    const { remediation } = await central.find(await badBucket(central.account));
    expect(await central.order({ order: 'rollback', remediation, why }, 'arn:aws:iam::111122223333:user/mallory')).toMatchObject({
      statusCode: 403,
    });
    expect(await central.order({ order: 'rollback', remediation, why })).toMatchObject({
      statusCode: 409,
      code: 'nothing-to-roll-back',
      reason: expect.stringContaining('changed nothing'),
    });
    expect(await central.order({ order: 'rollback', remediation: '01K6Z3NDEKTSV4RRFFQ69G5FAV', why })).toMatchObject({ statusCode: 404 });
    expect(await central.order({ order: 'rollback', remediation })).toMatchObject({ statusCode: 400 });
  });
});
