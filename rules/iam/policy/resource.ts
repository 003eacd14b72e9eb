import { ListPoliciesCommand, ListPolicyTagsCommand } from '@aws-sdk/client-iam';
import { undefinedOn } from '../../absence';
import { everyRegion } from '../../every-region';
import { collect } from '../../pages';
import type { Grant, ResourceKind } from '../../rule';
import { home } from '../region/home';

/** The ARNs of customer managed policies, for grants. */
export const policies = 'arn:{partition}:iam::{account}:policy/*';

/** The permissions that `resolve` and listing policies need. */
export const listing: Grant = { actions: ['iam:ListPolicies'], on: '*' };

/** A managed policy of the account, by name; AWS Config knows it by its unique id (`ANPA…`). */
export const policy: ResourceKind = {
  type: 'AWS::IAM::Policy',
  arn: 'arn:{partition}:iam::{account}:policy/{path}{id}',
  name: /[A-Za-z0-9_+=,.@-]{1,128}/,
  assignedId: /^ANPA[A-Z0-9]{12,124}$/,
  scope: 'global',
  changedBy: {
    service: 'iam',
    calls: {
      'requestParameters.policyArn': ['CreatePolicyVersion', 'SetDefaultPolicyVersion'],
      'responseElements.policy.arn': ['CreatePolicy'],
    },
  },
  recordedBy: 'arn',
  reportedIn: everyRegion,
  target: ({ arn }) => ({ PolicyArn: arn }),
  recordedIn: home,
  permissions: [{ actions: ['iam:ListPolicyTags'], on: policies }, listing],

  async tags({ arn }, aws) {
    const tags = await collect(
      (Marker) => undefinedOn(['NoSuchEntityException'], aws.send(new ListPolicyTagsCommand({ PolicyArn: arn, Marker }))),
      (answer) => answer?.Tags,
      (answer) => answer?.Marker,
    );
    return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  },

  // IAM has no lookup by unique id. Listing all policies takes two pages in an account with the default quota.
  async resolve(id, _, aws) {
    if (!/^[\w+=,.@-]{1,128}$/.test(id)) return undefined;
    const found = await collect(
      (Marker) => aws.send(new ListPoliciesCommand({ Scope: 'Local', MaxItems: 1000, Marker })),
      ({ Policies }) => Policies,
      ({ Marker }) => Marker,
    );
    return found.flatMap(({ PolicyId, PolicyName, Arn }) => ([PolicyId, PolicyName].includes(id) ? (Arn ?? []) : []));
  },
};
