import { DescribeInstancesCommand, type Instance } from '@aws-sdk/client-ec2';
import { undefinedOn } from '../../absence';
import { collect } from '../../pages';
import type { Aws, Grant } from '../../rule';

// IAM offers no resource-level permission for it.
export const instanceReading: Grant = { actions: ['ec2:DescribeInstances'], on: '*' };

/** The instance with this ID, in any state; undefined if it does not exist. */
export async function describeInstance(id: string, aws: Aws): Promise<Instance | undefined> {
  const answer = await undefinedOn(
    ['InvalidInstanceID.NotFound', 'InvalidInstanceID.Malformed'],
    aws.send(new DescribeInstancesCommand({ InstanceIds: [id] })),
  );
  return answer?.Reservations?.flatMap(({ Instances = [] }) => Instances).find(({ InstanceId }) => InstanceId === id);
}

/** The IDs of the instances of an account and region, except those that are being terminated. */
export async function listInstances(aws: Aws): Promise<readonly string[]> {
  const reservations = await collect(
    (NextToken) => aws.send(new DescribeInstancesCommand({ MaxResults: 1000, NextToken })),
    ({ Reservations }) => Reservations,
    ({ NextToken }) => NextToken,
  );
  return reservations
    .flatMap(({ Instances = [] }) => Instances)
    .flatMap((one) => (one.InstanceId && !isLeaving(one) ? one.InstanceId : []));
}

export const isLeaving = ({ State }: Instance): boolean => State?.Name === 'shutting-down' || State?.Name === 'terminated';
