import { ListLayersCommand, ListLayerVersionsCommand } from '@aws-sdk/client-lambda';
import { collect } from '../../pages';
import type { Aws, Grant, Place } from '../../rule';

/** The permissions that `versionsOf` needs. */
export const versionListing: Grant = { actions: ['lambda:ListLayerVersions'], on: '*' };
/** The permissions that `listLayerVersions` also needs. */
export const layerListing: Grant = { actions: ['lambda:ListLayers'], on: '*' };

/** The numbers of the versions of a layer; none if there is no such layer. */
export const versionsOf = (LayerName: string, aws: Aws): Promise<readonly number[]> =>
  collect(
    (Marker) => aws.send(new ListLayerVersionsCommand({ LayerName, Marker })),
    ({ LayerVersions = [] }) => LayerVersions.flatMap(({ Version }) => Version ?? []),
    ({ NextMarker }) => NextMarker,
  );

/** The versions of all layers in an account and Region: `name:3`. */
export async function listLayerVersions(_: Place, aws: Aws): Promise<readonly string[]> {
  const names = await collect(
    (Marker) => aws.send(new ListLayersCommand({ Marker })),
    ({ Layers = [] }) => Layers.flatMap(({ LayerName }) => LayerName ?? []),
    ({ NextMarker }) => NextMarker,
  );
  const versions: string[] = [];
  for (const name of names) versions.push(...(await versionsOf(name, aws)).map((version) => `${name}:${version}`));
  return versions;
}
