import { AuthorizeSecurityGroupIngressCommand, DescribeNetworkInterfacesCommand } from '@aws-sdk/client-ec2';
import instanceIsolated from '../../../rules/ec2/instance-isolated';
import { CloseGroupCommand, GroupName } from '../../../rules/ec2/quarantine-group/group';
import { SetInterfaceGroupsCommand } from '../../../rules/ec2/quarantine-group/interface';
import type { Rule } from '../../../rules/rule';
import { useBench } from '../../contract/bench';
import { clients, instanceIn, network, quarantineGroup } from './instance/compromised';
import { pathsOf } from './instance/paths';

const bench = useBench(instanceIsolated as unknown as Rule, { clients });

/** An instance, and the group with the name of the quarantine group in its VPC, as it is when the command arrives. */
async function meanwhile(group: { readonly tagged: boolean; readonly egress: boolean; readonly opened?: true } | undefined) {
  const world = await bench.world();
  const own = await network(world);
  const id = await instanceIn(world, own);
  const GroupId = group && (await quarantineGroup(world, own, group));
  if (group?.opened) {
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await world.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  }
  const { NetworkInterfaces = [] } = await world.send(
    new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [id] }] }),
  );
  return { world, vpc: own.vpc, id, NetworkInterfaceId: NetworkInterfaces[0]?.NetworkInterfaceId ?? '' };
}

describe('the command that isolates an interface', () => {
  it.each([
    ['does not exist', undefined, 'InvalidGroup.NotFound'],
    ['is of others', { tagged: false, egress: false }, 'Error'],
    ['allows outbound traffic', { tagged: true, egress: true }, 'Error'],
    ['was opened since the plan', { tagged: true, egress: false, opened: true }, 'Error'],
  ] as const)('changes nothing if the group %s', async (_, group, name) => {
    const { world, id, NetworkInterfaceId } = await meanwhile(group);
    const before = await pathsOf(world, id);
    await expect(world.send(new SetInterfaceGroupsCommand({ NetworkInterfaceId }))).rejects.toMatchObject({ name });
    expect(await pathsOf(world, id)).toEqual(before);
  });

  it('puts it into the group without rules', async () => {
    const { world, id, NetworkInterfaceId } = await meanwhile({ tagged: true, egress: false });
    await world.send(new SetInterfaceGroupsCommand({ NetworkInterfaceId }));
    expect(await pathsOf(world, id)).toEqual([]);
  });
});

it.each([
  ['is of others', { tagged: false, egress: true }],
  ['was opened since the plan', { tagged: true, egress: true, opened: true }],
  ['has no rules any more', { tagged: true, egress: false }],
] as const)('the command that closes the group removes no rules if it %s', async (_, group) => {
  const { world, vpc } = await meanwhile(group);
  const close = new CloseGroupCommand({ VpcId: vpc, GroupName, OwnerId: world.account });
  await expect(world.send(close)).rejects.toThrow('does not have only the outbound rule');
});
