import { readTags, tagPermissions } from '../../ec2/tags/read';
import type { ResourceKind } from '../../rule';

/** How an instance stands with its patches. The id of the instance stands at the end of its own, whatever comes before. */
export const patchCompliance: ResourceKind = {
  type: 'AWS::SSM::PatchCompliance',
  arn: 'arn:{partition}:ssm:{region}:{account}:{freeId}',
  scope: 'regional',
  permissions: tagPermissions,
  tags: async (resource, aws) => readTags({ ...resource, id: instanceIn(resource.id) ?? resource.id }, aws),
};

/** The id of the instance in that of its patch compliance. */
export const instanceIn = (id: string): string | undefined => /(?:^|[^a-z0-9])(m?i-[0-9a-f]{8,17})$/.exec(id)?.[1];
