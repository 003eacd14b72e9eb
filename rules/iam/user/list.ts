import { ListUsersCommand } from '@aws-sdk/client-iam';
import { collect } from '../../pages';
import type { Aws } from '../../rule';

/** The ARNs of the users in an account. */
export const listUsers = (aws: Aws): Promise<string[]> =>
  collect(
    (Marker) => aws.send(new ListUsersCommand({ MaxItems: 1000, Marker })),
    ({ Users = [] }) => Users.flatMap(({ Arn }) => Arn ?? []),
    ({ Marker }) => Marker,
  );
