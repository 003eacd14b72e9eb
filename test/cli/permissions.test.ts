import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ulid } from 'ulid';
import { systemClock } from '../../functions/clock';
import { openJournal } from '../../functions/log/journal';
import { dynamoLog } from '../../functions/log/log';
import { freshPolicy } from '../../functions/policy/policy';
import { page } from '../docs/pages';
import { useEmulator } from '../emulator/use';
import { policyIn } from '../policy/deployed-policy';
import { createTables, environmentOf } from './central';
import { putPolicy } from './policy-copy';
import { usePosture } from './posture';

const emulator = useEmulator();
const posture = usePosture();
const folder = mkdtempSync(path.join(tmpdir(), 'posture-permissions-'));
const file = path.join(folder, 'posture.yaml');
writeFileSync(file, 'modes: { default: observe }\n');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [, section = ''] = page('docs/operate.md').split('\n## Permissions for operators\n');
const text = section.split('\n## ')[0] ?? '';
const row = (name: string): string => text.split('\n').find((line) => line.startsWith(`| ${name}`)) ?? '';
const actionsIn = (part: string): readonly string[] => [...part.matchAll(/[`"]([a-z]+:[A-Z]\w+)[`"]/g)].map(([, action = '']) => action);
const policy = actionsIn(text.slice(0, text.indexOf('\n```\n')));

/** Needs no permission; and a table that can't be described is used nevertheless. */
const dispensable = ['sts:GetCallerIdentity', 'dynamodb:DescribeTable'];

const rule = 's3-bucket-versioning-enabled';

describe('the documented permissions of an operator are what the command calls:', () => {
  it.each([
    ['posture log', ['log', '--rule', rule], [...policy, ...actionsIn(row('`log`'))]],
    ['posture exemptions', ['exemptions'], [...policy, ...actionsIn(row('`exemptions`'))]],
    ['posture policy diff', ['policy', 'diff', '--from', '1'], actionsIn(row('`policy show`') + row('`policy diff`'))],
    ['posture approvals', ['approvals'], policy.filter((action) => action !== 'dynamodb:BatchGetItem')],
    ['posture open', ['open'], actionsIn(row('`open`'))],
    ['posture breaker', ['breaker'], actionsIn(row('`breaker`'))],
    ['posture policy show', ['policy', 'show'], actionsIn(row('`policy show`'))],
    [
      'posture policy publish',
      ['policy', 'publish', file, '--why', 'a test', '--yes'],
      actionsIn(row('`policy show`') + row('`policy publish`')),
    ],
    ['posture explain', ['explain', 'arn:aws:s3:::bucket', '--rule', rule], actionsIn(row('`policy show`') + row('`explain <arn>`'))],
  ] as const)('%s', async (_, args, documented) => {
    const account = await emulator.account();
    await createTables(account);
    const { deploy } = await policyIn(account);
    await deploy({ ...freshPolicy, modes: { default: 'fix', clauses: [] } });
    const dynamo = account.client(DynamoDBClient);
    await putPolicy(dynamo, freshPolicy);
    await openJournal(dynamoLog(dynamo, 'posture-log', { by: 'rule', rule }), systemClock, {
      ...{ remediation: ulid(), rule, version: '1', finding: 'finding', source: 'config', detectedBy: 'c', partition: 'aws' },
      ...{ account: '111122223333', region: 'eu-west-1', resource: 'arn:aws:s3:::other', resourceType: 'AWS::S3::Bucket' },
    }).write({ kind: 'observed', outcome: 'observed', reason: 'Because.', actor: 'role' });
    const Bucket = `papers-${account.account}`;
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
    await account.client(S3Client).send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    const before = emulator.gateway.calls.length;
    const { code, stderr } = await posture(
      args.map((one) => one.replace(/bucket$/, Bucket)),
      environmentOf(account),
    );
    expect([code, stderr.replace('No events found.\n', '')]).toEqual([0, '']);
    const calls = emulator.gateway.calls.slice(before).filter((call) => call.account === account.account);
    const called = new Set(calls.map(({ service, operation }) => `${service}:${operation}`));
    // What the rule itself inspects is in its page of the catalogue.
    const needed = [...called].filter((action) => !dispensable.includes(action) && !action.startsWith('s3:'));
    expect(needed.length).toBeGreaterThan(0);
    const shown = documented.filter((action) => !action.startsWith('lambda:') && !dispensable.includes(action));
    expect(needed.toSorted()).toEqual([...new Set(shown)].toSorted());
  });
});
