import { gzipSync } from 'node:zlib';
import { type AttributeValue, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { systemClock } from '../../functions/clock';
import { chain, findBreaks } from '../../functions/log/chain';
import type { EventInput, LogEvent, Subject } from '../../functions/log/event';
import { itemOf } from '../../functions/log/item';
import { dynamoLog } from '../../functions/log/log';
import { queryLog } from '../../functions/log/query';
import { type ForgedRecord, readItem } from '../../functions/log/read-item';
import { findRecord } from '../../functions/log/record';
import { trailKey } from '../../functions/log/trail';
import { createTables } from '../cli/central';
import { useEmulator } from '../emulator/use';

const emulator = useEmulator();
let client: DynamoDBClient;

beforeAll(async () => {
  const account = await emulator.account();
  await createTables(account);
  client = account.client(DynamoDBClient);
});

const own = 'a-rule';
const ids = Array.from({ length: 20 }, (_, index) => `01K6Z3NDEKTSV4RRFFQ69G5F${String(index).padStart(2, '0')}`);
const idOf = () => ids.pop() as string;
const subject = (remediation: string, rule = own): Subject => ({
  remediation,
  rule,
  version: '1',
  finding: `finding ${remediation}`,
  source: 'security-hub',
  detectedBy: 'S3.1',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  resource: 'arn:aws:s3:::b',
  resourceType: 'AWS::S3::Bucket',
});
const said = (kind: EventInput['kind'], more: Partial<EventInput> = {}): EventInput => ({ kind, reason: 'Because.', actor: 'me', ...more });
const eventOf = (about: Subject, input: EventInput, last?: LogEvent) => chain(about, last, input, systemClock.now());
const put = (item: Record<string, AttributeValue>) => client.send(new PutItemCommand({ TableName: 'posture-log', Item: item }));
const keyOf = (remediation: string, rule = own) => trailKey({ by: 'rule', rule, remediation });

describe('an item that is not what its key says', () => {
  const remediation = '01K6Z3NDEKTSV4RRFFQ69G5FAV';
  const fixed = eventOf(subject(remediation), said('verified', { outcome: 'fixed' }));
  const item = itemOf(fixed, keyOf(remediation));
  const other = '01K6Z3NDEKTSV4RRFFQ69G5FAW';

  it('is no event, whatever else is right about it', () => {
    expect(readItem(item)).toEqual({ trail: { by: 'rule', rule: own, remediation }, event: fixed });
    const approved = itemOf(eventOf(subject(remediation), said('approved')), keyOf(remediation));
    const local = `local/AROAEXAMPLE:mallory/${own}/${remediation}`;
    const cases: readonly (readonly [Record<string, AttributeValue>, string])[] = [
      [{ ...item, trail: { S: keyOf(remediation, 'other-rule') } }, 'Its rule is "a-rule", and the rule of its key "other-rule".'],
      [{ ...item, trail: { S: keyOf(other) } }, `Its remediation is "${remediation}", and the remediation of its key "${other}".`],
      [{ ...item, trail: { S: `x/${keyOf(remediation)}` } }, 'is not the key of a trail.'],
      [approved, 'Only the control function writes approved, and the key names another writer.'],
      [{ ...approved, trail: { S: local } }, 'Only the control function writes approved'],
      [{ ...item, indexActor: { S: 'somebody' } }, 'Its attribute indexActor is "somebody", and should be "me".'],
      [{ ...item, indexTicket: { S: 'T-1' } }, 'Its attribute indexTicket is "T-1", and should be missing.'],
      [{ ...item, indexSource: { S: 'security-hub' } }, 'Its attribute indexSource is "security-hub", and should be missing.'],
      [Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'indexShard')), 'Its attribute indexShard is missing'],
      [
        Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'indexRemediation')),
        'Its attribute indexRemediation is missing',
      ],
      [Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'resource')), 'It has no resource.'],
      [{ ...item, kind: { N: '1' } }, 'It has no kind.'],
    ];
    for (const [forged, why] of cases)
      expect(readItem(forged)).toEqual({ forged: { trail: forged.trail?.S, sequence: 1, why: expect.stringContaining(why) } });
  });

  it('is an event of the control function in its trail', () => {
    const event = eventOf(subject(remediation), said('approved'));
    expect(readItem(itemOf(event, `control/${own}/${remediation}`))).toMatchObject({ trail: { by: 'control' }, event });
  });

  it('is nothing but a refusal in a trail of requests', () => {
    const key = `requests/${own}/${remediation}`;
    const refused = eventOf(subject(remediation), said('request-refused'));
    expect(readItem(itemOf(refused, key))).toMatchObject({ trail: { by: 'requests' }, event: refused });
    for (const kind of ['approved', 'planned', 'verified', 'released'] as const)
      expect(readItem(itemOf(eventOf(subject(remediation), said(kind)), key))).toMatchObject({
        forged: { trail: key, why: expect.stringContaining(`does not write "${kind}"`) },
      });
    expect(readItem(itemOf(refused, keyOf(remediation)))).toMatchObject({
      forged: { why: expect.stringContaining('Only the control function') },
    });
  });
});

