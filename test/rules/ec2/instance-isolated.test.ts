import {
  AuthorizeSecurityGroupIngressCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  DescribeNetworkInterfacesCommand,
  ModifyNetworkInterfaceAttributeCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import rule from '../../../rules/ec2/instance-isolated';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import {
  addInterface,
  clients,
  instanceIn,
  instanceOfGroup,
  keepVolumes,
  lookAt,
  type Network,
  network,
  policiesOf,
  profile,
  quarantineGroup,
  resolver,
  settings,
  targetGroup,
} from './instance/compromised';
import { evidenceOf, labelsOf } from './instance/evidence';
import { pathsOf } from './instance/paths';

/** What each instance was like before anything was done to it. */
const before = new Map<string, Awaited<ReturnType<typeof lookAt>>>();

const seeded = async (world: World, id: string): Promise<string> => {
  before.set(id, await lookAt(world, id));
  return id;
};

async function addressOf(world: World, id: string): Promise<string> {
  const { NetworkInterfaces = [] } = await world.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [id] }));
  return NetworkInterfaces[0]?.PrivateIpAddress ?? '';
}

async function interfaceOf(world: World, id: string): Promise<string> {
  const Filters = [{ Name: 'attachment.instance-id', Values: [id] }];
  const { NetworkInterfaces = [] } = await world.send(new DescribeNetworkInterfacesCommand({ Filters }));
  return NetworkInterfaces[0]?.NetworkInterfaceId ?? '';
}

const isolated = async (world: World, id: string): Promise<void> => {
  expect(before.get(id)?.paths.length).toBeGreaterThan(0);
  const now = await lookAt(world, id);
  expect(now).toMatchObject({ paths: [], protected: true, shutdown: 'stop', autoScaling: [] });
  expect(now.kept).not.toContain(false);
  expect(new Set(now.groups.map(([, groups]) => JSON.stringify(groups))).size).toBe(1);
  expect(now.targets.filter((line) => line.includes(id))).toEqual([]);
};

const released = async (world: World, id: string): Promise<void> => expect(await lookAt(world, id)).toEqual(before.get(id));

