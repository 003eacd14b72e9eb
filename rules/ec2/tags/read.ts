import { DescribeTagsCommand } from '@aws-sdk/client-ec2';
import { collect } from '../../pages';
import type { Grant, ResourceKind } from '../../rule';

/** Reads the tags of any EC2 resource by its ID. */
export const readTags: NonNullable<ResourceKind['tags']> = async ({ id }, aws) => {
  const tags = await collect(
    (NextToken) => aws.send(new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [id] }], MaxResults: 1000, NextToken })),
    ({ Tags }) => Tags,
    ({ NextToken }) => NextToken,
  );
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
};

// IAM offers no resource-level permission for it.
export const tagPermissions: readonly Grant[] = [{ actions: ['ec2:DescribeTags'], on: '*' }];
