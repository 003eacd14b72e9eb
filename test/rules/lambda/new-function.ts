import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { World } from '../../contract/scenario';

/** An archive of nothing, as text: a world takes no bytes. The function is never run. */
const emptyArchive = `PK\u0005\u0006${'\0'.repeat(18)}`;

/** An archive in a bucket of its own. */
export async function storedCode(world: World, name: string): Promise<{ readonly S3Bucket: string; readonly S3Key: string }> {
  const stored = { Bucket: `code-of-${name}`, Key: 'code.zip' };
  await world.in('us-east-1').send(new CreateBucketCommand({ Bucket: stored.Bucket }));
  await world.in('us-east-1').send(new PutObjectCommand({ ...stored, Body: emptyArchive }));
  return { S3Bucket: stored.Bucket, S3Key: stored.Key };
}

/** A function of its own, with a role of its own, in the region of the world; its name. */
export async function newFunction(world: World): Promise<string> {
  const FunctionName = `resize-${Math.random().toString(36).slice(2)}`;
  const code = await storedCode(world, FunctionName);
  const { Role } = await world.send(
    new CreateRoleCommand({
      RoleName: `${FunctionName}-role`,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      }),
    }),
  );
  await world.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: Role?.Arn,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: code,
    }),
  );
  return FunctionName;
}
