import { deepStrictEqual } from 'node:assert';
import { GetAccountPasswordPolicyCommand, UpdateAccountPasswordPolicyCommand } from '@aws-sdk/client-iam';
import type { World } from '../../contract/scenario';
import { ownAccount, type Piece } from './piece';

const keepsLength = async (world: World): Promise<void> => {
  const { PasswordPolicy } = await world.send(new GetAccountPasswordPolicyCommand({}));
  deepStrictEqual(PasswordPolicy?.MinimumPasswordLength, 20);
};

export const iam: readonly Piece[] = [
  {
    control: 'IAM.7',
    words: 'passwords need no digit and never expire, but have 20 characters at least',
    async resource(world) {
      await world.send(new UpdateAccountPasswordPolicyCommand({ MinimumPasswordLength: 20, RequireLowercaseCharacters: true }));
      return ownAccount(world);
    },
    ends: 'fixed',
    keeps: keepsLength,
  },
];
