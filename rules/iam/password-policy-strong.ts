import {
  DeleteAccountPasswordPolicyCommand,
  GetAccountPasswordPolicyCommand,
  IAMClient,
  UpdateAccountPasswordPolicyCommand,
} from '@aws-sdk/client-iam';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { account } from '../account';
import { atLeast, atMost, required } from '../detector-parameters';
import { defineRule } from '../rule';

const otherwise = 'Default: the value that the control requires.';

const parameters = z.strictObject({
  RequireUppercaseCharacters: z.boolean().optional().describe(`Whether a password needs an uppercase letter. ${otherwise}`),
  RequireLowercaseCharacters: z.boolean().optional().describe(`Whether a password needs a lowercase letter. ${otherwise}`),
  RequireSymbols: z.boolean().optional().describe(`Whether a password needs a symbol. ${otherwise}`),
  RequireNumbers: z.boolean().optional().describe(`Whether a password needs a digit. ${otherwise}`),
  MinimumPasswordLength: z.int().min(6).max(128).optional().describe(`The minimum number of characters in a password. ${otherwise}`),
  PasswordReusePrevention: z
    .int()
    .min(1)
    .max(24)
    .optional()
    .describe(`The number of previous passwords that cannot be reused. ${otherwise}`),
  MaxPasswordAge: z.int().min(1).max(1095).optional().describe(`The number of days after which a password expires. ${otherwise}`),
});

type Strength = Readonly<z.infer<typeof parameters>>;

/** The complete policy of an account; 0 means no limit. */
type Policy = { readonly [Key in keyof Strength]-?: NonNullable<Strength[Key]> } & {
  readonly AllowUsersToChangePassword: boolean;
  readonly HardExpiry: boolean;
};

const allKinds = {
  RequireUppercaseCharacters: true,
  RequireLowercaseCharacters: true,
  RequireSymbols: true,
  RequireNumbers: true,
};

/** The settings that each control evaluates. An undefined one is required only if a parameter sets it. */
const strongest: Strength = { ...allKinds, MinimumPasswordLength: 14, PasswordReusePrevention: 24, MaxPasswordAge: 90 };

const demands: Readonly<Record<string, Strength>> = {
  'IAM.7': { ...allKinds, MinimumPasswordLength: 8, PasswordReusePrevention: undefined, MaxPasswordAge: undefined },
  'IAM.10': {
    RequireUppercaseCharacters: true,
    RequireLowercaseCharacters: true,
    RequireNumbers: true,
    MinimumPasswordLength: 7,
    PasswordReusePrevention: 4,
    MaxPasswordAge: 90,
  },
  'IAM.11': { RequireUppercaseCharacters: true },
  'IAM.12': { RequireLowercaseCharacters: true },
  'IAM.13': { RequireSymbols: true },
  'IAM.14': { RequireNumbers: true },
  'IAM.15': { MinimumPasswordLength: 14 },
  'IAM.16': { PasswordReusePrevention: 24 },
  'IAM.17': { MaxPasswordAge: 90 },
  'iam-password-policy': strongest,
  // The finding does not tell what was changed.
  'Stealth:IAMUser/PasswordPolicyChange': strongest,
};

/**
 * The base for an account without a policy. AWS then requires 8 characters of three of the four types; a policy replaces that
 * default. So a policy with the settings of one control only would weaken the others.
 */
const start: Policy = {
  ...allKinds,
  MinimumPasswordLength: 8,
  PasswordReusePrevention: 0,
  MaxPasswordAge: 0,
  AllowUsersToChangePassword: false,
  HardExpiry: false,
};

/** `age`: the age that the detector requires by default. */
const strength = (age?: number) => ({
  RequireUppercaseCharacters: required('RequireUppercaseCharacters'),
  RequireLowercaseCharacters: required('RequireLowercaseCharacters'),
  RequireSymbols: required('RequireSymbols'),
  RequireNumbers: required('RequireNumbers'),
  MinimumPasswordLength: atLeast('MinimumPasswordLength'),
  PasswordReusePrevention: atLeast('PasswordReusePrevention'),
  MaxPasswordAge: atMost('MaxPasswordAge', age === undefined ? {} : { usual: age }),
});

