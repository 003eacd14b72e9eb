import { ListUsersCommand, ListUserTagsCommand } from '@aws-sdk/client-iam';
import { everyRegion } from '../../every-region';
import { collect } from '../../pages';
import type { ResourceKind } from '../../rule';
import { home } from '../region/home';

/** An IAM user, by name; AWS Config knows it by its unique id (`AIDA…`). */
export const user: ResourceKind = {
  type: 'AWS::IAM::User',
  arn: 'arn:{partition}:iam::{account}:user/{path}{id}',
  name: /[A-Za-z0-9_+=,.@-]{1,64}/,
  assignedId: /^AIDA[A-Z0-9]{12,124}$/,
  scope: 'global',
  identity: true,
  changedBy: {
    service: 'iam',
    calls: {
      'requestParameters.userName': [
        'CreateUser',
        'CreateAccessKey',
        'CreateLoginProfile',
        'AttachUserPolicy',
        'PutUserPolicy',
        'AddUserToGroup',
      ],
    },
  },
  recordedBy: 'id',
  reportedIn: everyRegion,
  target: ({ id }) => ({ UserName: id }),
  recordedIn: home,
  permissions: [
    { actions: ['iam:ListUserTags'], on: 'arn:{partition}:iam::{account}:user/*' },
    { actions: ['iam:ListUsers'], on: '*' },
  ],

  async tags({ id }, aws) {
    const tags = await collect(
      (Marker) => aws.send(new ListUserTagsCommand({ UserName: id, Marker })),
      ({ Tags }) => Tags,
      ({ Marker }) => Marker,
    );
    return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  },

  // IAM has no lookup by unique id. Listing all users takes at most five pages in an account with the default quota.
  async resolve(id, _, aws) {
    if (!/^[\w+=,.@-]{1,128}$/.test(id)) return undefined;
    const users = await collect(
      (Marker) => aws.send(new ListUsersCommand({ MaxItems: 1000, Marker })),
      ({ Users }) => Users,
      ({ Marker }) => Marker,
    );
    return users.flatMap(({ UserId, UserName, Arn }) => ([UserId, UserName].includes(id) ? (Arn ?? []) : []));
  },
};
