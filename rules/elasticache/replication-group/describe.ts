import { DescribeReplicationGroupsCommand, type ReplicationGroup } from '@aws-sdk/client-elasticache';
import { undefinedOn } from '../../absence';
import { collect } from '../../pages';
import type { Aws } from '../../rule';

/** The ARNs of replication groups, for grants. */
export const replicationGroups = 'arn:{partition}:elasticache:{region}:{account}:replicationgroup:*';

/** A replication group; undefined if it does not exist. */
export async function describeReplicationGroup(ReplicationGroupId: string, aws: Aws): Promise<ReplicationGroup | undefined> {
  const answer = await undefinedOn(
    ['ReplicationGroupNotFoundFault'],
    aws.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId })),
  );
  return answer?.ReplicationGroups?.[0];
}

/** The ARNs of the replication groups of an account and region. */
export const listReplicationGroups = (aws: Aws): Promise<string[]> =>
  collect(
    (Marker) => aws.send(new DescribeReplicationGroupsCommand({ Marker })),
    ({ ReplicationGroups = [] }) => ReplicationGroups.flatMap(({ ARN }) => ARN ?? []),
    ({ Marker }) => Marker,
  );
