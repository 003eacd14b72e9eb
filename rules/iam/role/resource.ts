import { GetRoleCommand, ListRolesCommand, ListRoleTagsCommand } from '@aws-sdk/client-iam';
import { undefinedOn } from '../../absence';
import { everyRegion } from '../../every-region';
import { collect } from '../../pages';
import type { Aws, Grant, ResourceKind } from '../../rule';
import { home } from '../region/home';

/** The ARNs of all roles, for grants. */
export const roles = 'arn:{partition}:iam::{account}:role/*';

/** The permission that `listRoles` needs. */
export const roleListing: Grant = { actions: ['iam:ListRoles'], on: '*' };

const assignedId = /^AROA[A-Z0-9]{12,124}$/;

/** An IAM role, by name; AWS Config knows it by its unique id (`AROA…`), GuardDuty by its name without the path. */
export const role: ResourceKind = {
  type: 'AWS::IAM::Role',
  arn: 'arn:{partition}:iam::{account}:role/{path}{id}',
  name: /[A-Za-z0-9_+=,.@-]{1,64}/,
  assignedId,
  ownNames: [
    // A service control policy keeps others from this name: see the security model.
    { pattern: 'posture-*', what: 'a role of this product', contained: 'never' },
    { pattern: 'cdk-*-role-*', what: 'a role with which the AWS CDK deploys', contained: 'asks' },
  ],
  scope: 'global',
  identity: true,
  changedBy: {
    service: 'iam',
    calls: {
      'requestParameters.roleName': ['CreateRole', 'AttachRolePolicy', 'PutRolePolicy', 'UpdateAssumeRolePolicy'],
    },
  },
  recordedBy: 'id',
  reportedIn: everyRegion,
  target: ({ id }) => ({ RoleName: id }),
  recordedIn: home,
  permissions: [{ actions: ['iam:ListRoleTags', 'iam:GetRole'], on: roles }, roleListing],

  async tags({ id }, aws) {
    const tags = await collect(
      (Marker) => aws.send(new ListRoleTagsCommand({ RoleName: id, Marker })),
      ({ Tags }) => Tags,
      ({ Marker }) => Marker,
    );
    return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  },

  async resolve(id, _, aws) {
    // IAM has no lookup by unique id.
    if (assignedId.test(id))
      return (await allRoles(aws)).flatMap(({ RoleId, RoleName, Arn }) => ([RoleId, RoleName].includes(id) ? (Arn ?? []) : []));
    if (!/^[\w+=,.@-]{1,64}$/.test(id)) return undefined;
    const answer = await undefinedOn(['NoSuchEntityException'], aws.send(new GetRoleCommand({ RoleName: id })));
    return answer?.Role?.Arn === undefined ? [] : [answer.Role.Arn];
  },
};

const allRoles = (aws: Aws) =>
  collect(
    (Marker) => aws.send(new ListRolesCommand({ MaxItems: 1000, Marker })),
    ({ Roles }) => Roles,
    ({ Marker }) => Marker,
  );

/** The ARNs of the roles in an account. */
export const listRoles = async (aws: Aws): Promise<readonly string[]> => (await allRoles(aws)).flatMap(({ Arn }) => Arn ?? []);
