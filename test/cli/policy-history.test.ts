import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ulid } from 'ulid';
import { openJournal } from '../../functions/log/journal';
import { dynamoLog } from '../../functions/log/log';
import { useEmulator } from '../emulator/use';
import { createTables, environmentOf } from './central';
import { usePosture } from './posture';

const emulator = useEmulator();
const posture = usePosture();
const alice = 'arn:aws:sts::111122223333:assumed-role/Ops/alice';

describe('posture policy history', () => {
  it('lists the policies that were in force, the newest first, with version, hash, reason, and who published them', async () => {
    const account = await emulator.account();
    const env = environmentOf(account);
    await createTables(account);
    expect((await posture(['policy', 'history'], env)).stdout).toBe('The log has no publication of a policy.\n');
    let minute = 0;
    const clock = { now: () => new Date(Date.UTC(2026, 2, 1, 12, minute++)), sleep: async () => {} };
    const journal = () =>
      openJournal(dynamoLog(account.client(DynamoDBClient), 'posture-log', { by: 'control', rule: 'posture' }), clock, {
        ...{ remediation: ulid(), rule: 'posture', version: '1', finding: 'none', source: 'control', detectedBy: 'none', partition: 'aws' },
        ...{ account: account.account, region: 'eu-west-1', resource: `AWS::::Account:${account.account}`, resourceType: 'AWS::::Account' },
      });
    const publish = async (version: string, by?: string) => {
      const one = journal();
      const after = { version, hash: version.repeat(64), policy: {} };
      await one.write({ kind: 'policy-published', reason: `Version ${version} is in force.`, actor: 'unknown', after });
      if (by !== undefined) await one.write({ kind: 'publisher-identified', reason: 'By CloudTrail.', actor: by });
    };
    await publish('1', alice);
    await journal().write({ kind: 'stopped', reason: 'Stopped.', actor: alice });
    await publish('2');
    const { code, stdout } = await posture(['policy', 'history', '--json'], env);
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      {
        version: '1',
        isMore: false,
        published: [
          expect.objectContaining({ at: '2026-03-01T12:03:00.000Z', by: 'unknown', version: '2', hash: '2'.repeat(64) }),
          expect.objectContaining({ at: '2026-03-01T12:00:00.000Z', by: alice, version: '1', reason: 'Version 1 is in force.' }),
        ],
      },
    ]);
    const { stdout: text } = await posture(['policy', 'history', '--since', '2026-03-01T12:02:00Z'], env);
    expect(text).toMatch(/^2026-03-01 12:03:00Z +2 +2{16} +unknown +\S+ +Version 2 is in force\.$/m);
    expect(text).not.toContain('Version 1');
  });
});