describe('a ticket', () => {
  it('is nothing but a ticket in a trail of tickets', () => {
    const remediation = '01K6Z3NDEKTSV4RRFFQ69G5FAV';
    const key = `tickets/${own}/${remediation}`;
    const ticketed = eventOf(subject(remediation), { ...said('ticketed'), ticket: 'SEC-12' });
    const item = itemOf(ticketed, key);
    expect(item['indexTicket']).toEqual({ S: 'SEC-12' });
    expect(readItem(item)).toMatchObject({ trail: { by: 'tickets' }, event: ticketed });
    for (const kind of ['approved', 'planned', 'verified'] as const)
      expect(readItem(itemOf(eventOf(subject(remediation), said(kind)), key))).toMatchObject({
        forged: { trail: key, why: expect.stringContaining(`does not write "${kind}"`) },
      });
    expect(readItem(itemOf(ticketed, keyOf(remediation)))).toMatchObject({
      forged: { why: expect.stringContaining('Only the function of tickets') },
    });
  });

  it('and a refused request state nothing about how a remediation stands', () => {
    const remediation = '01K6Z3NDEKTSV4RRFFQ69G5FAV';
    const claims: readonly Partial<EventInput>[] = [
      { outcome: 'fixed' },
      { times: { detected: '2026-01-01T00:00:00Z' } },
      { owner: 'nobody' },
    ];
    for (const [by, kind] of [
      ['tickets', 'ticketed'],
      ['requests', 'request-refused'],
    ] as const)
      for (const claim of claims)
        expect(readItem(itemOf(eventOf(subject(remediation), said(kind, claim)), `${by}/${own}/${remediation}`))).toMatchObject({
          forged: { why: `It states ${Object.keys(claim)[0]}, which its writer never does.` },
        });
  });
});

