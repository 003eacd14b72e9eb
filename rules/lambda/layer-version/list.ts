import { type LayerVersionsListItem, ListLayersCommand, ListLayerVersionsCommand } from '@aws-sdk/client-lambda';
import { collect } from '../../pages';
import type { Aws, Grant, Place } from '../../rule';

/** The permissions that `versionsOf` needs. */
export const versionListing: Grant = { actions: ['lambda:ListLayerVersions'], on: '*' };
/** The permissions that `listLayerVersions` also needs. */
export const layerListing: Grant = { actions: ['lambda:ListLayers'], on: '*' };

/** The versions of a layer; none if there is no such layer. */
export const versionsOf = (LayerName: string, aws: Aws): Promise<readonly LayerVersionsListItem[]> =>
  collect(
    (Marker) => aws.send(new ListLayerVersionsCommand({ LayerName, Marker })),
    ({ LayerVersions = [] }) => LayerVersions,
    ({ NextMarker }) => NextMarker,
  );

/** The ARNs of the versions of all layers in an account and Region. */
export async function listLayerVersions(_: Place, aws: Aws): Promise<readonly string[]> {
  const names = await collect(
    (Marker) => aws.send(new ListLayersCommand({ Marker })),
    ({ Layers = [] }) => Layers.flatMap(({ LayerName }) => LayerName ?? []),
    ({ NextMarker }) => NextMarker,
  );
  const arns: string[] = [];
  for (const name of names) arns.push(...(await versionsOf(name, aws)).flatMap(({ LayerVersionArn }) => LayerVersionArn ?? []));
  return arns;
}
