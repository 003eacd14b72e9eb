import { ListTagsForResourceCommand } from '@aws-sdk/client-athena';
import { collect } from '../../pages';
import type { ResourceKind } from '../../rule';

/** The ARNs of workgroups, for grants. */
export const workGroups = 'arn:{partition}:athena:{region}:{account}:workgroup/*';

/** A workgroup, by its name. */
export const workGroup: ResourceKind = {
  type: 'AWS::Athena::WorkGroup',
  arn: 'arn:{partition}:athena:{region}:{account}:workgroup/{id}',
  scope: 'regional',
  target: ({ id }) => ({ WorkGroup: id }),
  permissions: [{ actions: ['athena:ListTagsForResource'], on: workGroups }],

  async tags({ arn }, aws) {
    const tags = await collect(
      (NextToken) => aws.send(new ListTagsForResourceCommand({ ResourceARN: arn, NextToken })),
      ({ Tags }) => Tags,
      ({ NextToken }) => NextToken,
    );
    return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  },
};
