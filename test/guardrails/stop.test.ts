import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { orderKeys } from '../../functions/coordination/keys';
import type { Rule } from '../../rules/rule';
import { guardDutyFinding } from '../events/service-finding';
import { badBucket, isKept } from './bucket';
import { alice, approvers, plantedRule, useCentral } from './central';

const { open } = useCentral();
const policy = { modes: { default: 'fix' }, ownership: { lastChange: false }, approvals: { approvers, fourEyes: false } };
const anybody = 'arn:aws:iam::111122223333:user/dave';

describe('the kill switch', () => {
  it('keeps everything from being changed, lets rollbacks go on, and tells in the log who, when and why', async () => {
    const central = await open();
    await central.deploy(policy);
    const before = await badBucket(central.account);
    const { remediation: earlier } = await central.find(before);

    const stopped = await central.order({ order: 'stop', why: 'uploads fail' }, anybody);
    expect(stopped).toMatchObject({ statusCode: 200, done: true });
    expect(await central.last(stopped.done ? (stopped.remediation ?? '') : '')).toMatchObject({
      kind: 'stopped',
      actor: anybody,
      reason: `${anybody} stopped all changes: uploads fail.`,
      time: expect.stringContaining(central.clock.now().toISOString().slice(0, 19)),
    });
    expect(await central.order({ order: 'stop', why: 'twice' }, alice)).toMatchObject({
      done: true,
      reason: expect.stringContaining('already'),
    });

    const bucket = await badBucket(central.account);
    const result = await central.find(bucket);
    expect(result).toMatchObject({ outcome: 'deferred', reason: expect.stringContaining(`${anybody} stopped all changes at`) });
    expect(central.told().at(-1)).toMatchObject({ outcome: 'deferred', deferredBy: ['stop'] });
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'deferred' }]);
    expect(await isKept(central.account, bucket)).toBe(false);

    expect(await central.order({ order: 'rollback', remediation: earlier, why: 'it broke the upload' }, alice)).toMatchObject({
      done: true,
    });
    expect(await central.delivered()).toMatchObject([{ outcome: 'rolled-back' }]);
    expect(await isKept(central.account, before)).toBe(false);

    expect(await central.order({ order: 'resume', why: 'all is well' }, anybody)).toMatchObject({ statusCode: 403, refused: 'forbidden' });
    const started = await central.order({ order: 'resume', why: 'all is well' }, alice);
    expect(await central.last(started.done ? (started.remediation ?? '') : '')).toMatchObject({ kind: 'resumed', actor: alice });
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'fixed' }]);
    expect(await isKept(central.account, bucket)).toBe(true);
    expect(await central.order({ order: 'resume', why: 'all is well' }, alice)).toMatchObject({ statusCode: 409 });
  });

  it('holds up what was approved, until it is started again', async () => {
    const central = await open();
    await central.deploy({ ...policy, modes: { default: 'ask' } });
    const bucket = await badBucket(central.account);
    const { remediation } = await central.find(bucket);
    await central.order({ order: 'approve', remediation }, alice);
    await central.order({ order: 'stop', why: 'uploads fail' }, anybody);
    expect(await central.delivered()).toMatchObject([{ outcome: 'deferred' }]);
    expect(await isKept(central.account, bucket)).toBe(false);
    await central.order({ order: 'resume', why: 'all is well' }, alice);
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'fixed', remediation }]);
  });

  it('holds though a storm of permits has its item, and can be lifted then', async () => {
    const central = await open();
    await central.deploy(policy);
    const stopping = central.emulator.gateway.fail({ service: 'dynamodb', operation: 'PutItem', times: 4, as: 'conflict' });
    expect(await central.order({ order: 'stop', why: 'uploads fail' }, anybody)).toMatchObject({ statusCode: 200, done: true });
    expect(stopping.met).toBe(4);
    const bucket = await badBucket(central.account);
    expect(await central.find(bucket)).toMatchObject({ outcome: 'deferred' });
    const starting = central.emulator.gateway.fail({ service: 'dynamodb', operation: 'DeleteItem', times: 4, as: 'conflict' });
    expect(await central.order({ order: 'resume', why: 'all is well' }, alice)).toMatchObject({ statusCode: 200, done: true });
    expect(starting.met).toBe(4);
  });

  it('is lifted with an entry in the log, though the answer to that is lost', async () => {
    const central = await open();
    await central.deploy(policy);
    await central.order({ order: 'stop', why: 'uploads fail' }, anybody);
    const fault = central.emulator.gateway.fail({ service: 'dynamodb', operation: 'DeleteItem', as: 'drop-answer' });
    const started = await central.order({ order: 'resume', why: 'all is well' }, alice);
    expect(fault.met).toBe(1);
    expect(await central.last(started.done ? (started.remediation ?? '') : '')).toMatchObject({ kind: 'resumed', actor: alice });
  });

  it('is not lifted while the log can not be written', async () => {
    const central = await open();
    await central.deploy(policy);
    await central.order({ order: 'stop', why: 'uploads fail' }, anybody);
    const fault = central.emulator.gateway.fail({ service: 'dynamodb', operation: 'ExecuteStatement', times: 99, as: 'access-denied' });
    await expect(central.order({ order: 'resume', why: 'all is well' }, alice)).rejects.toThrow('not authorized');
    fault.cancel();
    expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'deferred' });
  });

  it('can be used while the policy can not be read', async () => {
    const central = await open();
    expect(await central.order({ order: 'stop', why: 'uploads fail' }, anybody)).toMatchObject({ done: true });
    expect(await central.order({ order: 'resume', why: 'all is well' }, alice)).toMatchObject({
      statusCode: 409,
      code: 'policy-unreadable',
      reason: expect.stringContaining('The approvers are unknown'),
    });
  });
});

