import type { Cell, Cells } from '../cells';
import { AwsError } from '../error';
import type { Request, Service } from '../request';

const defaults = {
  RequireUppercaseCharacters: false,
  RequireLowercaseCharacters: false,
  RequireSymbols: false,
  RequireNumbers: false,
  MinimumPasswordLength: 6,
  AllowUsersToChangePassword: false,
  HardExpiry: false,
};

/** The password policy of an account. What an update leaves out gets its default. */
export function iam(cells: Cells): Service {
  return {
    GetAccountPasswordPolicy(request) {
      const { policy } = account(request);
      if (policy === null) throw none();
      return { PasswordPolicy: { ...policy, ExpirePasswords: policy.MaxPasswordAge !== undefined } };
    },
    UpdateAccountPasswordPolicy(request) {
      const given = Object.fromEntries(Object.entries(request.input).filter(([, value]) => value !== undefined));
      account(request).policy = { ...defaults, ...given };
      return {};
    },
    DeleteAccountPasswordPolicy(request) {
      const cell = account(request);
      if (cell.policy === null) throw none();
      cell.policy = null;
      return {};
    },
  };

  function account({ account: id }: Request): Cell {
    const cell = cells.get(`AWS::::Account:${id}`);
    if (!cell) throw new AwsError('InvalidClientTokenId', `There is no account ${id}.`, 403);
    return cell;
  }
}

const none = (): AwsError => new AwsError('NoSuchEntityException', 'The Password Policy cannot be found.', 404);
