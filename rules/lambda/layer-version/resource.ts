import type { Resource, ResourceKind } from '../../rule';

/** The ARNs of versions of layers, for grants. */
export const layerVersions = 'arn:{partition}:lambda:{region}:{account}:layer:*:*';

/** A version of a layer, by the name of the layer and its number: `name:3`. Versions have no tags. */
export const layerVersion: ResourceKind = {
  type: 'AWS::Lambda::LayerVersion',
  arn: 'arn:{partition}:lambda:{region}:{account}:layer:{id}',
  name: /[A-Za-z0-9_-]{1,140}:[1-9][0-9]{0,8}/,
  scope: 'regional',
  target: (resource) => {
    const { LayerName, VersionNumber } = partsOf(resource);
    return { LayerName, VersionNumber: String(VersionNumber) };
  },
};

/** As commands name it. */
export function partsOf({ id }: Pick<Resource, 'id'>): { readonly LayerName: string; readonly VersionNumber: number } {
  const [LayerName = '', version] = id.split(':');
  return { LayerName, VersionNumber: Number(version) };
}