describe('forged records', () => {
  it('are not read by the function whose trail they are in, and are reported', async () => {
    const remediation = idOf();
    const reported: ForgedRecord[] = [];
    const log = dynamoLog(client, 'posture-log', { by: 'rule', rule: own }, { onForged: (records) => void reported.push(...records) });
    const first = eventOf(subject(remediation), said('applied'));
    await log.append([first]);
    await put(itemOf(eventOf(subject(remediation), said('approved'), first), keyOf(remediation)));
    expect(await log.read(remediation)).toEqual([first]);
    expect(reported).toEqual([{ trail: keyOf(remediation), sequence: 2, why: expect.stringContaining('Only the control function') }]);
  });

  it('are shown by queries as forged, under the rule and the remediation of their key', async () => {
    const remediation = idOf();
    const claimed = idOf();
    await put(itemOf(eventOf(subject(claimed, 'other-rule'), said('verified', { outcome: 'fixed' })), keyOf(remediation)));
    const { entries } = await queryLog(client, 'posture-log', { finding: `finding ${claimed}` }, { limit: 10 });
    expect(entries).toMatchObject([{ rule: own, remediation, trail: keyOf(remediation), forged: expect.stringContaining('other-rule') }]);
  });

  it('do not say otherwise in their compressed part than the indexes show', () => {
    const remediation = idOf();
    const planned = eventOf(subject(remediation), said('planned'));
    const real = itemOf(planned, keyOf(remediation));
    const compressed = { B: gzipSync(JSON.stringify({ kind: 'planned', hash: planned.hash })) };
    const read = readItem({ ...real, kind: { S: 'applied' }, compressed });
    expect('event' in read && read.event.kind).toBe('applied');
    expect('event' in read && findBreaks([read.event])).toEqual([expect.stringContaining('was altered')]);
  });

  it('do not exhaust the memory of a reader', () => {
    const remediation = idOf();
    const real = itemOf(eventOf(subject(remediation), said('planned')), keyOf(remediation));
    const bomb = gzipSync(JSON.stringify({ before: ' '.repeat(40_000_000) }));
    expect(bomb.byteLength).toBeLessThan(100_000);
    const read = readItem({ ...real, compressed: { B: bomb } });
    expect('event' in read && read.event.before).toBeUndefined();
    expect('event' in read && findBreaks([read.event])).toEqual([expect.stringContaining('was altered')]);
  });

  it('do not keep queries, their pages and trails from being read, whatever numbers they have', async () => {
    const remediation = idOf();
    const claimed = `finding ${idOf()}`;
    const key = `local/AIDAMALLORY/${own}/${remediation}`;
    const real = itemOf(eventOf({ ...subject(remediation), finding: claimed }, said('verified', { outcome: 'fixed' })), key);
    for (const sequence of ['1', '1E+30', '12345678901234567.5'])
      await put({ ...real, sequence: { N: sequence }, actor: { N: '12345678901234567.5' }, code: { M: {} } });
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await queryLog(client, 'posture-log', { finding: claimed }, { limit: 1, ...(after !== undefined && { after }) });
      found.push(...page.entries.map(({ forged = '' }) => forged));
      after = page.next;
    } while (after !== undefined && found.length < 10);
    expect(found).toEqual(Array(3).fill('It has no actor.'));
    const lookup = await findRecord(client, 'posture-log', { rule: own, remediation }, 'all');
    expect(lookup).toMatchObject({ record: { events: [], forged: [{ trail: key }, { trail: key }, { trail: key }] } });
  });

  it('that claim to be of another remediation are no part of its record', async () => {
    const remediation = idOf();
    const log = dynamoLog(client, 'posture-log', { by: 'rule', rule: own });
    await log.append([eventOf(subject(remediation), said('planned'))]);
    const elsewhere = keyOf(idOf(), 'other-rule');
    await put(itemOf(eventOf(subject(remediation), said('verified', { outcome: 'fixed' })), elsewhere));
    const lookup = await findRecord(client, 'posture-log', { remediation }, 'all');
    expect(lookup).toMatchObject({
      record: { rule: own, events: [{ kind: 'planned' }], forged: [{ trail: elsewhere, sequence: 1 }], breaks: [] },
    });
  });

  it('do not make an id ambiguous that they only claim, but a trail of the same id does', async () => {
    const remediation = idOf();
    for (const rule of [own, 'other-rule'])
      await dynamoLog(client, 'posture-log', { by: 'rule', rule }).append([eventOf(subject(remediation, rule), said('planned'))]);
    expect(await findRecord(client, 'posture-log', { remediation }, 'all')).toEqual({ ambiguous: [own, 'other-rule'] });
    expect(await findRecord(client, 'posture-log', { remediation, rule: own }, 'all')).toMatchObject({ record: { rule: own } });
  });
});

describe('a record', () => {
  it('has the events of all writers by time, and checks each chain by itself', async () => {
    const remediation = idOf();
    let second = 0;
    const at = (about: Subject, input: EventInput, last?: LogEvent) =>
      chain(about, last, input, new Date(Date.UTC(2026, 0, 1, 0, 0, second++)));
    const asked = at(subject(remediation), said('approval-requested'));
    const approved = at(subject(remediation), said('approved'));
    const planned = at(subject(remediation), said('planned'), asked);
    await dynamoLog(client, 'posture-log', { by: 'rule', rule: own }).append([asked, planned]);
    await dynamoLog(client, 'posture-log', { by: 'control', rule: own }).append([approved]);
    const user = 'AROAEXAMPLE:alice';
    await dynamoLog(client, 'posture-log', { by: 'local', rule: own, user }).append([at(subject(remediation), said('observed'))]);
    const kinds = async (origin: Parameters<typeof findRecord>[3]) => {
      const lookup = await findRecord(client, 'posture-log', { remediation }, origin);
      return lookup !== 'none' && 'record' in lookup ? [lookup.record.breaks, lookup.record.events.map(({ kind }) => kind)] : lookup;
    };
    expect(await kinds('all')).toEqual([[], ['approval-requested', 'approved', 'planned', 'observed']]);
    expect(await kinds('deployed')).toEqual([[], ['approval-requested', 'approved', 'planned']]);
    expect(await kinds({ user })).toEqual([[], ['observed']]);
    expect(await kinds({ user: 'AROAEXAMPLE:bob' })).toBe('none');
  });

  it('is refused to a writer that speaks for another rule', async () => {
    const log = dynamoLog(client, 'posture-log', { by: 'rule', rule: 'other-rule' });
    await expect(log.append([eventOf(subject(idOf()), said('planned'))])).rejects.toThrow('this log of other-rule');
    expect(await log.read('../control/x')).toEqual([]);
  });
});