describe('a stop of one half', () => {
  const type = 'Impact:S3/MaliciousIPCaller';
  const response: Rule = {
    ...plantedRule,
    id: 's3-bucket-answered',
    response: true,
    detectedBy: { securityHub: [], config: [], guardDuty: { types: [type] } },
  };

  async function both() {
    const central = await open({ rules: [plantedRule, response] });
    await central.deploy({ ...policy, responses: { clauses: [{ mode: 'fix', rules: [response.id] }] } });
    const { account, region } = central.account;
    const respond = async (bucket: string) => {
      const resource = { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` };
      return (await central.send(guardDutyFinding({ type, account, region, resource }), response)).results[0]?.outcome;
    };
    const outcomes = async () => {
      const [one, other] = [await badBucket(central.account), await badBucket(central.account)];
      return { settings: (await central.find(one)).outcome, responses: await respond(other) };
    };
    return { central, outcomes };
  }

  it.each([
    ['settings', { settings: 'deferred', responses: 'fixed' }, 'the changes of settings'],
    ['responses', { settings: 'fixed', responses: 'deferred' }, 'the responses to threats'],
  ] as const)('stops %s, and nothing else, and a resume of the other half changes nothing', async (changes, expected, what) => {
    const { central, outcomes } = await both();
    const stopped = await central.order({ order: 'stop', changes, why: 'uploads fail' }, anybody);
    expect(await central.last(stopped.done ? (stopped.remediation ?? '') : '')).toMatchObject({
      reason: `${anybody} stopped ${what}: uploads fail.`,
    });
    expect(await outcomes()).toEqual(expected);
    const other = changes === 'settings' ? 'responses' : 'settings';
    expect(await central.order({ order: 'resume', changes: other, why: 'all is well' }, alice)).toMatchObject({ statusCode: 409 });
    expect(await outcomes()).toEqual(expected);
    expect(await central.order({ order: 'resume', changes, why: 'all is well' }, alice)).toMatchObject({ statusCode: 200 });
    expect(await outcomes()).toEqual({ settings: 'fixed', responses: 'fixed' });
  });

  it('remains of a stop of all, as every stop was once, after a resume of the other half', async () => {
    const { central, outcomes } = await both();
    await central.order({ order: 'stop', why: 'uploads fail' }, anybody);
    expect(await outcomes()).toEqual({ settings: 'deferred', responses: 'deferred' });
    const resumed = await central.order({ order: 'resume', changes: 'responses', why: 'an attack' }, alice);
    expect(resumed).toMatchObject({ done: true, reason: expect.stringContaining('Still stopped: the changes of settings.') });
    expect(await outcomes()).toEqual({ settings: 'deferred', responses: 'fixed' });
    expect(await central.find(await badBucket(central.account))).toMatchObject({
      reason: expect.stringContaining(`${anybody} stopped the changes of settings at`),
    });
    expect(await central.order({ order: 'resume', why: 'all is well' }, alice)).toMatchObject({ statusCode: 200 });
    expect(await outcomes()).toEqual({ settings: 'fixed', responses: 'fixed' });
  });

  it('that nobody can read is a stop', async () => {
    const { central, outcomes } = await both();
    const dynamo = central.account.client(DynamoDBClient);
    await dynamo.send(new PutItemCommand({ TableName: 'posture-orders', Item: { key: { S: orderKeys.stopOf('settings') } } }));
    expect(await outcomes()).toEqual({ settings: 'deferred', responses: 'fixed' });
  });
});
