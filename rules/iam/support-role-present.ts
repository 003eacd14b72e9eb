import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
} from '@aws-sdk/client-iam';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { account } from '../account';
import { isObject, sameJson } from '../json';
import { collect } from '../pages';
import { readPolicy, stringsIn } from '../policy';
import { type Aws, type Change, defineRule, type Place, type Tags } from '../rule';

const id = 'iam-support-role-present';
const tags: Tags = { 'posture:rule': id };

const parameters = z.strictObject({
  trustedArns: z
    .array(z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:(root|(user|role)\/[\w+=,.@/-]{1,512})$/))
    .min(1)
    .max(20)
    .describe('The principals that may assume the role: ARNs of users, roles and accounts (`arn:aws:iam::123456789012:root`).'),
});

/** The role of this name: whether this rule created it, and the principals it trusts, sorted; null if its trust policy has another form. */
type Role = { readonly own: boolean; readonly trusted: readonly string[] | null };

/** `holders`: the identities with AWSSupportAccess attached, `role/<name>`, sorted. */
type State = { readonly holders: readonly string[]; readonly role: Role | null };

const RoleName = 'posture-aws-support';
const roleArn = `arn:{partition}:iam::{account}:role/${RoleName}`;
const policyArn = 'arn:{partition}:iam::aws:policy/AWSSupportAccess';
const absent = ['NoSuchEntityException'];

const ownPolicy = {
  unmappable: 'The rule attaches AWSSupportAccess.',
  except: ['aws', 'aws-cn', 'aws-us-gov'].map((partition) => `arn:${partition}:iam::aws:policy/AWSSupportAccess`),
};
const anyUse = { unmappable: 'The rule creates a role.', except: ['ANY'] };

export default defineRule({
  id,
  title: 'A support role exists to manage incidents with AWS Support',
  why: 'Without one, getting permission to open a support case costs time during an incident.',
  impact:
    'A role that can open, read and close support cases is created, at no charge. Only the principals in the parameter can assume it.',
  severity: 'low',
  risk: 'safe',
  resource: account,
  marksOwnPart: true,
  detectedBy: {
    securityHub: ['IAM.18'],
    // iam-policy-in-use checks for any policy that its parameter names.
    config: [],
  },
  detectorParameters: {
    'IAM.18': { policyARN: ownPolicy, policyUsageType: anyUse },
  },
  permissions: {
    inspect: [
      { actions: ['iam:ListEntitiesForPolicy'], on: policyArn },
      { actions: ['iam:GetRole'], on: roleArn },
    ],
    change: [
      // The boundary limits a role of this name to support cases, whatever its policies allow.
      {
        actions: ['iam:CreateRole', 'iam:DeleteRole'],
        on: roleArn,
        condition: { StringEquals: { 'iam:PermissionsBoundary': policyArn } },
      },
      { actions: ['iam:TagRole'], on: roleArn },
      {
        actions: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
        on: roleArn,
        condition: { ArnEquals: { 'iam:PolicyARN': policyArn } },
      },
    ],
  },
  clients: [IAMClient],
  commands: [CreateRoleCommand, DeleteRoleCommand, AttachRolePolicyCommand, DetachRolePolicyCommand],
  parameters,

  async inspect(place, aws): Promise<State> {
    return { holders: await readHolders(place, aws), role: await readRole(place, aws) };
  },

  plan(place, { holders, role }, { parameters: { trustedArns } }) {
    if (holders.length > 0) return [];
    const PolicyArn = supportPolicy(place);
    const trusted = trustedArns.toSorted();
    if (role && !(role.own && sameJson(role.trusted, trusted)))
      return {
        unfixable: `A role named ${RoleName} exists with a different configuration. Delete it, or attach AWSSupportAccess to another role.`,
        code: 'name-taken',
      };
    const making: Change = {
      do: new CreateRoleCommand({
        RoleName,
        Description: 'Opens and manages cases with AWS Support',
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ ...trust, Principal: { AWS: trusted } }] }),
        PermissionsBoundary: PolicyArn,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
      undo: new DeleteRoleCommand({ RoleName }),
    };
    return [
      ...(role ? [] : [making]),
      {
        do: new AttachRolePolicyCommand({ RoleName, PolicyArn }),
        undo: new DetachRolePolicyCommand({ RoleName, PolicyArn }),
        retryOn: absent,
      },
    ];
  },

  targets(place) {
    const role = { RoleName };
    const attachment = { RoleName, PolicyArn: supportPolicy(place) };
    return { CreateRole: role, DeleteRole: role, AttachRolePolicy: attachment, DetachRolePolicy: attachment };
  },

  revertOwnPart(place, now, { before }) {
    if (!now.role?.own) return [];
    return [
      ...(now.holders.includes(`role/${RoleName}`) ? [new DetachRolePolicyCommand({ RoleName, PolicyArn: supportPolicy(place) })] : []),
      ...(before.role ? [] : [new DeleteRoleCommand({ RoleName })]),
    ];
  },

  list: async (place) => [place.account],
});

const supportPolicy = ({ partition }: Place): string => policyArn.replace('{partition}', partition);

const trust = { Effect: 'Allow', Action: 'sts:AssumeRole' };

/** The identities with the policy attached; its use as a permissions boundary grants nothing. */
async function readHolders(place: Place, aws: Aws): Promise<readonly string[]> {
  const command = { PolicyArn: supportPolicy(place), PolicyUsageFilter: 'PermissionsPolicy' as const };
  const holders = await collect(
    (Marker) => undefinedOn(absent, aws.send(new ListEntitiesForPolicyCommand({ ...command, Marker }))),
    (answer) => [
      ...(answer?.PolicyGroups ?? []).map(({ GroupName }) => `group/${GroupName}`),
      ...(answer?.PolicyRoles ?? []).map((role) => `role/${role.RoleName}`),
      ...(answer?.PolicyUsers ?? []).map(({ UserName }) => `user/${UserName}`),
    ],
    (answer) => answer?.Marker,
  );
  return holders.sort();
}

async function readRole(place: Place, aws: Aws): Promise<Role | null> {
  const { Role } = (await undefinedOn(absent, aws.send(new GetRoleCommand({ RoleName })))) ?? {};
  if (!Role) return null;
  const { Tags = [], AssumeRolePolicyDocument = '', PermissionsBoundary } = Role;
  const own =
    Object.entries(tags).every(([key, value]) => Tags.some((tag) => tag.Key === key && tag.Value === value)) &&
    PermissionsBoundary?.PermissionsBoundaryArn === supportPolicy(place);
  return { own, trusted: readTrusted(AssumeRolePolicyDocument) };
}

// IAM returns a list of one as a string, and lists in any order.
function readTrusted(document: string): readonly string[] | null {
  const [statement, ...more] = readPolicy(decodeURIComponent(document))?.statements ?? [];
  if (!statement || more.length > 0) return null;
  const { Principal, ...rest } = statement;
  if (!isObject(Principal) || !sameJson(Object.keys(Principal), ['AWS']) || !sameJson(rest, trust)) return null;
  return stringsIn(Principal.AWS)?.toSorted() ?? null;
}
