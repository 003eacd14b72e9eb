import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { systemClock } from '../../functions/clock';
import { keys } from '../../functions/coordination/keys';
import { dynamoOpenRemediations } from '../../functions/coordination/open-remediation';
import type { RetryMessage } from '../../functions/findings/retry-message';
import { useEmulator } from '../emulator/use';
import { createTables, environmentOf } from './central';
import { usePosture } from './posture';

const emulator = useEmulator();
const posture = usePosture();
const table = 'posture-coordination';
const rule = 's3-bucket-versioning-enabled';
const message: RetryMessage = {
  finding: {
    id: 'finding',
    source: 'control',
    detectedBy: 'S3.14',
    partition: 'aws',
    account: '111122223333',
    region: 'eu-west-1',
    resource: { type: 'AWS::S3::Bucket', reported: { arn: 'arn:aws:s3:::records' } },
    detectedAt: '2026-01-01T00:00:00Z',
    sentAt: '2026-01-01T00:00:00Z',
  },
  number: 0,
};

describe('posture open', () => {
  it('lists the open remediations, and what nothing can continue', async () => {
    const account = await emulator.account();
    await createTables(account);
    expect(await posture(['open'], environmentOf(account))).toMatchObject({ code: 0, stdout: 'No remediation is open.\n' });
    const dynamo = account.client(DynamoDBClient);
    const item = { detectedBy: 'S3.14', since: '2026-01-01T00:00:00.000Z', message };
    const open = (user?: string) => dynamoOpenRemediations(dynamo, table, systemClock, user);
    const [first, second, third] = ['01K6Z3NDEKTSV4RRFFQ69G5FAV', '01K6Z3NDEKTSV4RRFFQ69G5FAW', '01K6Z3NDEKTSV4RRFFQ69G5FAX'] as const;
    await open().put({ ...item, rule, resource: 'arn:aws:s3:::a', remediation: first, next: '2026-01-02T00:00:00.000Z' });
    await open('AIDAEXAMPLE').put({ ...item, rule, resource: 'arn:aws:s3:::b', remediation: second });
    await open().put({ ...item, rule: 'gone-rule', resource: 'arn:aws:s3:::c', remediation: third });
    const unreadable = { key: { S: keys.open(rule, 'arn:aws:s3:::d') }, open: { S: 'open' }, since: { S: '2026-01-01' } };
    await dynamo.send(new PutItemCommand({ TableName: table, Item: unreadable }));

    const { code, stdout } = await posture(['open', '--json'], environmentOf(account));
    const listed = JSON.parse(stdout) as readonly object[];
    expect([code, listed.length]).toEqual([0, 4]);
    expect(listed).toEqual(
      expect.arrayContaining([
        { remediation: `${rule}/${first}`, resource: 'arn:aws:s3:::a', since: item.since, next: '2026-01-02T00:00:00.000Z' },
        { remediation: `${rule}/${second}`, resource: 'arn:aws:s3:::b', since: item.since, user: 'AIDAEXAMPLE' },
        { key: 'open gone-rule arn:aws:s3:::c', stranded: 'The rule gone-rule is not deployed.' },
        { key: `open ${rule} arn:aws:s3:::d`, stranded: expect.stringContaining('it names no remediation') },
      ]),
    );
    const { stdout: text } = await posture(['open'], environmentOf(account));
    expect(text).toMatch(new RegExp(`^${rule}/${first} +arn:aws:s3:::a +\\S+ \\S+Z +at 2026-01-02`, 'm'));
    expect(text).toContain('by the command line of AIDAEXAMPLE');
    expect(text).toMatch(/^stranded {2}open gone-rule arn:aws:s3:::c/m);
  });

  it('says how each can be finished or reverted: of a function, of a command line, and stranded', async () => {
    const account = await emulator.account();
    await createTables(account);
    const dynamo = account.client(DynamoDBClient);
    const item = { detectedBy: 'S3.14', since: '2026-01-01T00:00:00.000Z', message };
    const byFunction = { ...item, rule, resource: 'arn:aws:s3:::a', remediation: '01K6Z3NDEKTSV4RRFFQ69G5FAV' };
    const byUser = { ...item, rule, resource: 'arn:aws:s3:::b', remediation: '01K6Z3NDEKTSV4RRFFQ69G5FAW' };
    const stranded = { ...byFunction, rule: 'gone-rule' };
    const open = (user?: string) => dynamoOpenRemediations(dynamo, table, systemClock, user);
    const advice = async () => {
      const { stdout } = await posture(['open'], environmentOf(account));
      const commands = stdout.split('\n').flatMap((line) => /^ {2}(posture .*)$/.exec(line)?.[1] ?? []);
      return { commands, runbook: stdout.includes('see "Remediations are stranded"') };
    };
    const log = 'posture log --remediation <rule>/<id>';
    const ofFunction = ['posture fix <arn> --rule <rule> --why "..."', 'posture rollback <rule>/<id> --deployed --why "..."'];
    const ofUser = ['posture replay <event> --rule <rule> --mode fix', 'posture rollback <rule>/<id>'];
    await open('AIDAEXAMPLE').put(byUser);
    expect(await advice()).toEqual({ commands: [log, ...ofUser], runbook: false });
    await open().put(byFunction);
    expect(await advice()).toEqual({ commands: [log, ...ofFunction, ...ofUser], runbook: false });
    await open('AIDAEXAMPLE').remove(byUser);
    expect(await advice()).toEqual({ commands: [log, ...ofFunction], runbook: false });
    await open().remove(byFunction);
    await open().put(stranded);
    expect(await advice()).toEqual({ commands: [], runbook: true });
  });
});
