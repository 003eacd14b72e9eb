import { BatchWriteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { chain } from '../../functions/log/chain';
import type { EventInput, LogEvent } from '../../functions/log/event';
import { itemOf } from '../../functions/log/item';
import { findEntry } from '../../functions/log/query';
import { subjectIn } from '../../functions/log/subject';
import { trailKey } from '../../functions/log/trail';
import { securityHubCustomAction } from '../events/security-hub';
import { badBucket, isKept } from './bucket';
import { approvers, type Central, plantedRule, useCentral } from './central';

const { open } = useCentral();
const anybody = 'security-hub-custom-action';
const policy = {
  modes: { default: 'fix' },
  ownership: { lastChange: false },
  approvals: { approvers: [...approvers, { principals: [anybody] }], fourEyes: false },
};
const why = 'it broke the upload';
const made = '01KZZZZZZZZZZZZZZZZZZZZZZZ';

/** Puts events into a trail, as a principal could that is no function of ours; hashes and chain are right. */
async function plant(
  central: Central,
  trail: string,
  template: LogEvent,
  ...inputs: readonly (Partial<LogEvent> & Pick<EventInput, 'kind'>)[]
) {
  let last: LogEvent | undefined;
  for (const { sequence, ...input } of inputs) {
    const said = { reason: 'Because.', actor: template.actor, ...input };
    last = chain(
      { ...subjectIn(template, 'test'), ...input },
      last ?? (sequence === undefined ? undefined : template),
      said,
      central.clock.now(),
    );
    await central.account.client(DynamoDBClient).send(new PutItemCommand({ TableName: 'posture-log', Item: itemOf(last, trail) }));
  }
}

const keyOf = (remediation: string, rule = plantedRule.id) => trailKey({ by: 'rule', rule, remediation });
const forgedCounted = (central: Central) => central.metrics().some((one) => 'ForgedRecords' in one);

async function fixed() {
  const central = await open();
  await central.deploy(policy);
  const bucket = await badBucket(central.account);
  const at = central.clock.now().toISOString();
  const { remediation } = await central.find(bucket, { firstObservedAt: at });
  const last = (await central.last(remediation)) as LogEvent;
  expect(last).toMatchObject({ outcome: 'fixed' });
  return { central, bucket, at, remediation, last };
}

describe('a record that somebody else has written', () => {
  it('whose fields contradict its key is not used for an order, which says so, and counts', async () => {
    const { central, bucket, remediation, last } = await fixed();
    await plant(central, keyOf(remediation), last, { kind: 'planned', sequence: 9, rule: 'some-other-rule' });
    expect(await central.order({ order: 'rollback', remediation, why })).toMatchObject({
      statusCode: 409,
      code: 'record-forged',
      reason: expect.stringContaining('Its rule is "some-other-rule"'),
    });
    expect(central.messages()).toEqual([]);
    expect(forgedCounted(central)).toBe(true);
    expect(await isKept(central.account, bucket)).toBe(true);
  });

  it('is no approval in the trail of a rule', async () => {
    const { central, remediation, last } = await fixed();
    await plant(central, keyOf(remediation), last, { kind: 'approved', sequence: 9 });
    expect(await central.order({ order: 'rollback', remediation, why })).toMatchObject({
      code: 'record-forged',
      reason: expect.stringContaining('Only the control function writes approved'),
    });
  });

  it('that is appended without continuing the chain, breaks it', async () => {
    const { central, remediation, last } = await fixed();
    const { hash: _, ...event } = { ...last, sequence: last.sequence + 2 };
    const Item = itemOf({ ...event, hash: last.hash }, keyOf(remediation));
    await central.account.client(DynamoDBClient).send(new PutItemCommand({ TableName: 'posture-log', Item }));
    expect(await central.order({ order: 'rollback', remediation, why })).toMatchObject({ statusCode: 409, code: 'log-broken' });
  });

  it('of another rule makes an id ambiguous, and is not meant where the rule is named', async () => {
    const { central, bucket, remediation, last } = await fixed();
    await plant(central, keyOf(remediation, 'some-other-rule'), last, { kind: 'planned', rule: 'some-other-rule' });
    expect(await central.order({ order: 'rollback', remediation, why })).toMatchObject({
      statusCode: 409,
      code: 'remediation-ambiguous',
      reason: expect.stringContaining(`${plantedRule.id}/${remediation} and some-other-rule/${remediation}`),
    });
    const remediationOfRule = `${plantedRule.id}/${remediation}`;
    expect(await central.order({ order: 'rollback', remediation: remediationOfRule, why })).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'rolled-back', remediation }]);
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it('of a command line is nothing that a function rolls back', async () => {
    const { central, last } = await fixed();
    const local = trailKey({ by: 'local', user: 'AROAEXAMPLE:mallory', rule: plantedRule.id, remediation: made });
    await plant(central, local, last, { kind: 'planned', remediation: made }, { kind: 'verified', outcome: 'fixed', remediation: made });
    for (const remediation of [made, `${plantedRule.id}/${made}`])
      expect(await central.order({ order: 'rollback', remediation, why })).toMatchObject({ statusCode: 404 });
    expect(central.messages()).toEqual([]);
  });

  it('and is newer is not what a custom action rolls back', async () => {
    const { central, bucket, at, remediation, last } = await fixed();
    central.clock.pass(60);
    const local = trailKey({ by: 'local', user: 'AROAEXAMPLE:mallory', rule: plantedRule.id, remediation: made });
    await plant(central, local, last, { kind: 'verified', outcome: 'fixed', remediation: made });
    const other = { rule: 'some-other-rule', remediation: made };
    await plant(central, trailKey({ by: 'rule', ...other }), last, { kind: 'verified', outcome: 'fixed', ...other });
    await plant(central, keyOf(made), last, { kind: 'verified', outcome: 'fixed', ...other });
    const finding = { control: 'S3.999', resource: { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` }, firstObservedAt: at };
    const action = { actionId: 'PostureRollback', actionName: 'PostureRollback', account: central.account.account };
    const event = securityHubCustomAction([{ ...finding, account: central.account.account }], action);
    expect(await central.control(event, 'custom-actions')).toMatchObject([{ done: true }]);
    expect(await central.delivered()).toMatchObject([{ outcome: 'rolled-back', remediation }]);
    expect(forgedCounted(central)).toBe(true);
  });

  it('in any number, and with times to come, in the own trails of somebody, hides no fix and no plan from a custom action', async () => {
    const { central, bucket, at, remediation, last } = await fixed();
    await hide(central, last, 60);
    const event = securityHubCustomAction(
      [
        {
          control: 'S3.999',
          resource: { type: 'AWS::S3::Bucket', arn: last.resource },
          account: central.account.account,
          firstObservedAt: at,
        },
      ],
      { actionId: 'PostureRollback', actionName: 'PostureRollback', account: central.account.account },
    );
    expect(await central.control(event, 'custom-actions')).toMatchObject([{ done: true }]);
    expect(await central.delivered()).toMatchObject([{ outcome: 'rolled-back', remediation }]);
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it('in too many of them, is said to be too many', async () => {
    const { central, last } = await fixed();
    await hide(central, last, 501);
    const dynamo = central.account.client(DynamoDBClient);
    const find = (max: number) => findEntry(dynamo, 'posture-log', { finding: last.finding }, ({ by }) => by === 'rule', max);
    expect(await find(500)).toEqual({ entry: 'beyond', forged: [] });
    expect(await find(1000)).toMatchObject({ entry: { trail: keyOf(last.remediation) } });
    const none = await findEntry(dynamo, 'posture-log', { finding: last.finding }, ({ by }) => by === 'control', 2000);
    expect(none.entry).toBe('none');
  });
});

/** Puts fixes of a time to come into trails that a user may write. */
async function hide(central: Central, template: LogEvent, count: number) {
  const user = 'AROAEXAMPLE:mallory';
  const items = Array.from({ length: count }, (_, index) => {
    const remediation = `01KZZZZZZZZZZZZZZZZZZZ${String(index).padStart(4, '0')}`;
    const said = { kind: 'verified', outcome: 'fixed', reason: 'Because.', actor: template.actor } as const;
    const event = chain({ ...subjectIn(template, 'test'), remediation }, undefined, said, new Date('2099-01-01T00:00:00.000Z'));
    return itemOf(event, trailKey({ by: 'local', user, rule: plantedRule.id, remediation }));
  });
  for (let from = 0; from < count; from += 25) {
    const requests = items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } }));
    await central.account.client(DynamoDBClient).send(new BatchWriteItemCommand({ RequestItems: { 'posture-log': requests } }));
  }
}
