import {
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam';
import { undefinedOn } from '../absence';
import { type JsonObject, sameJson } from '../json';
import { collect } from '../pages';
import { readPolicy, writePolicy } from '../policy';
import { type Aws, defineRule, notFound } from '../rule';
import { allowsAll, whatElse } from './policy/administration';
import { listing, policies, policy } from './policy/resource';

type State = {
  /** The id of the default version, `v1`. */
  readonly version: string;
  /** The ids of all versions. */
  readonly versions: readonly string[];
  readonly document: string;
  /** The number of users and roles that have it as their permissions boundary. */
  readonly bounded: number;
};

/** IAM quotas for a managed policy: its versions, and its characters without white space. */
const max = { versions: 5, characters: 6144 };

/** Replaces the only statement of a policy, as IAM rejects a policy without one. Every principal may call GetCallerIdentity anyway. */
const nothing: JsonObject = { Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' };

const absent = ['NoSuchEntityException'];

const onlyReported = { irrelevant: 'It only limits which policies are reported.' };

export default defineRule({
  id: 'iam-policy-not-administrative',
  title: 'Customer managed IAM policies do not allow full administrative privileges',
  why: 'An attacker who takes over one user or role with such a policy controls the whole account.',
  impact:
    'Users, groups and roles with the policy lose full access and keep the permissions of its other statements. Administrators who depend on the policy are locked out. The earlier version is kept, and a rollback makes it the default again.',
  severity: 'high',
  risk: 'disruptive',
  resource: policy,
  property: 'PolicyDocument',
  detectedBy: { securityHub: ['IAM.1'], config: ['iam-policy-no-statements-with-admin-access'] },
  detectorParameters: {
    'IAM.1': { excludePermissionBoundaryPolicy: onlyReported },
    'iam-policy-no-statements-with-admin-access': { excludePermissionBoundaryPolicy: onlyReported },
  },
  permissions: {
    inspect: [{ actions: ['iam:GetPolicy', 'iam:GetPolicyVersion', 'iam:ListPolicyVersions'], on: policies }, listing],
    change: {
      actions: ['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion', 'iam:DeletePolicyVersion'],
      on: policies,
    },
  },
  clients: [IAMClient],
  commands: [CreatePolicyVersionCommand, SetDefaultPolicyVersionCommand, DeletePolicyVersionCommand],

  async inspect({ arn: PolicyArn }, aws): Promise<State | typeof notFound> {
    const answer = await undefinedOn(absent, aws.send(new GetPolicyCommand({ PolicyArn })));
    const { DefaultVersionId: version, PermissionsBoundaryUsageCount: bounded = 0 } = answer?.Policy ?? {};
    if (version === undefined) return notFound;
    const { PolicyVersion } = await aws.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: version }));
    const document = decodeURIComponent(PolicyVersion?.Document ?? '');
    return { version, versions: await readVersions(PolicyArn, aws), document, bounded };
  },

  plan({ arn: PolicyArn }, { versions, document, bounded }, { detectedBy }) {
    const read = readPolicy(document);
    if (!read)
      return {
        unfixable: 'The policy cannot be parsed as JSON and rewritten without loss. Rewrite it manually.',
        code: 'state-unreadable',
      };
    const wide = read.statements.filter(allowsAll);
    if (wide.length === 0) return [];
    if (bounded > 0) {
      // Security Hub ignores policies that are used as permissions boundaries.
      if (detectedBy === 'IAM.1') return [];
      return {
        unfixable: `The policy is the permissions boundary of ${bounded} users and roles. Restricting it would remove the permissions that their other policies grant.`,
        code: 'used-as-boundary',
      };
    }
    const misconfigurations = wide.filter(({ Condition = {} }) => sameJson(Condition, {}));
    if (misconfigurations.length < wide.length)
      return {
        unfixable:
          'The policy allows all actions on all resources under a condition, and only its owner can tell whether that is narrow enough. List the required actions instead.',
        code: 'condition-unclear',
      };
    if (versions.length >= max.versions)
      return {
        unfixable: `The policy has ${max.versions} versions, the maximum in IAM. Delete a version that is no longer needed.`,
        code: 'version-limit-reached',
      };
    const left = read.statements.flatMap((statement) => (misconfigurations.includes(statement) ? whatElse(statement) : [statement]));
    const PolicyDocument = writePolicy(read, left.length > 0 ? left : [nothing]);
    const size = PolicyDocument.replace(/\s/g, '').length;
    if (size > max.characters)
      return {
        unfixable: `Without the administrative statement, the policy still has ${size} characters. IAM allows ${max.characters}. Split it into two policies.`,
        code: 'policy-too-large',
      };
    return [{ do: new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }), undo: 'revert-own-part' }];
  },

  revertOwnPart({ arn: PolicyArn }, now, { before, after }) {
    const made = after.versions.filter((id) => !before.versions.includes(id) && now.versions.includes(id));
    if (made.length === 0) return [];
    const [VersionId] = made;
    // The policy has been edited since, or the earlier version is deleted.
    if (made.length > 1 || after.version !== VersionId || now.version !== VersionId || !now.versions.includes(before.version))
      return undefined;
    return [
      new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: before.version }),
      new DeletePolicyVersionCommand({ PolicyArn, VersionId }),
    ];
  },

  list: (_, aws) =>
    collect(
      (Marker) => aws.send(new ListPoliciesCommand({ Scope: 'Local', MaxItems: 1000, Marker })),
      ({ Policies = [] }) => Policies.flatMap(({ Arn }) => Arn ?? []),
      ({ Marker }) => Marker,
    ),
});

async function readVersions(PolicyArn: string, aws: Aws): Promise<readonly string[]> {
  const versions = await collect(
    (Marker) => aws.send(new ListPolicyVersionsCommand({ PolicyArn, Marker })),
    ({ Versions }) => Versions,
    ({ Marker }) => Marker,
  );
  return versions.map(({ VersionId = '' }) => VersionId).sort();
}
