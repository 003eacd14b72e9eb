import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { chain } from '../../functions/log/chain';
import type { Subject } from '../../functions/log/event';
import { itemOf } from '../../functions/log/item';
import { readRecords } from '../../functions/report/read-records';
import { createTables } from '../cli/central';
import { useEmulator } from '../emulator/use';

const emulator = useEmulator();
const span = { since: Date.parse('2026-03-01T00:00:00Z'), until: Date.parse('2026-03-31T23:59:59.999Z') };
const [mine, other] = ['111122223333', '444455556666'] as const;
const remediation = '01K6Z3NDEKTSV4RRFFQ69G5FAV';
const rule = 's3-bucket-https-required';

describe('a report on accounts', () => {
  let client: DynamoDBClient;

  beforeAll(async () => {
    const account = await emulator.account();
    await createTables(account);
    client = account.client(DynamoDBClient);
    await put(mine, `${rule}/${remediation}`);
    await put(other, `local/AIDAMALLORY/${rule}/${remediation}`);
  });

  const put = async (account: string, trail: string) => {
    const subject: Subject = {
      ...{ remediation, rule, version: '1', finding: 'f', source: 'config', detectedBy: 'S3.5', partition: 'aws', account },
      ...{ region: 'eu-west-1', resource: 'arn:aws:s3:::b', resourceType: 'AWS::S3::Bucket' },
    };
    const said = { kind: 'failed', outcome: 'failed', reason: 'Because.', actor: 'me' } as const;
    const event = chain(subject, undefined, said, new Date(span.since));
    await client.send(new PutItemCommand({ TableName: 'posture-log', Item: itemOf(event, trail) }));
  };
  const namesIn = async (...accounts: readonly string[]) => {
    const parts = accounts.map((account) => ({ account }));
    const names: string[] = [];
    for await (const record of readRecords(client, 'posture-log', parts, span)) names.push(record.remediation);
    return names;
  };

  it('has a remediation once, in the account of its function, whatever another writer claims', async () => {
    expect(await namesIn(mine)).toEqual([remediation]);
    expect(await namesIn(other)).toEqual([]);
    expect(await namesIn(mine, other)).toEqual([remediation]);
  });
});
