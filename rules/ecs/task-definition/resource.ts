import { ListTagsForResourceCommand } from '@aws-sdk/client-ecs';
import type { Resource, ResourceKind } from '../../rule';

/** The ARNs of task definitions, for grants. */
export const taskDefinitions = 'arn:{partition}:ecs:{region}:{account}:task-definition/*:*';

/** One revision of a task definition, by its number; the family is in the ARN. AWS Config knows it by its ARN. */
export const taskDefinition: ResourceKind = {
  type: 'AWS::ECS::TaskDefinition',
  arn: 'arn:{partition}:ecs:{region}:{account}:task-definition/{name}:{id}',
  scope: 'regional',
  permissions: [{ actions: ['ecs:ListTagsForResource'], on: taskDefinitions }],

  async tags({ arn }, aws) {
    const { tags = [] } = await aws.send(new ListTagsForResourceCommand({ resourceArn: arn }));
    return Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));
  },
};

/** The family that a revision is of. */
export const familyOf = ({ arn }: Pick<Resource, 'arn'>): string => /\/([^/:]+):\d+$/.exec(arn)?.[1] ?? '';
