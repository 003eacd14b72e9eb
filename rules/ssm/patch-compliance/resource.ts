import { instance } from '../../ec2/instance/resource';
import { readTags, tagPermissions } from '../../ec2/tags/read';
import type { ResourceKind } from '../../rule';

/** The patch compliance of an instance. Its id ends in the id of the instance. */
export const patchCompliance: ResourceKind = {
  type: 'AWS::SSM::PatchCompliance',
  arn: 'arn:{partition}:ssm:{region}:{account}:{freeId}',
  scope: 'regional',
  partOf: { kind: instance, id: (id) => ofEc2(instanceIn(id)) },
  permissions: tagPermissions,
  tags: async (resource, aws) => readTags({ ...resource, id: instanceIn(resource.id) ?? resource.id }, aws),
};

/** The id of the instance, from the id of its patch compliance. */
export const instanceIn = (id: string): string | undefined => /(?:^|[^a-z0-9])(m?i-[0-9a-f]{8,17})$/.exec(id)?.[1];

/** A managed instance outside of EC2 has an id of Systems Manager alone. */
const ofEc2 = (id: string | undefined): string | undefined => (id?.startsWith('i-') ? id : undefined);
