import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { AddPermissionCommand, type AddPermissionCommandInput, CreateFunctionCommand, type FunctionCode } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { World } from '../../contract/scenario';
import type { ReportedResource } from '../../events/resources';
import type { Piece } from './piece';

type Grant = Omit<AddPermissionCommandInput, 'FunctionName' | 'Action'>;

/** An archive of nothing: the function is never run. */
const emptyZip = `PK\u0005\u0006${'\0'.repeat(18)}`;

const uploaded = async (world: World, name: string): Promise<FunctionCode> => {
  const stored = { Bucket: `badly-kept-code-of-${name}`, Key: 'code.zip' };
  await world.send(new CreateBucketCommand({ Bucket: stored.Bucket }));
  await world.send(new PutObjectCommand({ ...stored, Body: emptyZip }));
  return { S3Bucket: stored.Bucket, S3Key: stored.Key };
};

const roleOf = async (world: World, name: string): Promise<string> => {
  const { Role } = await world.send(
    new CreateRoleCommand({
      RoleName: `${name}-role`,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      }),
    }),
  );
  return Role?.Arn ?? '';
};

const lambdaFunction =
  (name: string, ...grants: readonly ((world: World) => Grant)[]) =>
  async (world: World): Promise<ReportedResource> => {
    const { FunctionArn: arn = '' } = await world.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Role: await roleOf(world, name),
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: await uploaded(world, name),
      }),
    );
    for (const grant of grants)
      await world.send(new AddPermissionCommand({ FunctionName: name, Action: 'lambda:InvokeFunction', ...grant(world) }));
    return { type: 'AWS::Lambda::Function', arn, configId: name };
  };

const anybody = (): Grant => ({ StatementId: 'anybody', Principal: '*' });

const uploads = ({ account }: World): Grant => ({
  StatementId: 'uploads',
  Principal: 's3.amazonaws.com',
  SourceArn: 'arn:aws:s3:::uploads',
  SourceAccount: account,
});

const ownAccountOnly = ({ account }: World): Grant => ({ StatementId: 'own-account', Principal: '*', SourceAccount: account });

export const lambda: readonly Piece[] = [
  {
    control: 'Lambda.1',
    words: 'public, in addition to access for uploads',
    resource: lambdaFunction('resize-images', uploads, anybody),
    ends: 'fixed',
  },
  {
    control: 'lambda-function-public-access-prohibited',
    words: 'all principals, restricted to one account by a condition',
    resource: lambdaFunction('send-mails', ownAccountOnly),
    ends: 'already-compliant',
  },
  {
    control: 'Lambda.1',
    words: 'only a bucket can invoke it',
    resource: lambdaFunction('index-uploads', uploads),
    ends: 'already-compliant',
  },
];
