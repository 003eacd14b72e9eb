import { randomBytes } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { ulid } from 'ulid';
import { systemClock } from '../../functions/clock';
import { findBreaks } from '../../functions/log/chain';
import type { EventInput, LogEvent, Subject } from '../../functions/log/event';
import { EventTooLarge, eventOf, itemOf } from '../../functions/log/item';
import { openJournal } from '../../functions/log/journal';
import { dynamoLog, type Log } from '../../functions/log/log';
import { useEmulator } from '../emulator/use';

const emulator = useEmulator();
let client: DynamoDBClient;
let log: Log;

beforeAll(async () => {
  client = (await emulator.account()).client(DynamoDBClient);
  await client.send(
    new CreateTableCommand({
      TableName: 'log',
      AttributeDefinitions: [
        { AttributeName: 'trail', AttributeType: 'S' },
        { AttributeName: 'sequence', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'trail', KeyType: 'HASH' },
        { AttributeName: 'sequence', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  log = dynamoLog(client, 'log', { by: 'rule', rule: 'a-rule' });
});

const subject = (): Subject => ({
  remediation: ulid(),
  rule: 'a-rule',
  version: '1',
  finding: 'f',
  source: 'config',
  detectedBy: 'c',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  resource: 'arn:aws:s3:::b',
  resourceType: 'AWS::S3::Bucket',
});
const event = (kind: EventInput['kind'], more: Partial<EventInput> = {}): EventInput => ({
  kind,
  reason: 'Because.',
  actor: 'me',
  ...more,
});

describe('the log', () => {
  it('gives back what was written, in order, chained', async () => {
    const journal = openJournal(log, systemClock, subject());
    await journal.write(event('applied'), event('planned', { before: { list: [1, { deep: null }], empty: '' }, decision: ['a'] }));
    await journal.write(event('verified', { outcome: 'fixed' }));
    const events = await log.read(journal.subject.remediation);
    expect(events).toEqual(journal.events);
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(findBreaks(events)).toEqual([]);
  });

  it('takes the very same events twice, as after a lost answer, but none in their place', async () => {
    const who = subject();
    const journal = openJournal(log, systemClock, who);
    await journal.write(event('applied'), event('planned'));
    await log.append(journal.events);
    const [first] = journal.events as [LogEvent];
    await log.append([first]);
    await expect(openJournal(log, systemClock, who).write(event('observed'))).rejects.toThrow();
    await expect(openJournal(log, systemClock, who).write(event('applied'), event('skipped'))).rejects.toThrow();
    expect(await log.read(who.remediation)).toEqual(journal.events);
  });

  it('keeps out a second worker', async () => {
    const who = subject();
    const worker = openJournal(log, systemClock, who);
    await worker.write(event('applied'), event('approval-requested'));
    const other = openJournal(log, systemClock, who, await log.read(who.remediation));
    await worker.write(event('planned'));
    await expect(other.write(event('planned'))).rejects.toThrow('Duplicate primary key exists in table');
    expect(await log.read(who.remediation)).toEqual(worker.events);
  });

  it.each(['ExecuteStatement', 'ExecuteTransaction'])('is not written twice where the answer to %s is lost', async (operation) => {
    const journal = openJournal(log, systemClock, subject());
    const fault = emulator.gateway.fail({ service: 'dynamodb', operation, times: 1, as: 'drop-answer' });
    await journal.write(...(operation === 'ExecuteStatement' ? [event('applied')] : [event('applied'), event('observed')]));
    fault.cancel();
    expect(await log.read(journal.subject.remediation)).toEqual(journal.events);
  });

  it('is written all the same where DynamoDB cancels the transaction for its own load', async () => {
    const journal = openJournal(log, systemClock, subject());
    const send = client.send.bind(client);
    const cancelled = jest
      .spyOn(client, 'send')
      .mockRejectedValueOnce(
        new TransactionCanceledException({
          message: 'Transaction cancelled',
          $metadata: {},
          CancellationReasons: [{ Code: 'None' }, { Code: 'ThrottlingError' }],
        }) as never,
      )
      .mockImplementation(send as never);
    await journal.write(event('applied'), event('verified', { outcome: 'fixed' }));
    cancelled.mockRestore();
    expect(await log.read(journal.subject.remediation)).toEqual(journal.events);
  });

  it('refuses a state that would not come back as it was, before anything is written', async () => {
    const who = subject();
    const before = JSON.parse('{"labels":{"__proto__":"x"}}');
    await expect(openJournal(log, systemClock, who).write(event('applied'), event('planned', { before }))).rejects.toThrow(
      'Not JSON: $.before.labels has the key `__proto__`',
    );
    expect(await log.read(who.remediation)).toEqual([]);
  });

  it('reads more than one page', async () => {
    const journal = openJournal(log, systemClock, subject());
    for (let index = 0; index < 5; index += 1) await journal.write(event('observed', { before: randomBytes(200_000).toString('base64') }));
    expect((await log.read(journal.subject.remediation)).map(({ hash }) => hash)).toEqual(journal.events.map(({ hash }) => hash));
  });
});

describe('a large state', () => {
  it('goes out compressed, and comes back whole', async () => {
    const journal = openJournal(log, systemClock, subject());
    const before = Array.from({ length: 20_000 }, (_, index) => ({ cidr: `10.${index % 256}.0.0/16`, port: index }));
    await journal.write(event('planned', { before }));
    const { Item } = await client.send(
      new GetItemCommand({ TableName: 'log', Key: { trail: { S: `a-rule/${journal.subject.remediation}` }, sequence: { N: '1' } } }),
    );
    expect(Item?.['compressed']?.B?.byteLength).toBeLessThan(200_000);
    expect(Item?.['kind']).toEqual({ S: 'planned' });
    expect(await log.read(journal.subject.remediation)).toEqual(journal.events);
  });

  it('that does not fit even so is refused before anything is written, never cut', async () => {
    const who = subject();
    const writing = openJournal(log, systemClock, who).write(
      event('applied'),
      event('planned', { before: randomBytes(500_000).toString('base64') }),
    );
    await expect(writing).rejects.toThrow(EventTooLarge);
    await expect(writing).rejects.toThrow('more than the 390000 bytes of a log item. Fix this resource manually.');
    expect(await log.read(who.remediation)).toEqual([]);
  });
});

describe('the chain', () => {
  async function three(): Promise<LogEvent[]> {
    const journal = openJournal({ append: async () => {}, read: async () => [] }, systemClock, subject());
    await journal.write(event('applied'), event('planned'), event('verified', { outcome: 'fixed' }));
    return [...journal.events];
  }

  it('shows an altered event', async () => {
    const [a, b, c] = (await three()) as [LogEvent, LogEvent, LogEvent];
    expect(findBreaks([a, { ...b, reason: 'Another.' }, c])).toEqual(['Event 2 was altered: its content does not match its hash.']);
  });

  it.each([
    ['a lone surrogate', { reason: '\ud800' }],
    ['a key that is no key of JSON', { before: JSON.parse('{ "__proto__": 1 }') }],
    ['a hundred thousand levels', { after: JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) }],
  ])('shows an event into which %s was planted', async (_, planted: Partial<LogEvent>) => {
    const [a, b, c] = (await three()) as [LogEvent, LogEvent, LogEvent];
    expect(findBreaks([a, { ...b, ...planted }, c])).toEqual(['Event 2 was altered: its content does not match its hash.']);
  });

  it('shows an event whose compressed part was altered', async () => {
    const [a, b, c] = (await three()) as [LogEvent, LogEvent, LogEvent];
    const planted = eventOf({ ...itemOf(b, 'a'), compressed: { B: Buffer.from('no gzip') } });
    expect(findBreaks([a, planted, c])).toEqual(['Event 2 was altered: its content does not match its hash.']);
  });

  it('shows a missing event', async () => {
    const [a, b, c] = (await three()) as [LogEvent, LogEvent, LogEvent];
    expect(findBreaks([a, c])).toHaveLength(2);
    expect(findBreaks([b, c])).not.toEqual([]);
  });

  it('shows an event that was replaced, with a hash of its own', async () => {
    const [a, , c] = (await three()) as [LogEvent, LogEvent, LogEvent];
    const [, other] = (await three()) as [LogEvent, LogEvent];
    expect(findBreaks([a, other, c]).length).toBeGreaterThan(0);
  });

  it('is the same for an event that came back from the table', async () => {
    const events = await three();
    expect(findBreaks(events.map((one) => eventOf(itemOf(one, 'a'))))).toEqual([]);
  });
});
