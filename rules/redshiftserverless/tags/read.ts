import { ListTagsForResourceCommand } from '@aws-sdk/client-redshift-serverless';
import type { ResourceKind } from '../../rule';

/** Reads the tags of any resource of Redshift Serverless by its ARN. */
export const readTags: NonNullable<ResourceKind['tags']> = async ({ arn }, aws) => {
  const { tags = [] } = await aws.send(new ListTagsForResourceCommand({ resourceArn: arn }));
  return Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));
};
