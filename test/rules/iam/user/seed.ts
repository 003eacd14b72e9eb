import {
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  GetAccessKeyLastUsedCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  type Tag,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import type { AwsCommand } from '../../../../rules/rule';
import type { World } from '../../../contract/scenario';
import { standIn } from '../../../contract/stand-in';

/** Days ago; a credential that was never used leaves out `used`. */
export interface Age {
  readonly created: number;
  readonly used?: number;
}

/** What the seeds date back, by the id of a key and the name of a password's user: moto dates all at now, and notes no use. */
export const ages = new Map<string, Age>();

/** Has IAM of this test file date credentials as the seeds say. */
export function useAges(): void {
  standIn(IAMClient, async (command, send) => {
    return dated(command, await send(command));
  });
}

const today = Date.now();

export function userWith({
  path = '/',
  keys = [],
  password,
  inactive = false,
  tags,
}: {
  readonly path?: string;
  readonly keys?: readonly Age[];
  readonly password?: Age;
  readonly inactive?: boolean;
  readonly tags?: Tag[];
}) {
  return async (world: World): Promise<string> => {
    const UserName = `user-${Math.random().toString(36).slice(2)}`;
    const { User } = await world.send(new CreateUserCommand({ UserName, Path: path, Tags: tags }));
    for (const age of keys) {
      const { AccessKeyId = '' } = (await world.send(new CreateAccessKeyCommand({ UserName }))).AccessKey ?? {};
      ages.set(AccessKeyId, age);
      if (inactive) await world.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: 'Inactive' }));
    }
    if (password) {
      await world.send(new CreateLoginProfileCommand({ UserName, Password: 'correct horse battery staple' }));
      ages.set(UserName, password);
    }
    return User?.Arn ?? '';
  };
}

/** The answer as IAM would give it of credentials of that age. */
function dated(command: AwsCommand, answer: object): object {
  const at = (daysAgo: number | undefined) => (daysAgo === undefined ? undefined : new Date(today - daysAgo * 86_400_000));
  const { UserName = '', AccessKeyId = '' } = command.input as { UserName?: string; AccessKeyId?: string };
  if (command instanceof GetUserCommand) {
    const { User } = answer as { User: object };
    return { ...answer, User: { ...User, PasswordLastUsed: at(ages.get(UserName)?.used) } };
  }
  if (command instanceof GetLoginProfileCommand)
    return { ...answer, LoginProfile: { UserName, CreateDate: at(ages.get(UserName)?.created) } };
  if (command instanceof ListAccessKeysCommand) {
    const { AccessKeyMetadata } = answer as { AccessKeyMetadata: { AccessKeyId: string }[] };
    return {
      ...answer,
      AccessKeyMetadata: AccessKeyMetadata.map((key) => ({ ...key, CreateDate: at(ages.get(key.AccessKeyId)?.created) })),
    };
  }
  if (command instanceof GetAccessKeyLastUsedCommand) return { ...answer, AccessKeyLastUsed: lastUseOf(at(ages.get(AccessKeyId)?.used)) };
  return answer;
}

/** IAM says `N/A` of a key without use. */
const lastUseOf = (LastUsedDate: Date | undefined) =>
  LastUsedDate ? { ServiceName: 's3', Region: 'eu-west-1', LastUsedDate } : { ServiceName: 'N/A', Region: 'N/A' };

export async function keysOf(world: World, arn: string) {
  return (await world.send(new ListAccessKeysCommand({ UserName: nameIn(arn) }))).AccessKeyMetadata ?? [];
}

export async function expectActive(world: World, arn: string, expected: readonly boolean[]): Promise<void> {
  expect((await keysOf(world, arn)).map(({ Status }) => Status === 'Active')).toEqual(expected);
}

export async function uniqueIdOf(world: World, arn: string): Promise<string> {
  return (await world.send(new GetUserCommand({ UserName: nameIn(arn) }))).User?.UserId ?? '';
}

export function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
