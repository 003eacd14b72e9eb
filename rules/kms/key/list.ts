import { ListAliasesCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import { collect } from '../../pages';
import type { Aws, Grant, Place } from '../../rule';

/** The permissions that `listKeys` needs. */
export const listing: Grant = { actions: ['kms:ListKeys', 'kms:ListAliases'], on: '*' };

/** The ids of the keys in an account and region, without AWS managed keys. */
export async function listKeys(_: Place, aws: Aws): Promise<readonly string[]> {
  const listed = await collect(
    (Marker) => aws.send(new ListKeysCommand({ Limit: 1000, Marker })),
    ({ Keys = [] }) => Keys.flatMap(({ KeyId }) => KeyId ?? []),
    ({ NextMarker }) => NextMarker,
  );
  // AWS managed keys have aliases of the form alias/aws/<service>.
  const managedByAws = await collect(
    (Marker) => aws.send(new ListAliasesCommand({ Limit: 100, Marker })),
    ({ Aliases = [] }) => Aliases.flatMap(({ AliasName, TargetKeyId }) => (AliasName?.startsWith('alias/aws/') ? (TargetKeyId ?? []) : [])),
    ({ NextMarker }) => NextMarker,
  );
  return listed.filter((id) => !managedByAws.includes(id));
}
