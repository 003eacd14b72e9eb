import { type DBInstance, DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import { undefinedOn, withoutEmptyTexts } from '../../absence';
import { collect } from '../../pages';
import type { Aws } from '../../rule';

/** The ARNs of DB instances, for grants. */
export const instances = 'arn:{partition}:rds:{region}:{account}:db:*';

/** A DB instance; undefined if it does not exist. */
export async function describeInstance(DBInstanceIdentifier: string, aws: Aws): Promise<DBInstance | undefined> {
  const answer = await undefinedOn(['DBInstanceNotFoundFault'], aws.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier })));
  const [found] = answer?.DBInstances ?? [];
  return found && withoutEmptyTexts(found);
}

/** The identifiers of the DB instances in an account and region; all of them without a filter. */
export const listInstances = (aws: Aws, which: (instance: DBInstance) => boolean = () => true): Promise<string[]> =>
  collect(
    (Marker) => aws.send(new DescribeDBInstancesCommand({ Marker })),
    ({ DBInstances = [] }) =>
      DBInstances.map(withoutEmptyTexts)
        .filter(which)
        .flatMap(({ DBInstanceIdentifier }) => DBInstanceIdentifier ?? []),
    ({ Marker }) => Marker,
  );
