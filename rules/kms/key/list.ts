import { ListAliasesCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import { collect } from '../../pages';
import type { Aws, Grant, Place } from '../../rule';

/** What `listKeys` needs. */
export const listing: Grant = { actions: ['kms:ListKeys', 'kms:ListAliases'], on: '*' };

/** The ids of the keys of an account and region, but for those that AWS manages. */
export async function listKeys(_: Place, aws: Aws): Promise<readonly string[]> {
  const listed = await collect(
    (Marker) => aws.send(new ListKeysCommand({ Limit: 1000, Marker })),
    ({ Keys = [] }) => Keys.flatMap(({ KeyId }) => KeyId ?? []),
    ({ NextMarker }) => NextMarker,
  );
  // AWS names its own keys alias/aws/<service>.
  const managedByAws = await collect(
    (Marker) => aws.send(new ListAliasesCommand({ Limit: 100, Marker })),
    ({ Aliases = [] }) => Aliases.flatMap(({ AliasName, TargetKeyId }) => (AliasName?.startsWith('alias/aws/') ? (TargetKeyId ?? []) : [])),
    ({ NextMarker }) => NextMarker,
  );
  return listed.filter((id) => !managedByAws.includes(id));
}
