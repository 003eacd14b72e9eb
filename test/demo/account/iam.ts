import { deepStrictEqual } from 'node:assert';
import {
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  GetAccountPasswordPolicyCommand,
  GetLoginProfileCommand,
  UpdateAccountPasswordPolicyCommand,
} from '@aws-sdk/client-iam';
import type { World } from '../../contract/scenario';
import type { Past } from '../../emulator/gateway/past';
import type { ReportedResource } from '../../events/resources';
import { ownAccount, type Piece } from './piece';

const keepsLength = async (world: World): Promise<void> => {
  const { PasswordPolicy } = await world.send(new GetAccountPasswordPolicyCommand({}));
  deepStrictEqual(PasswordPolicy?.MinimumPasswordLength, 20);
};

interface Kept {
  readonly path?: string;
  readonly password?: true;
  readonly exempt?: string;
  /** Days since its credentials were made; they were never used. */
  readonly days: number;
}

/** A user with an access key. */
const user =
  (UserName: string, { path: Path = '/', password, exempt, days }: Kept) =>
  async (world: World, past: Past): Promise<ReportedResource> => {
    const Tags = exempt === undefined ? [] : [{ Key: 'posture:exempt', Value: exempt }];
    const { User } = await world.send(new CreateUserCommand({ UserName, Path, Tags }));
    await world.send(new CreateAccessKeyCommand({ UserName }));
    if (password) await world.send(new CreateLoginProfileCommand({ UserName, Password: 'only-for-the-demo' }));
    past.credentialsOf(UserName, world.account, new Date(Date.now() - days * 86_400_000));
    return { type: 'AWS::IAM::User', arn: User?.Arn ?? '', configId: User?.UserId ?? '' };
  };

const keepsPassword = async (world: World, { arn }: ReportedResource): Promise<void> => {
  await world.send(new GetLoginProfileCommand({ UserName: arn.split('/').at(-1) }));
};

export const iam: readonly Piece[] = [
  {
    control: 'IAM.22',
    words: 'an access key unused for 400 days',
    resource: user('build-robot', { path: '/robots/', days: 400 }),
    ends: 'fixed',
  },
  {
    control: 'iam-user-unused-credentials-check',
    words: 'an access key and a password unused for 200 days',
    resource: user('jane.doe', { path: '/finance/emea/', password: true, days: 200 }),
    ends: 'partly-fixed',
    keeps: keepsPassword,
  },
  {
    control: 'IAM.8',
    words: 'an access key that was never used, but is only 3 days old',
    resource: user('new-robot', { days: 3 }),
    ends: 'already-compliant',
  },
  {
    control: 'IAM.8',
    words: 'a user for emergencies: exempt from this rule by its tag',
    resource: user('break-glass', { days: 800, password: true, exempt: 'iam-user-credentials-used' }),
    ends: 'exempt',
  },
  {
    control: 'IAM.7',
    words: 'passwords require no digit and never expire, but have at least 20 characters',
    async resource(world) {
      await world.send(new UpdateAccountPasswordPolicyCommand({ MinimumPasswordLength: 20, RequireLowercaseCharacters: true }));
      return ownAccount(world);
    },
    ends: 'fixed',
    keeps: keepsLength,
  },
];
