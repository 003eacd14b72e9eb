import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { keys } from '../../functions/coordination/keys';
import { listOverdue } from '../../functions/coordination/overdue';
import type { RetryMessage } from '../../functions/findings/retry-message';
import { createTables } from '../cli/central';
import { useEmulator } from '../emulator/use';

const emulator = useEmulator();

it('many stalled remediations of one rule do not keep out those of others, and what nothing can continue is named', async () => {
  const account = await emulator.account();
  await createTables(account);
  const client = account.client(DynamoDBClient);
  const put = (rule: string, since: string, text = JSON.stringify(message), remediation = `${rule} ${since}`, user?: string) =>
    client.send(
      new PutItemCommand({
        TableName: 'posture-coordination',
        Item: {
          key: { S: keys.open(rule, `arn ${since}`) },
          open: { S: 'open' },
          remediation: { S: remediation },
          since: { S: since },
          message: { S: text },
          ...(user !== undefined && { user: { S: user } }),
        },
      }),
    );
  for (const since of ['2026-01-01', '2026-01-02', '2026-01-03']) for (const rule of ['a-rule', 'gone-rule']) await put(rule, since);
  await put('b-rule', '2026-02-01');
  await put('b-rule', '2026-02-02', '{}');
  await put('b-rule', '2026-02-03', JSON.stringify(message), '');
  for (const since of ['2026-02-04', '2026-02-28T12:00:00.000Z']) await put('b-rule', since, JSON.stringify(message), 'own', 'AIDAEXAMPLE');
  const sought = { before: new Date('2026-03-01'), limit: 2, rules: new Set(['a-rule', 'b-rule']) };
  const { stalled, stranded } = await listOverdue(client, 'posture-coordination', sought);
  expect(stalled.map(({ remediation }) => remediation)).toEqual(['a-rule 2026-01-01', 'b-rule 2026-02-01']);
  expect(stranded).toEqual([
    ...['2026-01-01', '2026-01-02', '2026-01-03'].map((since) => ({
      key: `open gone-rule arn ${since}`,
      why: 'The rule gone-rule is not deployed.',
    })),
    { key: 'open b-rule arn 2026-02-02', why: expect.stringContaining('its message is invalid') },
    { key: 'open b-rule arn 2026-02-03', why: expect.stringContaining('it names no remediation') },
    { key: 'open b-rule arn 2026-02-04', why: expect.stringContaining('The command line of AIDAEXAMPLE did not finish it') },
  ]);
});

const message: RetryMessage = {
  finding: {
    id: 'finding',
    source: 'control',
    detectedBy: 'S3.999',
    partition: 'aws',
    account: '111122223333',
    region: 'eu-west-1',
    resource: { type: 'AWS::S3::Bucket', reported: { arn: 'arn:aws:s3:::records' } },
    detectedAt: '2026-01-01T00:00:00Z',
    sentAt: '2026-01-01T00:00:00Z',
  },
  number: 0,
};
