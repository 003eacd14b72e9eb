import { readTags, tagPermissions } from '../../ec2/tags/read';
import type { ResourceKind } from '../../rule';

/** How an instance stands with its patches. AWS names it in several ways, each with the id of the instance in it. */
export const patchCompliance: ResourceKind = {
  type: 'AWS::SSM::PatchCompliance',
  arn: 'arn:{partition}:{name}:{region}:{account}:{freeId}',
  scope: 'regional',
  permissions: tagPermissions,
  tags: async (resource, aws) => readTags({ ...resource, id: instanceIn(resource.id) ?? resource.id }, aws),
  resolve: async (id, { partition, region, account }) => `arn:${partition}:ssm:${region}:${account}:patch-compliance/${id}`,
};

/** The id of the instance in that of its patch compliance. */
export const instanceIn = (id: string): string | undefined => /(?:^|[^a-z0-9])(m?i-[0-9a-f]{8,17})$/.exec(id)?.[1];
