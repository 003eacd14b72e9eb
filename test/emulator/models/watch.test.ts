import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { GetBucketVersioningCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { defineRule } from '../../../rules/rule';
import rule from '../../../rules/s3/bucket-versioning-enabled';
import { standIn } from '../../contract/stand-in';
import { takeProblems } from './judge';
import { mockClient } from './mock-client';
import { judgeMocks } from './mocks';

const root = path.resolve(__dirname, '../../..');
const configuration = {
  endpoint: 'http://127.0.0.1:1',
  region: 'eu-west-1',
  credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
};
const setting = (Status: string) =>
  new PutBucketVersioningCommand({ Bucket: 'a-bucket', VersioningConfiguration: { Status: Status as 'Enabled' } });
const problem = 's3:PutBucketVersioning: input.VersioningConfiguration.Status is "On", and none of Enabled, Suspended.';
const made = 's3:GetBucketVersioning: output.Status is "on", and none of Enabled, Suspended.';

it('what a client sends is held against the model of its service', async () => {
  const nobody = new S3Client(configuration);
  await expect(nobody.send(setting('Enabled'))).rejects.toThrow();
  expect(takeProblems()).toEqual([]);
  await expect(nobody.send(setting('On'))).rejects.toThrow();
  expect(takeProblems()).toEqual([problem]);
});

describe('of a client with a stand-in', () => {
  standIn(S3Client, async () => ({ Status: 'on' }));

  it('input and answer are', async () => {
    await new S3Client(configuration).send(setting('On'));
    expect(takeProblems()).toEqual([problem]);
    await new S3Client(configuration).send(new GetBucketVersioningCommand({ Bucket: 'a-bucket' }));
    expect(takeProblems()).toEqual([made]);
  });
});

it('of a mock, input and answer are', async () => {
  const mock = mockClient(STSClient);
  mock.on(AssumeRoleCommand).resolves({ Credentials: { AccessKeyId: 1 } as never });
  await new STSClient(configuration).send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::111122223333:role/a-role', RoleSessionName: '' }));
  await judgeMocks();
  expect(takeProblems()).toEqual([
    'sts:AssumeRole: input.RoleSessionName has 0 characters, and not 2 to 64.',
    'sts:AssumeRole: output.Credentials.AccessKeyId is not a string: "1".',
  ]);
});

it('what a rule is answered by an AWS of the test is', async () => {
  const bucket = {
    partition: 'aws',
    account: '111122223333',
    region: 'eu-west-1',
    type: 'AWS::S3::Bucket',
    id: 'b',
    arn: 'arn:aws:s3:::b',
  };
  const send = async (command: object) => (command instanceof GetBucketVersioningCommand ? { Status: 'on' } : {});
  await rule.inspect(bucket, { send: send as never });
  expect(takeProblems()).toEqual([made]);
});

it('what a rule plans and how it reverts its part is, though nobody sends it', () => {
  const planned = defineRule({
    ...rule,
    plan: () => [{ do: setting('On'), undo: 'revert-own-part' }],
    revertOwnPart: () => [setting('Off')],
  });
  const bucket = { partition: 'aws', account: '111122223333', region: 'eu-west-1', type: '', id: 'a-bucket', arn: 'arn:aws:s3:::a-bucket' };
  planned.plan(bucket, { status: 'Suspended' } as never, {} as never);
  expect(takeProblems()).toEqual([problem]);
  planned.revertOwnPart?.(bucket, null as never, {} as never);
  expect(takeProblems()).toEqual([problem.replace('"On"', '"Off"')]);
});

it('a test fails by it, though nothing else fails', () => {
  const words = ['node_modules/.bin/jest', '--runInBand', '--testMatch', '**/test/emulator/models/planted.ts'];
  const { status, stderr } = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' });
  expect(stderr).toContain('✓ Enabled is sent');
  expect(stderr).toContain('✕ On is sent');
  expect(stderr).toContain(`Against AWS's own models of its APIs:\n    ${problem}`);
  expect(status).toBe(1);
});
