import { DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import { undefinedOn } from '../../absence';
import type { ResourceKind } from '../../rule';
import { readTags } from '../tags/read';

const instances = 'arn:{partition}:rds:{region}:{account}:db:*';

/** A DB instance, by its identifier; AWS Config identifies it by its resource id (`db-ABC…`). */
export const dbInstance: ResourceKind = {
  type: 'AWS::RDS::DBInstance',
  arn: 'arn:{partition}:rds:{region}:{account}:db:{id}',
  scope: 'regional',
  target: ({ id }) => ({ DBInstanceIdentifier: id }),
  tags: readTags,
  permissions: [{ actions: ['rds:ListTagsForResource', 'rds:DescribeDBInstances'], on: instances }],

  async resolve(id, _, aws) {
    const query = new DescribeDBInstancesCommand({ Filters: [{ Name: 'dbi-resource-id', Values: [id] }] });
    const answer = await undefinedOn(['DBInstanceNotFoundFault'], aws.send(query));
    return answer?.DBInstances?.find(({ DbiResourceId }) => DbiResourceId === id)?.DBInstanceArn;
  },
};
