import { GetBucketVersioningCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { loadRules } from '../../functions/catalogue/catalogue';
import { type Account, functionCredentials } from '../emulator/account';
import { deployStacks } from '../emulator/deploy-stacks';
import { useEmulator } from '../emulator/use';
import { badBucket } from '../guardrails/bucket';
import { synthesized, temporaryFolder } from '../infra/synthesized';

const emulator = useEmulator();
const outdir = temporaryFolder('read-only-roles');
const id = 's3-bucket-versioning-enabled';

/** The member role of the rule in an account, as its function in the central account assumes it. */
async function inMember(central: Account, member: Account): Promise<S3Client> {
  const role = `arn:aws:iam::${central.account}:role/posture-function-${id}`;
  const credentials = await functionCredentials(emulator.gateway, { role, name: `posture-rule-${id}` });
  const sts = new STSClient({ ...central.configuration, credentials });
  const RoleArn = `arn:aws:iam::${member.account}:role/posture-${id}`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
  sts.destroy();
  return new S3Client({
    ...member.configuration,
    forcePathStyle: true,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  });
}

it.each([
  ['read', 'AccessDenied'],
  ['write', 'done'],
])('the roles of an account that grants %s: a change ends with %s', async (Grants, expected) => {
  const { assembly } = await synthesized(outdir, { entries: loadRules().filter(({ rule }) => rule.id === id) });
  const [central, member] = [await emulator.account(), await emulator.account()];
  await deployStacks(central, assembly, ['PostureMember', 'Posture'], { Accounts: member.account });
  await deployStacks(member, assembly, ['PostureMember'], { CentralAccount: central.account, Grants });
  const Bucket = await badBucket(member);
  emulator.gateway.enforce({ on: true });
  const s3 = await inMember(central, member);
  try {
    await s3.send(new GetBucketVersioningCommand({ Bucket }));
    const change = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
    const ended = await s3.send(change).then(
      () => 'done',
      (error: Error) => error.name,
    );
    expect(ended).toBe(expected);
  } finally {
    emulator.gateway.enforce({ on: false });
    s3.destroy();
  }
});
