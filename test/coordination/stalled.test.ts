import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { keys } from '../../functions/coordination/keys';
import { listStalled } from '../../functions/coordination/stalled';
import { createTables } from '../cli/central';
import { useEmulator } from '../emulator/use';

const emulator = useEmulator();

it('many stalled remediations of one rule, or of a rule that is not deployed, do not keep out those of others', async () => {
  const account = await emulator.account();
  await createTables(account);
  const client = account.client(DynamoDBClient);
  const put = (rule: string, since: string) =>
    client.send(
      new PutItemCommand({
        TableName: 'posture-coordination',
        Item: {
          key: { S: keys.open(rule, `arn ${since}`) },
          open: { S: 'open' },
          remediation: { S: `${rule} ${since}` },
          since: { S: since },
          message: { S: '{}' },
        },
      }),
    );
  for (const since of ['2026-01-01', '2026-01-02', '2026-01-03']) for (const rule of ['a-rule', 'gone-rule']) await put(rule, since);
  await put('b-rule', '2026-02-01');
  const sought = { before: new Date('2026-03-01'), limit: 2, rules: new Set(['a-rule', 'b-rule']) };
  expect((await listStalled(client, 'posture-coordination', sought)).map(({ remediation }) => remediation)).toEqual([
    'a-rule 2026-01-01',
    'b-rule 2026-02-01',
  ]);
});
