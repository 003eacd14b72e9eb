import { ListTagsForResourceCommand } from '@aws-sdk/client-ecs';
import type { Resource, ResourceKind } from '../../rule';

/** The ARNs of task definitions, for grants. */
export const taskDefinitions = 'arn:{partition}:ecs:{region}:{account}:task-definition/*:*';

/** One revision of a task definition, by its number. The ARN contains the family. AWS Config identifies it by its ARN. */
export const taskDefinition: ResourceKind = {
  type: 'AWS::ECS::TaskDefinition',
  arn: 'arn:{partition}:ecs:{region}:{account}:task-definition/{name}:{id}',
  scope: 'regional',
  permissions: [{ actions: ['ecs:ListTagsForResource'], on: taskDefinitions }],

  async tags({ arn }, aws) {
    const { tags = [] } = await aws.send(new ListTagsForResourceCommand({ resourceArn: arn }));
    return Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));
  },

  async resolve(id, { partition, region, account }) {
    return /^[\w-]{1,255}:\d+$/.test(id) ? [`arn:${partition}:ecs:${region}:${account}:task-definition/${id}`] : undefined;
  },
};

/** The family of a revision. */
export const familyOf = ({ arn }: Pick<Resource, 'arn'>): string => /\/([^/:]+):\d+$/.exec(arn)?.[1] ?? '';
