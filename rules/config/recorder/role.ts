import { CreateServiceLinkedRoleCommand, DeleteServiceLinkedRoleCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import { undefinedOn } from '../../absence';
import type { Aws, Change, Grant, Resource, Targets } from '../../rule';

const RoleName = 'AWSServiceRoleForConfig';
const service = 'config.amazonaws.com';
const path = `role/aws-service-role/${service}/${RoleName}`;
const role = `arn:{partition}:iam::{account}:${path}`;

/** The service-linked role of AWS Config in an account. */
export const roleArn = ({ partition, account }: Pick<Resource, 'partition' | 'account'>): string =>
  `arn:${partition}:iam::${account}:${path}`;

export const hasRole = async (aws: Aws): Promise<boolean> =>
  (await undefinedOn(['NoSuchEntityException', 'NoSuchEntity'], aws.send(new GetRoleCommand({ RoleName })))) !== undefined;

export const roleChange: Change = {
  do: new CreateServiceLinkedRoleCommand({ AWSServiceName: service }),
  undo: new DeleteServiceLinkedRoleCommand({ RoleName }),
  nearest: 'AWS keeps the service-linked role while another Region uses it.',
};

export const roleCommands = [CreateServiceLinkedRoleCommand, DeleteServiceLinkedRoleCommand];

export const roleTargets: Targets = {
  CreateServiceLinkedRole: { AWSServiceName: service },
  DeleteServiceLinkedRole: { RoleName },
};

// Of a role that is not there yet, IAM knows no path.
export const roleReading: Grant = { actions: ['iam:GetRole'], on: [role, `arn:{partition}:iam::{account}:role/${RoleName}`] };

export const roleChanging: readonly Grant[] = [
  { actions: ['iam:CreateServiceLinkedRole'], on: role, condition: { StringEquals: { 'iam:AWSServiceName': service } } },
  { actions: ['iam:DeleteServiceLinkedRole'], on: role },
  // A recorder may keep a role of the account's own.
  {
    actions: ['iam:PassRole'],
    on: 'arn:{partition}:iam::{account}:role/*',
    condition: { StringEquals: { 'iam:PassedToService': service } },
  },
];
