import { DescribeInstancesCommand, DescribeSnapshotAttributeCommand, DescribeSnapshotsCommand } from '@aws-sdk/client-ec2';
import type { World } from '../../../contract/scenario';

/**
 * What is kept of the volumes of an instance, one line for each volume. The verdict on the evidence: it reads the volumes and the snapshots as Amazon EC2 shows them, and
 * knows nothing of the rule.
 */
export async function evidenceOf(world: World, instance: string): Promise<readonly string[]> {
  const { Reservations = [] } = await world.send(new DescribeInstancesCommand({ InstanceIds: [instance] }));
  const mappings = Reservations.flatMap(({ Instances = [] }) => Instances).flatMap(({ BlockDeviceMappings = [] }) => BlockDeviceMappings);
  const { Snapshots = [] } = await world.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
  return mappings
    .map(({ DeviceName, Ebs }) => {
      const of = Snapshots.filter(({ VolumeId, State }) => VolumeId === Ebs?.VolumeId && State !== 'error');
      return `${DeviceName} ${of.length}`;
    })
    .sort();
}

/** The tags of each snapshot, with the accounts that may copy it. */
export async function labelsOf(world: World) {
  const { Snapshots = [] } = await world.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
  // Those of AMIs have no tags.
  const own = Snapshots.filter(({ Tags = [] }) => Tags.length > 0);
  return Promise.all(
    own.map(async ({ SnapshotId, Tags = [] }) => {
      const { CreateVolumePermissions = [] } = await world.send(
        new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission' }),
      );
      return {
        tags: Object.fromEntries(Tags.map(({ Key = '', Value }) => [Key, Value])),
        sharedWith: CreateVolumePermissions.flatMap(({ UserId }) => UserId ?? []),
      };
    }),
  );
}