describeRule(rule, {
  clients,
  violations: {
    'an instance of an Auto Scaling group, with two interfaces, in target groups by its ID and by an address': {
      async seed(world) {
        const own = await network(world);
        const id = await instanceOfGroup(world, own);
        const second = await addInterface(world, id, own);
        await targetGroup(world, own, { name: 'web', id, ports: [8081, 8080] });
        await targetGroup(world, own, { name: 'admin', id: await addressOf(world, second), ports: [22], type: 'ip' });
        await targetGroup(world, own, { name: 'others', id: 'i-0123456789abcdef0', ports: [80], alone: true });
        await settings(world, id, 'terminate', false);
        return seeded(world, id);
      },
      async fixed(world, id) {
        await isolated(world, id);
        expect((await lookAt(world, id)).targets).toEqual(
          expect.arrayContaining(['admin 10.0.1.250 22', 'others i-0123456789abcdef0 80', 'web i-0fedcba9876543210 8080']),
        );
      },
      rolledBack: released,
    },
    'a protected instance with two interfaces, whose VPC has the quarantine group': {
      async seed(world) {
        const own = await network(world);
        const id = await instanceIn(world, own);
        await addInterface(world, id, own);
        await targetGroup(world, own, { name: 'web', id, ports: [8080] });
        await targetGroup(world, own, { name: 'api', id, ports: [8443, 8444] });
        await settings(world, id, 'stop', true);
        await quarantineGroup(world, own, { tagged: true, egress: false });
        return seeded(world, id);
      },
      fixed: isolated,
    },
    'an instance of which the snapshots are locked, and shared with an account for forensics': {
      parameters: { lockDays: 30, shareWith: '444455556666' },
      async seed(world) {
        const own = await network(world);
        const id = await instanceIn(world, own);
        await quarantineGroup(world, own, { tagged: true, egress: false });
        return seeded(world, id);
      },
      async fixed(world, id) {
        await isolated(world, id);
        expect(await labelsOf(world)).toEqual([
          {
            tags: {
              'posture:evidence': 'true',
              'posture:remediation': expect.stringMatching(/^[0-9A-Z]{26}$/),
              'posture:finding': expect.stringContaining(`instance/${id}`),
              'posture:evidence-of': `${world.account}/${world.region}/${id}`,
              'posture:collected-by': 'ec2-instance-isolated',
              'posture:collected-at': expect.stringMatching(/^\d{4}-.*Z$/),
            },
            sharedWith: ['444455556666'],
          },
        ]);
      },
      async rolledBack(world, id) {
        await released(world, id);
        expect(await evidenceOf(world, id)).toEqual(['/dev/sda1 1']);
      },
    },
    'an instance with a role that others have, too': {
      async seed(world) {
        const own = await network(world);
        await quarantineGroup(world, own, { tagged: true, egress: false });
        return seeded(world, await instanceIn(world, own, await profile(world)));
      },
      async fixed(world, id) {
        await isolated(world, id);
        const { work, ...others } = await policiesOf(world, 'workers');
        expect(work).toBeDefined();
        expect(Object.values(others).map((text) => JSON.parse(text))).toEqual([
          {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Deny', Action: ['*'], Resource: ['*'], Condition: { StringLike: { 'aws:userid': `*:${id}` } } }],
          },
        ]);
      },
      async rolledBack(world, id) {
        await released(world, id);
        expect(Object.keys(await policiesOf(world, 'workers'))).toEqual(['work']);
      },
    },
    'an instance whose role has no room for another policy': {
      async seed(world) {
        const own = await network(world);
        await quarantineGroup(world, own, { tagged: true, egress: false });
        return seeded(world, await instanceIn(world, own, await profile(world, 10_100)));
      },
      async fixed(world, id) {
        await isolated(world, id);
        expect(Object.keys(await policiesOf(world, 'workers'))).toEqual(['work']);
      },
    },
    'an instance of which no snapshots are wanted': {
      parameters: { snapshots: false },
      async seed(world) {
        const own = await network(world);
        const id = await instanceIn(world, own);
        await quarantineGroup(world, own, { tagged: true, egress: false });
        return seeded(world, id);
      },
      async fixed(world, id) {
        await isolated(world, id);
        expect(await labelsOf(world)).toEqual([]);
      },
    },
    'an instance whose VPC has the quarantine group of an interrupted response, still open for outbound traffic': {
      async seed(world) {
        const own = await network(world);
        const id = await instanceIn(world, own);
        await quarantineGroup(world, own, { tagged: true, egress: true });
        return seeded(world, id);
      },
      fixed: isolated,
      rolledBack: released,
    },
    'an isolated instance whose quarantine group allows all outbound traffic again': {
      async seed(world) {
        const own = await network(world);
        const id = await instanceIn(world, { ...own, groups: [await quarantineGroup(world, own, { tagged: true, egress: true })] });
        return seeded(world, id);
      },
      fixed: isolated,
      rolledBack: async (world, id) => expect(await pathsOf(world, id)).toEqual([]),
    },
    'the last target of a target group': {
      async seed(world) {
        const own = await network(world);
        const id = await instanceIn(world, own);
        await targetGroup(world, own, { name: 'web', id, ports: [8080], alone: true });
        return id;
      },
      outcome: 'awaiting-approval',
    },
    'an instance without the check of source and destination, which forwards traffic of others': {
      async seed(world) {
        const id = await instanceIn(world, await network(world));
        const NetworkInterfaceId = await interfaceOf(world, id);
        await world.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, SourceDestCheck: { Value: false } }));
        return id;
      },
      outcome: 'awaiting-approval',
    },
    'an instance that a route table sends traffic through': {
      async seed(world) {
        const own = await network(world);
        const id = await instanceIn(world, own);
        const { RouteTable } = await world.send(new CreateRouteTableCommand({ VpcId: own.vpc }));
        const { RouteTableId = '' } = RouteTable ?? {};
        await world.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', InstanceId: id }));
        return id;
      },
      outcome: 'awaiting-approval',
    },
    'a directory host, which the VPC names as its DNS server': {
      async seed(world) {
        const own = await network(world);
        const id = await instanceIn(world, own);
        await resolver(world, own, await addressOf(world, await interfaceOf(world, id)));
        return id;
      },
      outcome: 'awaiting-approval',
    },
    'an instance that gets another interface before it is released': {
      async seed(world) {
        const own = await network(world);
        networks.set(world.account, own);
        const id = await instanceIn(world, own);
        await targetGroup(world, own, { name: 'web', id, ports: [8080] });
        await quarantineGroup(world, own, { tagged: true, egress: false });
        return seeded(world, id);
      },
      fixed: isolated,
      async meanwhile(world, id) {
        added.set(id, await addInterface(world, id, networks.get(world.account) as Network));
      },
      async rolledBack(world, id) {
        const { paths, groups, ...rest } = await lookAt(world, id);
        const { paths: old, groups: oldGroups, ...oldRest } = before.get(id) ?? {};
        const others = added.get(id) ?? '';
        expect(rest).toEqual(oldRest);
        expect(paths.filter((line) => !line.startsWith(others))).toEqual(old);
        expect(groups.filter(([one]) => one !== others)).toEqual(oldGroups);
      },
    },
  },
  compliant: {
    'an isolated instance': {
      async seed(world) {
        const own = await network(world);
        const id = await instanceIn(world, { ...own, groups: [await quarantineGroup(world, own, { tagged: true, egress: false })] });
        await settings(world, id, 'stop', true);
        await keepVolumes(world, id);
        return id;
      },
    },
  },
  obstacles: {
    'an instance in whose VPC others have a group with the name of the quarantine group': {
      async seed(world) {
        const own = await network(world);
        await quarantineGroup(world, own, { tagged: false, egress: false });
        return instanceIn(world, own);
      },
      outcome: 'unfixable',
      reason: /was not created by posture/,
    },
    'an instance in whose VPC somebody has added a rule to the quarantine group': {
      async seed(world) {
        const own = await network(world);
        const GroupId = await quarantineGroup(world, own, { tagged: true, egress: false });
        await open(world, GroupId);
        return instanceIn(world, own);
      },
      outcome: 'unfixable',
      reason: /Somebody has added rules/,
    },
    'an isolated instance to whose quarantine group somebody has added a rule': {
      async seed(world) {
        const own = await network(world);
        const GroupId = await quarantineGroup(world, own, { tagged: true, egress: false });
        await open(world, GroupId);
        const id = await instanceIn(world, { ...own, groups: [GroupId] });
        await settings(world, id, 'stop', true);
        await keepVolumes(world, id);
        return id;
      },
      outcome: 'unfixable',
      reason: /Somebody has added rules/,
    },
    'an instance that was terminated': {
      async seed(world) {
        const id = await instanceIn(world, await network(world));
        await world.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
        return id;
      },
      outcome: 'resource-not-found',
    },
  },
  missing: 'i-0123456789abcdef0',
});

const networks = new Map<string, Network>();
const added = new Map<string, string>();

const open = (world: World, GroupId: string) =>
  world.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '203.0.113.0/24' }] }],
    }),
  );
