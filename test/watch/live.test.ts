import { DisableEbsEncryptionByDefaultCommand, EC2Client, GetEbsEncryptionByDefaultCommand } from '@aws-sdk/client-ec2';
import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { watchHandler } from '../../functions/watch/handler';
import { readsOf } from '../../infra/member/sweep-role';
import volumes from '../../rules/ec2/ebs-encryption-by-default';
import keysRotated from '../../rules/iam/user-access-keys-rotated';
import { type Rule, toArray } from '../../rules/rule';
import access from '../../rules/s3/bucket-public-access-blocked';
import versioning from '../../rules/s3/bucket-versioning-enabled';
import { recordedCallEvent } from '../events/cloudtrail';
import { type Central, unbounded, useCentral } from '../guardrails/central';

const { open } = useCentral();
const rules = [versioning, access, volumes, keysRotated] as unknown as readonly Rule[];
const context = {} as Context;

/** A bucket of a member account that its owner has just made. */
async function changed(policy: object, { granted = true } = {}) {
  const central = await open({ rules });
  await central.deploy({ ...unbounded, ...policy });
  const member = await central.emulator.account();
  const bucket = `changed-${member.account}`;
  await member
    .client(S3Client)
    .send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  if (granted)
    central.emulator.gateway.grant(
      `arn:aws:iam::${member.account}:role/posture-sweep`,
      readsOf(rules).map(({ actions, on }) => ({
        Effect: 'Allow' as const,
        Action: actions,
        Resource: toArray(on).map((arn) =>
          arn.replaceAll('{partition}', 'aws').replaceAll('{region}', '*').replaceAll('{account}', member.account),
        ),
      })),
    );
  const at = { account: member.account, region: 'eu-west-1' };
  const call = (service: string, name: string, parts: Parameters<typeof recordedCallEvent>[2], change = {}) =>
    recordedCallEvent(service, name, parts, { ...at, ...change });
  return { central, member, bucket, call, run: watchingOf(central) };
}

/** The real handler, whose member role may do what the template grants, and nothing else. */
function watchingOf(central: Central) {
  process.env.AWS_REGION = central.account.region;
  const { MEMBER_ROLE: ofRule } = process.env;
  const handler = watchHandler(rules, central.clock);
  return async (...events: readonly unknown[]) => {
    process.env.MEMBER_ROLE = 'arn:{partition}:iam::{account}:role/posture-sweep';
    central.emulator.gateway.enforce({ on: true });
    try {
      const Records = events.map((event, index) => ({
        messageId: `m${index}`,
        body: typeof event === 'string' ? event : JSON.stringify(event),
      }));
      return await handler({ Records: Records as never }, context);
    } finally {
      central.emulator.gateway.enforce({ on: false });
      process.env.MEMBER_ROLE = ofRule;
    }
  };
}

async function deliver(central: Central) {
  const ends: string[] = [];
  for (const { function: name, event } of central.messages()) {
    const rule = rules.find(({ id }) => name === `posture-rule-${id}`);
    const { refusals, results } = await central.send(event, rule);
    expect(refusals).toEqual([]);
    ends.push(...results.map(({ resource, outcome }) => `${rule?.id} ${resource} ${outcome}`));
  }
  return ends.toSorted();
}

