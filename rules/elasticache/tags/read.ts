import { ListTagsForResourceCommand } from '@aws-sdk/client-elasticache';
import type { ResourceKind } from '../../rule';

/** Reads the tags of any ElastiCache resource by its ARN. */
export const readTags: NonNullable<ResourceKind['tags']> = async ({ arn }, aws) => {
  const { TagList = [] } = await aws.send(new ListTagsForResourceCommand({ ResourceName: arn }));
  return Object.fromEntries(TagList.map(({ Key = '', Value = '' }) => [Key, Value]));
};
