import { CreateSnapshotsCommand, ModifyInstanceAttributeCommand, ModifyNetworkInterfaceAttributeCommand } from '@aws-sdk/client-ec2';
import type { AwsCommand, Resource } from '../../rule';
import type { State } from './isolation/state';

/** The requests of an isolation for this instance, which EC2 only checks. As they stand, they would change nothing about the network. */
export const dryRuns = ({ id }: Pick<Resource, 'id'>, { interfaces }: State): readonly AwsCommand[] => [
  new ModifyInstanceAttributeCommand({ InstanceId: id, DisableApiTermination: { Value: true }, DryRun: true }),
  new CreateSnapshotsCommand({ InstanceSpecification: { InstanceId: id }, DryRun: true }),
  ...interfaces.map(
    (one) => new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: one.id, Groups: [...one.groups], DryRun: true }),
  ),
];
