import { ListTagsForResourceCommand } from '@aws-sdk/client-ecs';
import type { Resource, ResourceKind } from '../../rule';

/** The ARNs of services, for grants. */
export const services = 'arn:{partition}:ecs:{region}:{account}:service/*/*';

/** A service, by the names of its cluster and its own. AWS Config identifies it by its ARN; with an ARN of the old format, it is looked up in the default cluster. */
export const service: ResourceKind = {
  type: 'AWS::ECS::Service',
  arn: 'arn:{partition}:ecs:{region}:{account}:service/{slashedId}',
  // The primary identifier of CloudFormation has the cluster at its end.
  alsoAs: [
    'arn:{partition}:ecs:{region}:{account}:service/{slashedId}|{name}',
    'arn:{partition}:ecs:{region}:{account}:service/{slashedId}|arn:{partition}:ecs:{region}:{account}:cluster/{name}',
  ],
  scope: 'regional',
  target: (resource) => nameOf(resource),
  permissions: [{ actions: ['ecs:ListTagsForResource'], on: services }],

  async tags({ arn }, aws) {
    const { tags = [] } = await aws.send(new ListTagsForResourceCommand({ resourceArn: arn }));
    return Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));
  },
};

/** The names of a service and its cluster. */
export function nameOf({ id }: Pick<Resource, 'id'>): { readonly cluster?: string; readonly service: string } {
  const [service = '', cluster] = id.split('/').toReversed();
  return { ...(cluster && { cluster }), service };
}
