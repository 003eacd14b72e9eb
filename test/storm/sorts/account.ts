import type { Cell } from '../aws/cells';
import type { Misconfiguration, Sort } from './sort';

const weak = {
  RequireUppercaseCharacters: false,
  RequireLowercaseCharacters: true,
  RequireSymbols: false,
  RequireNumbers: true,
  MinimumPasswordLength: 6,
  AllowUsersToChangePassword: true,
  HardExpiry: false,
};

/** Each control reports a part of the same policy. */
const reportedBy = (control: string, isStrong: (policy: Cell) => boolean): Misconfiguration => ({
  rule: 'iam-password-policy-strong',
  control,
  bring(cell, random) {
    cell.policy = random.chance(0.3) ? null : { ...weak };
  },
  isIn: ({ policy }) => policy === null || !isStrong(policy),
});

/** An account, with its password policy: global, and the same resource for several controls. */
export const account: Sort = {
  type: 'AwsAccount',

  make({ account: id }) {
    const arn = `AWS::::Account:${id}`;
    const strong = {
      ...weak,
      RequireUppercaseCharacters: true,
      RequireSymbols: true,
      MinimumPasswordLength: 14,
      PasswordReusePrevention: 24,
    };
    return { arn, cell: { account: id, region: 'eu-west-1', arn, policy: strong, tags: {} } };
  },

  misconfigurations: [
    reportedBy('IAM.11', ({ RequireUppercaseCharacters }) => RequireUppercaseCharacters),
    reportedBy('IAM.13', ({ RequireSymbols }) => RequireSymbols),
    reportedBy('IAM.15', ({ MinimumPasswordLength }) => MinimumPasswordLength >= 14),
    reportedBy('IAM.16', ({ PasswordReusePrevention }) => PasswordReusePrevention === 24),
  ],

  others: [],
  view: ({ policy }) => ({ policy }),
};