export default defineRule({
  id: 'iam-password-policy-strong',
  title: 'The account password policy requires strong passwords',
  why: 'Short, simple, old or reused passwords are easy to guess, or already leaked elsewhere.',
  impact:
    'Users need a stronger password the next time they change it. If an expiration is set (IAM.10, IAM.17, iam-password-policy), older passwords expire immediately: users set a new one at their next sign-in or, if HardExpiry is on or they are not allowed to change their password, have to ask an administrator.',
  severity: 'medium',
  risk: 'disruptive',
  resource: account,
  changedBy: { service: 'iam', calls: { account: ['UpdateAccountPasswordPolicy', 'DeleteAccountPasswordPolicy'] } },
  detectedBy: {
    securityHub: ['IAM.7', 'IAM.10', 'IAM.11', 'IAM.12', 'IAM.13', 'IAM.14', 'IAM.15', 'IAM.16', 'IAM.17'],
    config: ['iam-password-policy'],
    guardDuty: { types: ['Stealth:IAMUser/PasswordPolicyChange'] },
  },
  detectorParameters: {
    'IAM.7': strength(),
    'iam-password-policy': strength(90),
  },
  permissions: {
    inspect: { actions: ['iam:GetAccountPasswordPolicy'], on: '*' },
    change: { actions: ['iam:UpdateAccountPasswordPolicy', 'iam:DeleteAccountPasswordPolicy'], on: '*' },
  },
  clients: [IAMClient],
  commands: [UpdateAccountPasswordPolicyCommand, DeleteAccountPasswordPolicyCommand],
  parameters,

  async inspect(_, aws) {
    const answer = await undefinedOn(['NoSuchEntityException'], aws.send(new GetAccountPasswordPolicyCommand({})));
    if (!answer) return { policy: null };
    const { PasswordPolicy: given = {} } = answer;
    const policy: Policy = {
      RequireUppercaseCharacters: given.RequireUppercaseCharacters ?? false,
      RequireLowercaseCharacters: given.RequireLowercaseCharacters ?? false,
      RequireSymbols: given.RequireSymbols ?? false,
      RequireNumbers: given.RequireNumbers ?? false,
      MinimumPasswordLength: given.MinimumPasswordLength ?? 6,
      PasswordReusePrevention: given.PasswordReusePrevention ?? 0,
      MaxPasswordAge: given.MaxPasswordAge ?? 0,
      AllowUsersToChangePassword: given.AllowUsersToChangePassword ?? false,
      HardExpiry: given.HardExpiry ?? false,
    };
    return { policy };
  },

  plan(_, { policy }, { detectedBy, parameters: expected }) {
    const demand = demandOf(detectedBy, expected);
    if (!policy) {
      if (!Object.values(demand).some(Boolean)) return [];
      return [{ do: update(strengthened(start, demand)), undo: new DeleteAccountPasswordPolicyCommand({}) }];
    }
    const stronger = strengthened(policy, demand);
    if (keysOf(stronger).every((key) => stronger[key] === policy[key])) return [];
    return [{ do: update(stronger), undo: update(policy) }];
  },

  // Each control has its own settings: what a fix for another one has changed since is kept.
  revertOwnPart(_, { policy: now }, { before, after }) {
    // Somebody has deleted the policy, and the settings of the fix with it.
    if (!now || !after.policy) return [];
    const made = after.policy;
    const was = before.policy ?? start;
    const own = keysOf(made).filter((key) => made[key] !== was[key] && now[key] === made[key]);
    return own.length === 0 ? [] : [update({ ...now, ...Object.fromEntries(own.map((key) => [key, was[key]])) })];
  },

  targets: () => ({ UpdateAccountPasswordPolicy: {}, DeleteAccountPasswordPolicy: {} }),

  list: async (place) => [place.account],
});

/** The settings that the control requires, with the parameters in effect. */
function demandOf(control: string, expected: Strength): Strength {
  const own = demands[control] ?? {};
  return { ...own, ...Object.fromEntries(Object.entries(expected).filter(([key]) => key in own)) };
}

/** The policy with each requirement met; stricter settings are kept. */
function strengthened(policy: Policy, demand: Strength): Policy {
  return {
    ...policy,
    RequireUppercaseCharacters: policy.RequireUppercaseCharacters || demand.RequireUppercaseCharacters === true,
    RequireLowercaseCharacters: policy.RequireLowercaseCharacters || demand.RequireLowercaseCharacters === true,
    RequireSymbols: policy.RequireSymbols || demand.RequireSymbols === true,
    RequireNumbers: policy.RequireNumbers || demand.RequireNumbers === true,
    MinimumPasswordLength: Math.max(policy.MinimumPasswordLength, demand.MinimumPasswordLength ?? 0),
    PasswordReusePrevention: Math.max(policy.PasswordReusePrevention, demand.PasswordReusePrevention ?? 0),
    MaxPasswordAge: sooner(policy.MaxPasswordAge, demand.MaxPasswordAge ?? 0),
  };
}

/** The shorter of two times to expiry; 0 is never. */
const sooner = (one: number, other: number) => (one && other ? Math.min(one, other) : one || other);

// AWS resets omitted settings to their default, so all are sent, except for the two zeros, which AWS accepts only as omitted.
const update = (policy: Policy) =>
  new UpdateAccountPasswordPolicyCommand({
    ...policy,
    PasswordReusePrevention: policy.PasswordReusePrevention || undefined,
    MaxPasswordAge: policy.MaxPasswordAge || undefined,
  });

const keysOf = <Value extends object>(value: Value) => Object.keys(value) as (keyof Value)[];
