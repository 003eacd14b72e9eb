import { type DBInstance, DescribeDBInstancesCommand, type DescribeDBInstancesCommandInput } from '@aws-sdk/client-rds';
import { undefinedOn } from '../../absence';
import type { Aws, ResourceKind } from '../../rule';
import { readTags } from '../tags/read';

const instances = 'arn:{partition}:rds:{region}:{account}:db:*';

// Names are in lower case.
const resourceId = /^db-[A-Z0-9]{20,32}$/;

/** A DB instance, by its identifier; AWS Config identifies it by its resource id (`db-ABC…`). */
export const dbInstance: ResourceKind = {
  type: 'AWS::RDS::DBInstance',
  arn: 'arn:{partition}:rds:{region}:{account}:db:{id}',
  assignedId: resourceId,
  scope: 'regional',
  changedBy: {
    service: 'rds',
    calls: {
      'requestParameters.dBInstanceIdentifier': [
        'CreateDBInstance',
        'ModifyDBInstance',
        'RestoreDBInstanceFromDBSnapshot',
        'RestoreDBInstanceFromS3',
      ],
    },
  },
  target: ({ id }) => ({ DBInstanceIdentifier: id }),
  tags: readTags,
  permissions: [{ actions: ['rds:ListTagsForResource', 'rds:DescribeDBInstances'], on: instances }],

  async resolve(id, _, aws) {
    if (!/^[A-Za-z][A-Za-z0-9-]{0,62}$/.test(id)) return undefined;
    if (!resourceId.test(id)) return find({ DBInstanceIdentifier: id }, aws);
    const found = await find({ Filters: [{ Name: 'dbi-resource-id', Values: [id] }] }, aws);
    return found.length > 0 ? found : find({ DBInstanceIdentifier: id }, aws);
  },
};

/** The ARNs of the instances that AWS finds by a resource id or a name. */
async function find(wanted: DescribeDBInstancesCommandInput, aws: Aws): Promise<readonly string[]> {
  const answer = await undefinedOn(['DBInstanceNotFoundFault'], aws.send(new DescribeDBInstancesCommand(wanted)));
  const [name, id] = [wanted.DBInstanceIdentifier?.toLowerCase(), wanted.Filters?.[0]?.Values?.[0]];
  const isIt = (one: DBInstance) => (name === undefined ? one.DbiResourceId === id : one.DBInstanceIdentifier === name);
  return (answer?.DBInstances ?? []).flatMap((one) => (isIt(one) ? (one.DBInstanceArn ?? []) : []));
}
