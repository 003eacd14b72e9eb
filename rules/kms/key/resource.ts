import { ListResourceTagsCommand } from '@aws-sdk/client-kms';
import { collect } from '../../pages';
import type { ResourceKind } from '../../rule';

/** The ARNs of keys, for grants. */
export const keys = 'arn:{partition}:kms:{region}:{account}:key/*';

/** A key, by its id, not by an alias. */
export const key: ResourceKind = {
  type: 'AWS::KMS::Key',
  arn: 'arn:{partition}:kms:{region}:{account}:key/{id}',
  scope: 'regional',
  changedBy: {
    service: 'kms',
    calls: {
      'requestParameters.keyId': ['PutKeyPolicy', 'DisableKeyRotation', 'ScheduleKeyDeletion'],
      'responseElements.keyMetadata.keyId': ['CreateKey'],
    },
  },
  target: ({ id }) => ({ KeyId: id }),
  permissions: [{ actions: ['kms:ListResourceTags'], on: keys }],

  async tags({ id }, aws) {
    const tags = await collect(
      (Marker) => aws.send(new ListResourceTagsCommand({ KeyId: id, Marker })),
      ({ Tags }) => Tags,
      ({ NextMarker }) => NextMarker,
    );
    return Object.fromEntries(tags.map(({ TagKey = '', TagValue = '' }) => [TagKey, TagValue]));
  },
};
