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
import { unless } from '../absence';
import { type JsonObject, sameJson } from '../json';
import { collect } from '../pages';
import { readPolicy, writePolicy } from '../policy';
import { type Aws, defineRule, gone } from '../rule';
import { allowsAll, whatElse } from './policy/administration';
import { listing, policies, policy } from './policy/resource';

type State = {
  /** The id of the default version, `v1`. */
  readonly version: string;
  /** The ids of all versions. */
  readonly versions: readonly string[];
  readonly document: string;
  /** How many users and roles it bounds. */
  readonly bounded: number;
};

/** IAM keeps so many versions of a policy, and takes so many characters of one, white space left out. */
const maximum = { versions: 5, characters: 6144 };

/** What a policy that allowed everything and nothing else allows instead, as IAM takes none without a statement: everybody may ask who they are. */
const nothing: JsonObject = { Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' };

const absent = ['NoSuchEntityException'];

export default defineRule({
  id: 'iam-policy-not-administrative',
  title: "An account's own IAM policies do not allow every action on every resource",
  why: 'Whoever takes over one user or role with such a policy has taken over the account.',
  impact:
    'Users, groups and roles with the policy lose the right to do everything, and keep what its other statements allow: who needs it to run the account is locked out. The earlier version stays, and a rollback makes it the default again.',
  severity: 'high',
  risk: 'disruptive',
  resource: policy,
  property: 'PolicyDocument',
  detectedBy: { securityHub: ['IAM.1'], config: ['iam-policy-no-statements-with-admin-access'] },
  permissions: {
    inspect: [{ actions: ['iam:GetPolicy', 'iam:GetPolicyVersion', 'iam:ListPolicyVersions'], on: policies }, listing],
    change: {
      actions: ['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion', 'iam:DeletePolicyVersion'],
      on: policies,
    },
  },
  clients: [IAMClient],
  commands: [CreatePolicyVersionCommand, SetDefaultPolicyVersionCommand, DeletePolicyVersionCommand],

  async inspect({ arn: PolicyArn }, aws): Promise<State | typeof gone> {
    const answer = await unless(absent, aws.send(new GetPolicyCommand({ PolicyArn })));
    const { DefaultVersionId: version, PermissionsBoundaryUsageCount: bounded = 0 } = answer?.Policy ?? {};
    if (version === undefined) return gone;
    const { PolicyVersion } = await aws.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: version }));
    const document = decodeURIComponent(PolicyVersion?.Document ?? '');
    return { version, versions: await readVersions(PolicyArn, aws), document, bounded };
  },

  plan({ arn: PolicyArn }, { versions, document, bounded }, { detectedBy }) {
    const read = readPolicy(document);
    if (!read) return { unfixable: 'The policy is not one in JSON that can be written again without loss. Write it anew by hand.' };
    const wide = read.statements.filter(allowsAll);
    if (wide.length === 0) return [];
    if (bounded > 0) {
      // Security Hub leaves out what bounds permissions, and gives none.
      if (detectedBy === 'IAM.1') return [];
      return {
        unfixable: `The policy is the permissions boundary of ${bounded} users and roles: what they may do is said elsewhere, and all of it would end here.`,
      };
    }
    const faults = wide.filter(({ Condition = {} }) => sameJson(Condition, {}));
    if (faults.length < wide.length)
      return {
        unfixable:
          'The policy allows everything under a condition. Whether that is narrow enough only its owner can tell: name the actions it is for.',
      };
    if (versions.length >= maximum.versions)
      return { unfixable: `The policy has ${maximum.versions} versions, and IAM keeps no more. Delete one that nobody goes back to.` };
    const left = read.statements.flatMap((statement) => (faults.includes(statement) ? whatElse(statement) : [statement]));
    const PolicyDocument = writePolicy(read, left.length > 0 ? left : [nothing]);
    const size = PolicyDocument.replace(/\s/g, '').length;
    if (size > maximum.characters)
      return {
        unfixable: `What the policy allows beside everything takes ${size} characters to say, and IAM takes ${maximum.characters}. Make two policies of it.`,
      };
    return [{ do: new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }), undo: 'take-back' }];
  },

  takeBack({ arn: PolicyArn }, now, { before, after }) {
    const made = after.versions.filter((id) => !before.versions.includes(id) && now.versions.includes(id));
    if (made.length === 0) return [];
    const [VersionId] = made;
    // Somebody has gone on from it, or the way back is deleted.
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