describe('a change that CloudTrail recorded', () => {
  it('is found by the rules, fixed where the policy says so, and logged with its source; the fix leads to no further look', async () => {
    const { central, member, bucket, call, run } = await changed({ modes: { clauses: [{ mode: 'fix', rules: ['*'] }] } });
    expect(await run(call('s3', 'CreateBucket', { requestParameters: { bucketName: bucket } }))).toEqual({ batchItemFailures: [] });
    const looks = central.emulator.gateway.calls.filter(({ role }) => role?.endsWith(':role/posture-sweep'));
    expect(looks.every(({ operation }) => /^(Get|Describe|List|Head)/.test(operation))).toBe(true);
    expect(await deliver(central)).toEqual([
      `s3-bucket-public-access-blocked arn:aws:s3:::${bucket} fixed`,
      `s3-bucket-versioning-enabled arn:aws:s3:::${bucket} fixed`,
    ]);
    expect(await member.client(S3Client).send(new GetBucketVersioningCommand({ Bucket: bucket }))).toMatchObject({ Status: 'Enabled' });
    const again = call('s3', 'PutBucketVersioning', { requestParameters: { bucketName: bucket } });
    expect(await run(again)).toEqual({ batchItemFailures: [] });
    expect(await deliver(central)).toEqual([]);
  });

  it('is observed where the policy observes, with the source in the log', async () => {
    const { central, bucket, call, run } = await changed({ modes: { default: 'observe' } });
    await run(call('s3', 'PutBucketAcl', { requestParameters: { bucketName: bucket } }));
    const messages = central.messages();
    expect(messages).toHaveLength(2);
    const [{ event, function: name = '' } = { event: undefined }] = messages;
    const { results } = await central.send(
      event,
      rules.find(({ id }) => name === `posture-rule-${id}`),
    );
    const trail = await central.trail(results[0]?.remediation ?? '');
    expect(trail).toMatchObject([{ source: 'cloudtrail', finding: `posture-watch/arn:aws:s3:::${bucket}`, outcome: 'observed' }]);
  });

  it('can be a setting of the account', async () => {
    const { central, member, call, run } = await changed({ modes: { clauses: [{ mode: 'fix', rules: ['*'] }] } });
    await member.client(EC2Client).send(new DisableEbsEncryptionByDefaultCommand({}));
    await run(call('ec2', 'DisableEbsEncryptionByDefault', {}));
    expect(await deliver(central)).toEqual([`ec2-ebs-encryption-by-default AWS::::Account:${member.account} fixed`]);
    expect(await member.client(EC2Client).send(new GetEbsEncryptionByDefaultCommand({}))).toMatchObject({ EbsEncryptionByDefault: true });
  });

  it('is looked at by the ARN, where the record has the name alone', async () => {
    const { central, member, call, run } = await changed({ modes: { default: 'observe' } });
    await member.client(IAMClient).send(new CreateUserCommand({ UserName: 'jane', Path: '/finance/' }));
    expect(await run(call('iam', 'CreateAccessKey', { requestParameters: { userName: 'jane' } }))).toEqual({ batchItemFailures: [] });
    expect(await deliver(central)).toEqual([]);
    expect(central.emulator.gateway.calls.map(({ operation }) => operation)).toContain('ListAccessKeys');
  });

  it('and others of the same resource in a batch are one look', async () => {
    const { central, bucket, call, run } = await changed({ modes: { default: 'observe' } });
    const events = ['CreateBucket', 'PutBucketAcl', 'PutBucketPolicy'].map((name) =>
      call('s3', name, { requestParameters: { bucketName: bucket } }),
    );
    await run(...events);
    expect(central.messages()).toHaveLength(2);
    expect(central.emulator.gateway.calls.filter(({ operation }) => operation === 'GetBucketVersioning')).toHaveLength(1);
  });

  it('is not looked at where all its rules are off, or the resource does not exist any more', async () => {
    const off = await changed({ modes: { default: 'off' } });
    await off.run(off.call('s3', 'CreateBucket', { requestParameters: { bucketName: off.bucket } }));
    expect(off.central.messages()).toEqual([]);
    const gone = await changed({ modes: { default: 'observe' } });
    expect(await gone.run(gone.call('s3', 'CreateBucket', { requestParameters: { bucketName: 'nobody-has-this' } }))).toEqual({
      batchItemFailures: [],
    });
    expect(gone.central.messages()).toEqual([]);
  });

  it('stays in the queue while the account can not be read, and the others of the batch are looked at', async () => {
    const { central, bucket, call, run } = await changed({ modes: { default: 'observe' } }, { granted: false });
    const own = recordedCallEvent(
      'sns',
      'SetTopicAttributes',
      { requestParameters: { topicArn: 'x' } },
      { account: central.account.account },
    );
    expect(await run('no JSON', call('s3', 'CreateBucket', { requestParameters: { bucketName: bucket } }), own)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm1' }],
    });
    expect(central.messages()).toEqual([]);
  });
});
