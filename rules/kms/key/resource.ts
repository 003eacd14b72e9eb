import { ListResourceTagsCommand } from '@aws-sdk/client-kms';
import { collect } from '../../pages';
import type { ResourceKind } from '../../rule';

/** A key, by its id and not by an alias. */
export const key: ResourceKind = {
  type: 'AWS::KMS::Key',
  arn: 'arn:{partition}:kms:{region}:{account}:key/{id}',
  scope: 'regional',
  permissions: [{ actions: ['kms:ListResourceTags'], on: 'arn:{partition}:kms:{region}:{account}:key/*' }],

  async tags({ id }, aws) {
    const tags = await collect(
      (Marker) => aws.send(new ListResourceTagsCommand({ KeyId: id, Marker })),
      ({ Tags }) => Tags,
      ({ NextMarker }) => NextMarker,
    );
    return Object.fromEntries(tags.map(({ TagKey = '', TagValue = '' }) => [TagKey, TagValue]));
  },
};
