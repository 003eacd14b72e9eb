import { DescribeNetworkInterfacesCommand, ModifyNetworkInterfaceAttributeCommand } from '@aws-sdk/client-ec2';
import { amend } from '../../amendment';
import { closedGroupIn } from './group';

/** Sets the security groups of a network interface: to these, in this order, or else to the quarantine group of its VPC alone. */
export const SetInterfaceGroupsCommand = amend<{ readonly NetworkInterfaceId: string; readonly Groups?: readonly string[] }>(
  ModifyNetworkInterfaceAttributeCommand,
  async ({ NetworkInterfaceId, Groups }, aws) => {
    if (Groups) return new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups: [...Groups] });
    const { NetworkInterfaces = [] } = await aws.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [NetworkInterfaceId] }));
    const [{ VpcId = '', OwnerId = '' } = {}] = NetworkInterfaces;
    return new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups: [await closedGroupIn(VpcId, OwnerId, aws)] });
  },
);
