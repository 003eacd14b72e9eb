import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CreateAccessKeyCommand, CreateUserCommand, type IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { place } from './place';

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The permissions that the documentation gives to operators, word for word. */
export function documentedPermissions(): string {
  const page = readFileSync(path.resolve(__dirname, '../../docs/operate.md'), 'utf8');
  const [, after = ''] = page.split('## Permissions for operators');
  const policy = /```json\n([\s\S]*?)```/.exec(after)?.[1];
  if (policy === undefined) throw new Error('docs/operate.md has no policy under "Permissions for operators".');
  return policy.replaceAll('eu-west-1', place.region).replaceAll('111122223333', place.account);
}

/** Makes an IAM user with this policy, and an access key of the user. */
export async function newUser(iam: IAMClient, UserName: string, PolicyDocument: string): Promise<AccessKey> {
  await iam.send(new CreateUserCommand({ UserName }));
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'permissions', PolicyDocument }));
  const { AccessKey: { AccessKeyId = '', SecretAccessKey = '' } = {} } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
}
