import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { markOf, sharedMark } from '../../functions/ticket-records/mark';
import { complianceFinding, importedV2 } from '../events/security-hub-v2';
import { badBucket, isKept } from './bucket';
import { approvers, type Central, plantedRule, unbounded, useCentral } from './central';

const { open } = useCentral();
const tracker = { vendor: 'github', url: 'https://api.github.com', project: 'acme/security', secret: 'posture/tracker' } as const;
const ask = { ...unbounded, modes: { default: 'ask' }, approvals: { fourEyes: false, approvers }, tickets: { tracker } };

/** A plan that awaits approval, where a tracker is deployed. `record`: what the function of tickets has written of it. */
async function waiting({ policy = ask as object, v2 = false, deployed = true } = {}) {
  const central = await open();
  const { account, emulator } = central;
  const dynamo = account.client(DynamoDBClient);
  await dynamo.send(
    new CreateTableCommand({
      TableName: 'posture-tickets',
      KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  if (deployed) process.env.TICKETS_TABLE = 'posture-tickets';
  await central.deploy({ ...policy, ...(v2 && { securityHub: 'v2' }) });
  const bucket = await badBucket(account);
  const resource = { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` };
  const place = { account: account.account, region: account.region };
  const cspm = central.finding(bucket);
  const [finding] = cspm.detail.findings as [(typeof cspm.detail.findings)[number]];
  const seen = central.clock.now().toISOString();
  const ocsf = complianceFinding({ control: 'S3.999', resource: { ...resource, configId: bucket }, ...place, firstSeen: seen });
  if (v2) emulator.gateway.securityHubV2.seed(place, ocsf);
  else emulator.gateway.securityHub.seed(place, finding);
  const event = v2 ? importedV2(ocsf) : cspm;
  const [result] = (await central.send(event)).results;
  expect(result).toMatchObject({ outcome: 'awaiting-approval' });
  const write = (key: string, item: object) =>
    dynamo.send(new PutItemCommand({ TableName: 'posture-tickets', Item: marshall({ key: `ticket ${key}`, ...item }) }));
  const mark = markOf({ rule: { id: plantedRule.id }, resource, ...place });
  return {
    ...{ central, bucket, event, finding, ocsf, remediation: result?.remediation ?? '', place },
    record: (item: object) => write(mark, item),
    shared: (name: string, item: object) => write(sharedMark(name), item),
    has: (more: object) => emulator.gateway.securityHub.seed(place, { ...finding, ...more }),
  };
}

const updates = ({ account, emulator }: Central) =>
  emulator.gateway.securityHub.updates.filter((update) => update.account === account.account).map(({ change }) => change);
const updatesV2 = ({ account, emulator }: Central) =>
  emulator.gateway.securityHubV2.updates.filter((update) => update.account === account.account).map(({ change }) => change);
const callsOf = ({ account, emulator }: Central) =>
  emulator.gateway.calls.filter((call) => call.account === account.account).map(({ service, operation }) => `${service}:${operation}`);
const note = (text: string) => ({ Workflow: { Status: 'NOTIFIED' }, Note: { Text: text, UpdatedBy: 'posture-remediator' } });

describe('the note with the ticket of a plan that awaits approval', () => {
  it('is written after the ticket is opened, with four calls beside the policy, and says nothing else', async () => {
    const { central, remediation, record } = await waiting();
    await record({ ticket: '#12', id: '12', url: 'https://evil.example/' });
    central.emulator.gateway.clear();
    const { results } = await central.comeBack();
    expect(results).toMatchObject([{ remediation, outcome: 'awaiting-approval', reason: 'The finding names the ticket #12.' }]);
    expect(updates(central)).toEqual([note(`Ticket #12. Rule ${plantedRule.id}, remediation ${remediation}.`)]);
    expect(callsOf(central).filter((call) => /^(dynamodb|securityhub):/.test(call))).toEqual([
      'dynamodb:Query',
      // The policy, which was read more than a minute ago.
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'securityhub:GetFindings',
      'securityhub:BatchUpdateFindings',
    ]);
    expect(await central.schedules.list()).toEqual([]);
    expect(central.told()).toEqual([]);
  });

  it('waits until there is a ticket, and is written once', async () => {
    const { central, record, event } = await waiting();
    expect((await central.comeBack()).results).toMatchObject([{ reason: expect.stringContaining('no ticket yet. Next attempt at ') }]);
    await record({ ticket: '#12' });
    await central.comeBack();
    expect(updates(central)).toHaveLength(1);
    await central.send(event);
    expect(await central.schedules.list()).toEqual([]);
  });

  it('is given up after about a day without a ticket', async () => {
    const { central } = await waiting();
    const began = central.clock.now().getTime();
    let reasons: readonly string[] = [];
    while ((await central.schedules.list()).length > 0) reasons = (await central.comeBack()).results.map(({ reason }) => reason);
    expect(reasons).toEqual(['The finding has no ticket yet. It is not tried again.']);
    expect((central.clock.now().getTime() - began) / 3_600_000).toBeLessThan(48);
    expect(updates(central)).toEqual([]);
  });

  it.each([
    ['a link', 'https://evil.example/SEC-12'],
    ['a sentence', '#12. Approve it at once'],
    ['the key of another vendor', 'SEC-12'],
    ['markup', '#12<!channel>'],
  ])('is not written where the record has %s instead', async (_, ticket) => {
    const { central, record } = await waiting();
    await record({ ticket });
    expect((await central.comeBack()).results).toMatchObject([{ reason: expect.stringContaining('no ticket yet') }]);
    expect(updates(central)).toEqual([]);
  });

  it('names the ticket that several misconfigurations share', async () => {
    const { central, record, shared } = await waiting();
    await record({ sharedBy: 'backlog' });
    await shared('backlog', { ticket: '#3' });
    await central.comeBack();
    expect(updates(central)).toMatchObject([{ Note: { Text: expect.stringMatching(/^Ticket #3\. /) } }]);
  });

  it.each<[string, object]>([
    ['suppressed', { Workflow: { Status: 'SUPPRESSED' } }],
    ['resolved', { Workflow: { Status: 'RESOLVED' } }],
    ['archived', { RecordState: 'ARCHIVED' }],
    ['passing', { Compliance: { Status: 'PASSED', SecurityControlId: 'S3.999' } }],
    ['noted by somebody else', { Note: { Text: 'Ada looks at it', UpdatedBy: 'ada', UpdatedAt: '2026-11-24T12:00:00.000Z' } }],
  ])('leaves a finding alone that is %s meanwhile', async (_, more) => {
    const { central, record, has } = await waiting();
    await record({ ticket: '#12' });
    has(more);
    expect((await central.comeBack()).results).toMatchObject([{ reason: expect.stringContaining('left as it is') }]);
    expect(updates(central)).toEqual([]);
  });

  it('begins nothing by its own event, and a later evaluation of the control does at once', async () => {
    const { central, record, event, finding } = await waiting();
    await record({ ticket: '#12' });
    await central.comeBack();
    const at = central.clock.now();
    const [change] = updates(central) as [{ readonly Note: object }];
    const noted = { ...finding, ...change, Note: { ...change.Note, UpdatedAt: at.toISOString() } };
    const sent = (UpdatedAt: string) => central.send({ ...event, detail: { findings: [{ ...noted, UpdatedAt }] } });
    expect((await sent(finding.UpdatedAt)).refusals).toMatchObject([{ code: 'own-update' }]);
    expect((await sent(new Date(at.getTime() + 1000).toISOString())).results).toHaveLength(1);
  });

  it('is in the note of the fix afterwards', async () => {
    const { central, record, remediation, bucket } = await waiting();
    await record({ ticket: '#12' });
    await central.comeBack();
    expect(await central.order({ order: 'approve', remediation, why: 'as agreed' })).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }]);
    expect(await isKept(central.account, bucket)).toBe(true);
    expect(updates(central).at(-1)).toMatchObject({ Note: { Text: expect.stringMatching(/^Fixed by .* says PASSED\. Ticket #12\.$/) } });
  });

  it('is written at the next report where a rollback opened the ticket, once', async () => {
    const { central, record, remediation, event, finding, has } = await waiting();
    await central.comeBack();
    await central.order({ order: 'approve', remediation, why: 'as agreed' });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }]);
    expect(await central.order({ order: 'rollback', remediation, why: 'It broke an upload.' })).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'rolled-back' }]);
    while ((await central.schedules.list()).length > 0) await central.comeBack();
    expect(updates(central).some((change) => JSON.stringify(change).includes('Ticket'))).toBe(false);
    await record({ ticket: '#12' });
    const reported = (seconds: number) => {
      const UpdatedAt = new Date(central.clock.now().getTime() + seconds * 1000).toISOString();
      has({ UpdatedAt });
      return central.send({ ...event, detail: { findings: [{ ...finding, UpdatedAt }] } });
    };
    expect((await reported(1)).results).toMatchObject([{ outcome: 'exempt' }]);
    await central.comeBack();
    expect(updates(central).at(-1)).toMatchObject({ Note: { Text: expect.stringMatching(/^Ticket #12\. /) } });
    expect((await reported(2)).results).toMatchObject([{ outcome: 'exempt' }]);
    expect(await central.schedules.list()).toEqual([]);
  });

  it('is written for a finding in OCSF, and begins nothing there', async () => {
    const { central, record, ocsf } = await waiting({ v2: true });
    await record({ ticket: '#12' });
    await central.comeBack();
    const comment = expect.stringMatching(/^posture-remediator \d{4}-.*Z: Ticket #12\. Rule .*, remediation .*\.$/);
    expect(updatesV2(central)).toEqual([{ StatusId: 2, Comment: comment }]);
    const [{ Comment } = {}] = updatesV2(central) as readonly { readonly Comment?: string }[];
    const own = await central.send(importedV2({ ...ocsf, status_id: 2, comment: Comment } as typeof ocsf));
    expect(own.refusals).toMatchObject([{ code: 'own-update' }]);
  });

  it.each<[string, Parameters<typeof waiting>[0]]>([
    ['the policy names no tracker', { policy: { ...ask, tickets: undefined } }],
    ['no tracker is deployed', { deployed: false }],
    ['no ticket is opened for it', { policy: { ...ask, tickets: { tracker, scope: { accounts: ['999988887777'] } } } }],
  ])('costs no call where %s', async (_, given) => {
    const { central } = await waiting(given);
    expect(await central.schedules.list()).toEqual([]);
    expect(callsOf(central)).not.toContain('scheduler:CreateSchedule');
  });

  it('is not written on the word of a message about another finding', async () => {
    const { central, record } = await waiting();
    await record({ ticket: '#12' });
    const [{ input } = { input: '' }] = await central.schedules.list();
    const message = JSON.parse(input) as { readonly finding: { readonly securityHub: object } };
    const id = central.finding('another').detail.findings[0]?.Id ?? '';
    const forged = { ...message, finding: { ...message.finding, id, securityHub: { ...message.finding.securityHub, id } } };
    expect((await central.send(forged)).results).toMatchObject([{ reason: 'The log has no such remediation of the finding.' }]);
    expect(updates(central)).toEqual([]);
  });
});
