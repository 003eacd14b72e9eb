import {
  DeleteAccountPasswordPolicyCommand,
  GetAccountPasswordPolicyCommand,
  IAMClient,
  UpdateAccountPasswordPolicyCommand,
} from '@aws-sdk/client-iam';
import * as z from 'zod';
import { unless } from '../absence';
import { account } from '../account';
import { defineRule } from '../rule';

const otherwise = 'If left out, what the control asks for.';

const parameters = z.strictObject({
  RequireUppercaseCharacters: z.boolean().optional().describe(`Whether a password needs an uppercase letter. ${otherwise}`),
  RequireLowercaseCharacters: z.boolean().optional().describe(`Whether a password needs a lowercase letter. ${otherwise}`),
  RequireSymbols: z.boolean().optional().describe(`Whether a password needs a symbol. ${otherwise}`),
  RequireNumbers: z.boolean().optional().describe(`Whether a password needs a digit. ${otherwise}`),
  MinimumPasswordLength: z.int().min(6).max(128).optional().describe(`How many characters a password has at least. ${otherwise}`),
  PasswordReusePrevention: z.int().min(1).max(24).optional().describe(`How many earlier passwords may not be used again. ${otherwise}`),
  MaxPasswordAge: z.int().min(1).max(1095).optional().describe(`After how many days a password expires. ${otherwise}`),
});

type Strength = Readonly<z.infer<typeof parameters>>;

/** An account's policy in full; 0 is for no limit. */
type Policy = Required<Strength> & { readonly AllowUsersToChangePassword: boolean; readonly HardExpiry: boolean };

const allKinds = {
  RequireUppercaseCharacters: true,
  RequireLowercaseCharacters: true,
  RequireSymbols: true,
  RequireNumbers: true,
};

/** What each control is about, and no more; what is undefined it demands only where a parameter says so. */
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
  'iam-password-policy': { ...allKinds, MinimumPasswordLength: 14, PasswordReusePrevention: 24, MaxPasswordAge: 90 },
};

/**
 * What to start from where an account has no policy. Without one, AWS demands 8 characters of three of the four kinds; with one, of only
 * what it says. So a policy for one control alone would weaken the rest.
 */
const start: Policy = {
  ...allKinds,
  MinimumPasswordLength: 8,
  PasswordReusePrevention: 0,
  MaxPasswordAge: 0,
  AllowUsersToChangePassword: false,
  HardExpiry: false,
};

export default defineRule({
  id: 'iam-password-policy-strong',
  title: 'Accounts demand strong passwords of their IAM users',
  why: 'A short, simple, old or reused password is soon guessed, or was stolen elsewhere.',
  impact:
    'Users choose a stronger password at their next change. Where an expiry is set (IAM.10, IAM.17, iam-password-policy), older passwords expire at once: their users choose a new one when they sign in next or, if the policy has HardExpiry or they may not change it themselves, have to ask an administrator.',
  severity: 'medium',
  risk: 'disruptive',
  resource: account,
  detectedBy: {
    securityHub: ['IAM.7', 'IAM.10', 'IAM.11', 'IAM.12', 'IAM.13', 'IAM.14', 'IAM.15', 'IAM.16', 'IAM.17'],
    config: ['iam-password-policy'],
  },
  permissions: {
    inspect: { actions: ['iam:GetAccountPasswordPolicy'], on: '*' },
    change: { actions: ['iam:UpdateAccountPasswordPolicy', 'iam:DeleteAccountPasswordPolicy'], on: '*' },
  },
  clients: [IAMClient],
  commands: [UpdateAccountPasswordPolicyCommand, DeleteAccountPasswordPolicyCommand],
  parameters,

  async inspect(_, aws) {
    const answer = await unless(['NoSuchEntityException'], aws.send(new GetAccountPasswordPolicyCommand({})));
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

  plan(_, { policy }, { detectedBy, parameters: wished }) {
    const demand = demandOf(detectedBy, wished);
    if (!policy) {
      if (!Object.values(demand).some(Boolean)) return [];
      return [{ do: update(strengthened(start, demand)), undo: new DeleteAccountPasswordPolicyCommand({}) }];
    }
    const stronger = strengthened(policy, demand);
    if (keysOf(stronger).every((key) => stronger[key] === policy[key])) return [];
    return [{ do: update(stronger), undo: update(policy) }];
  },

  list: async (place) => [place.account],
});

/** What the control demands, as the owner's parameters have it. */
function demandOf(control: string, wished: Strength): Strength {
  const own = demands[control] ?? {};
  return { ...own, ...Object.fromEntries(Object.entries(wished).filter(([key]) => key in own)) };
}

/** The policy with each demand met; where it is stricter already, as it is. */
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

// What is left out goes back to its default, so all is sent, but for the two zeros, which AWS takes only by leaving them out.
const update = (policy: Policy) =>
  new UpdateAccountPasswordPolicyCommand({
    ...policy,
    PasswordReusePrevention: policy.PasswordReusePrevention || undefined,
    MaxPasswordAge: policy.MaxPasswordAge || undefined,
  });

const keysOf = <Value extends object>(value: Value) => Object.keys(value) as (keyof Value)[];
