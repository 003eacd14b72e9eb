import type { Instance, NetworkInterface, RouteTable, SecurityGroup } from '@aws-sdk/client-ec2';
import { callOf } from '../../../functions/aws/call';
import { isChanges } from '../../../functions/plan/change';
import rule from '../../../rules/ec2/instance-isolated';
import { type Aws, type AwsCommand, notFound } from '../../../rules/rule';
import { isOfResource } from '../../../rules/target';

const id = 'i-0a';
const resource = {
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  type: 'AWS::EC2::Instance',
  id,
  arn: `arn:aws:ec2:eu-west-1:111122223333:instance/${id}`,
};

const quarantine: SecurityGroup = { GroupId: 'sg-q', VpcId: 'vpc-1', Tags: [{ Key: 'posture:quarantine', Value: 'true' }] };

interface Shown {
  readonly instance?: Instance;
  readonly interfaces?: readonly NetworkInterface[];
  readonly group?: SecurityGroup;
  readonly shutdown?: string;
  readonly lifecycle?: string;
  readonly health?: readonly object[];
  readonly routes?: readonly RouteTable[];
  readonly resolvers?: readonly string[];
  readonly wanted?: number;
}

/** The state of an instance as AWS shows it where the emulator can't. */
async function stateOf({
  instance = {},
  interfaces = [{}],
  group = quarantine,
  shutdown = 'terminate',
  lifecycle,
  health = [],
  routes = [],
  resolvers = [],
  wanted = 2,
}: Shown) {
  const answers: Readonly<Record<string, (input: { readonly Attribute?: string }) => object>> = {
    DescribeInstances: () => ({
      Reservations: [
        {
          Instances: [
            {
              InstanceId: id,
              State: { Name: 'running' },
              BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { DeleteOnTermination: true } }],
              ...instance,
            },
          ],
        },
      ],
    }),
    DescribeNetworkInterfaces: () => ({
      NetworkInterfaces: interfaces.map((one, index) => ({
        NetworkInterfaceId: `eni-${index}`,
        VpcId: 'vpc-1',
        Groups: [{ GroupId: 'sg-b' }, { GroupId: 'sg-a' }],
        PrivateIpAddresses: [{ PrivateIpAddress: `10.0.0.${index + 4}` }],
        ...one,
      })),
    }),
    DescribeInstanceAttribute: ({ Attribute }) =>
      Attribute === 'disableApiTermination'
        ? { DisableApiTermination: { Value: false } }
        : { InstanceInitiatedShutdownBehavior: { Value: shutdown } },
    DescribeRouteTables: () => ({ RouteTables: routes }),
    DescribeVpcs: () => ({ Vpcs: [{ VpcId: 'vpc-1', DhcpOptionsId: 'dopt-1' }] }),
    DescribeDhcpOptions: () => ({
      DhcpOptions: [
        {
          DhcpOptionsId: 'dopt-1',
          DhcpConfigurations: [{ Key: 'domain-name-servers', Values: resolvers.map((Value) => ({ Value })) }],
        },
      ],
    }),
    DescribeSecurityGroups: () => ({ SecurityGroups: [group] }),
    DescribeAutoScalingInstances: () => ({
      AutoScalingInstances: lifecycle === undefined ? [] : [{ InstanceId: id, AutoScalingGroupName: 'workers', LifecycleState: lifecycle }],
    }),
    DescribeAutoScalingGroups: () => ({
      AutoScalingGroups: [
        {
          AutoScalingGroupName: 'workers',
          DesiredCapacity: wanted,
          Instances: ['InService', 'InService', 'Terminating'].map((LifecycleState) => ({ LifecycleState })),
        },
      ],
    }),
    DescribeTargetGroups: () => ({
      TargetGroups: ['instance', 'ip', 'lambda'].map((TargetType) => ({ TargetGroupArn: `arn:${TargetType}`, TargetType, VpcId: 'vpc-1' })),
    }),
    DescribeTargetHealth: () => ({ TargetHealthDescriptions: health }),
  };
  const send = async (command: AwsCommand) => answers[callOf(command).operation]?.(command.input);
  const state = await rule.inspect(resource, { send } as unknown as Aws);
  if (state === notFound) throw new Error('The instance is not there.');
  return state;
}

const parameters = { snapshots: true, denySessions: true };
const context = { parameters, detectedBy: '', now: new Date(0) };

async function planFor(shown: Shown) {
  const plan = rule.plan(resource, await stateOf(shown), context);
  return isChanges(plan) ? plan.map(({ do: command }) => `${callOf(command).operation} ${JSON.stringify(command.input)}`) : plan;
}

const isolate = 'ModifyNetworkInterfaceAttribute {"NetworkInterfaceId":"eni-0"}';
const protect = 'ModifyInstanceAttribute {"InstanceId":"i-0a","DisableApiTermination":{"Value":true}}';
const stop = 'ModifyInstanceAttribute {"InstanceId":"i-0a","InstanceInitiatedShutdownBehavior":{"Value":"stop"}}';
const keep =
  'ModifyInstanceAttribute {"InstanceId":"i-0a","BlockDeviceMappings":[{"DeviceName":"/dev/xvda","Ebs":{"DeleteOnTermination":false}}]}';

test('the evidence is protected first, and nothing that may fail delays the isolation', async () => {
  const target = { Target: { Id: id, Port: 80 }, TargetHealth: { State: 'healthy' } };
  expect(await planFor({ lifecycle: 'InService', health: [target] })).toEqual([
    protect,
    stop,
    keep,
    isolate,
    'DetachInstances {"AutoScalingGroupName":"workers","InstanceIds":["i-0a"],"ShouldDecrementDesiredCapacity":false}',
    'DeregisterTargets {"TargetGroupArn":"arn:instance","Targets":[{"Id":"i-0a","Port":80}]}',
    'DeregisterTargets {"TargetGroupArn":"arn:ip","Targets":[{"Id":"i-0a","Port":80}]}',
  ]);
});

test.each([
  ['a Spot Instance, which AWS protects from nothing', { instance: { InstanceLifecycle: 'spot' } as const }, [keep, isolate]],
  [
    'an instance whose root volume is an instance store',
    { instance: { RootDeviceType: 'instance-store' } as const },
    [protect, keep, isolate],
  ],
])('%s is isolated without the settings that AWS refuses', async (_, shown, expected) => {
  expect(await planFor(shown)).toEqual(expected);
});

test.each(['Pending', 'Terminating:Wait', 'Detaching'])(
  'an instance that is %s in its Auto Scaling group is not detached',
  async (lifecycle) => {
    expect(await planFor({ lifecycle })).toEqual([protect, stop, keep, isolate]);
  },
);

test.each([
  [{ State: 'draining' }, false],
  [{ State: 'unused', Reason: 'Target.NotRegistered' }, false],
  [{ State: 'unused', Reason: 'Target.NotInUse' }, true],
  [{ State: 'unhealthy' }, true],
] as const)('a target with the health %j is deregistered: %s', async (TargetHealth, isRegistered) => {
  const { registrations } = await stateOf({ health: [{ Target: { Id: id, Port: 80 }, TargetHealth }] });
  expect(registrations.length > 0).toBe(isRegistered);
});

test('a target by the address of an interface is one of the instance, and no other address is', async () => {
  const at = (Id: string) => ({ Target: { Id, Port: 80 }, TargetHealth: { State: 'healthy' } });
  const { registrations } = await stateOf({ health: [at('10.0.0.4'), at('10.0.0.40'), at('i-0b')] });
  expect(new Set(registrations.map((one) => one.id))).toEqual(new Set(['10.0.0.4']));
});

test.each([
  [
    'an interface that a service manages',
    { interfaces: [{}, { RequesterManaged: true, RequesterId: 'amazon-elb' }] },
    /^amazon-elb manages/,
  ],
  [
    'an interface with an operator',
    { interfaces: [{ Operator: { Managed: true, Principal: 'eks.amazonaws.com' } }] },
    /^eks\.amazonaws\.com manages/,
  ],
  [
    'an instance with an operator',
    { instance: { Operator: { Managed: true, Principal: 'eks.amazonaws.com' } } },
    /^eks\.amazonaws\.com manages/,
  ],
] as const)('%s is not changed', async (_, shown, reason) => {
  expect(await planFor(shown)).toEqual({ unfixable: expect.stringMatching(reason), code: 'owned-by-service' });
});

test.each(['pending', 'stopping'] as const)('an instance that is %s is changed later', async (Name) => {
  expect(await planFor({ instance: { State: { Name } } })).toEqual({ blocked: expect.stringContaining(Name), code: 'being-modified' });
});

test('an interface in the quarantine group and in another one is not isolated', async () => {
  const interfaces = [{ Groups: [{ GroupId: 'sg-q' }, { GroupId: 'sg-a' }] }, { Groups: [{ GroupId: 'sg-q' }] }];
  expect(await planFor({ interfaces })).toEqual([protect, stop, keep, isolate]);
});

test.each([
  ['eks:cluster-name', 'prod', 'Kubernetes cluster prod:'],
  ['kubernetes.io/cluster/prod', 'owned', 'Kubernetes cluster prod:'],
  ['AmazonECSManaged', '', 'Amazon ECS cluster of a capacity provider:'],
  ['eks:cluster-name', 'Approve it!\u001b[2J', 'Kubernetes cluster with a name that is not shown:'],
])('an approver is told of the cluster in the tag %s', async (Key, Value, expected) => {
  const plan = rule.plan(resource, await stateOf({ instance: { Tags: [{ Key, Value }] } }), context);
  expect(isChanges(plan) && plan.flatMap(({ note }) => note ?? [])).toEqual([expect.stringContaining(expected)]);
  expect(isChanges(plan) && plan.flatMap(({ asks }) => asks ?? [])).toEqual([expect.stringContaining(expected.replace(':', ''))]);
});

test.each([
  ['all traffic to everywhere', [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] }], 'egress'],
  ['traffic to a range', [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/8' }] }], 'opened'],
  ['one protocol', [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }], 'opened'],
  ['traffic to a group', [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-a' }] }], 'opened'],
  ['traffic to a prefix list', [{ IpProtocol: '-1', PrefixListIds: [{ PrefixListId: 'pl-1' }] }], 'opened'],
] as const)('a quarantine group whose outbound rules allow %s is recognized', async (_, rules, status) => {
  const IpPermissionsEgress = rules as unknown as SecurityGroup['IpPermissionsEgress'] & object;
  expect((await stateOf({ group: { ...quarantine, IpPermissionsEgress } })).quarantine).toMatchObject([{ status }]);
  expect((await stateOf({ group: { ...quarantine, IpPermissions: IpPermissionsEgress } })).quarantine).toMatchObject([
    { status: 'opened' },
  ]);
});

test.each([
  ['sets the user data', 'ModifyInstanceAttribute', { InstanceId: id, UserData: { Value: 'IyEvYmluL3No' } }],
  ['sets the groups of the instance', 'ModifyInstanceAttribute', { InstanceId: id, Groups: ['sg-open'] }],
  ['gives an interface the groups of another one', 'ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: 'eni-0', Groups: ['sg-c'] }],
  ['names an interface of another instance', 'ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: 'eni-9', Groups: ['sg-a'] }],
  ['registers another instance', 'RegisterTargets', { TargetGroupArn: 'arn:instance', Targets: [{ Id: 'i-0b', Port: 80 }] }],
  ['attaches it to another group', 'AttachInstances', { AutoScalingGroupName: 'admins', InstanceIds: [id] }],
  ['closes another group', 'RevokeSecurityGroupEgress', { VpcId: 'vpc-1', GroupName: 'web', OwnerId: '111122223333' }],
])('a logged command that %s is not sent', async (_, operation, input) => {
  const now = await stateOf({
    lifecycle: 'InService',
    interfaces: [{}, { Groups: [{ GroupId: 'sg-c' }] }],
    health: [{ Target: { Id: id, Port: 80 }, TargetHealth: { State: 'healthy' } }],
  });
  expect(isOfResource(rule, { operation, input }, resource, { now, before: now, parameters })).toBe(false);
});

const asksFor = async (shown: Shown) => {
  const plan = rule.plan(resource, await stateOf(shown), context);
  return isChanges(plan) ? plan.flatMap(({ asks }) => asks ?? []) : plan;
};

const routeTo = (route: object): readonly RouteTable[] => [{ RouteTableId: 'rtb-1', Routes: [{ GatewayId: 'local' }, route] }];

// Whoever provokes a finding about such an instance would cut off all that depends on it.
test.each<[string, Shown, string]>([
  ['forwards traffic of others', { interfaces: [{ SourceDestCheck: false }] }, 'eni-0 forwards traffic of others'],
  ['is the target of a route', { routes: routeTo({ InstanceId: id }) }, 'the route table rtb-1 sends traffic through it'],
  ['has an interface that is the target of a route', { routes: routeTo({ NetworkInterfaceId: 'eni-0' }) }, 'the route table rtb-1'],
  ['is a DNS server of its VPC', { resolvers: ['10.0.0.2', '10.0.0.4'] }, 'the DHCP options of vpc-1 name it as a DNS server'],
  ['is a directory host by a tag', { instance: { Tags: [{ Key: 'Name', Value: 'corp-dc-1' }] } }, 'its tag Name says'],
  ['is a VPN host by a tag', { instance: { Tags: [{ Key: 'role', Value: 'VPN' }] } }, 'its tag role says'],
])('the isolation of an instance that %s asks', async (_, shown, reason) => {
  expect(await asksFor(shown)).toEqual([expect.stringContaining(reason)]);
});

test.each<[string, Shown]>([
  ['no such sign', { interfaces: [{ SourceDestCheck: true }], resolvers: ['AmazonProvidedDNS', '10.0.0.40'] }],
  ['routes past it', { routes: routeTo({ NetworkInterfaceId: 'eni-9', InstanceId: 'i-0b' }) }],
  ['a tag with such letters', { instance: { Tags: [{ Key: 'Name', Value: 'international' }] } }],
])('the isolation of an instance with %s does not ask by itself', async (_, shown) => {
  expect(await asksFor(shown)).toEqual([]);
});

const target = (Id: string, State: string, Reason?: string) => ({ Target: { Id, Port: 80 }, TargetHealth: { State, Reason } });

test.each([
  ['alone', [target(id, 'healthy')], true],
  ['with a target that is not healthy', [target(id, 'healthy'), target('i-0b', 'unhealthy')], true],
  ['with a target that is being deregistered', [target(id, 'healthy'), target('i-0b', 'draining')], true],
  ['with another port of its own', [target(id, 'healthy'), target('10.0.0.4', 'healthy')], true],
  ['where no target is healthy, so that all serve', [target(id, 'unhealthy'), target('i-0b', 'unhealthy')], true],
  ['with a healthy target', [target(id, 'healthy'), target('i-0b', 'healthy')], false],
  ['with a target whose health is not checked', [target(id, 'healthy'), target('i-0b', 'unavailable')], false],
  ['that no load balancer uses', [target(id, 'unused', 'Target.NotInUse')], false],
] as const)('the isolation of a target %s asks: %s', async (_, health, asks) => {
  const reason = 'it is the last target of arn:instance that serves; it is the last target of arn:ip that serves';
  expect(await asksFor({ health })).toEqual(asks ? [reason] : []);
});

test.each([
  [40, 2],
  [1, 1],
])('of a group that wants %i instances, and has two in service, it takes one of %i', async (wanted, size) => {
  const plan = rule.plan(resource, await stateOf({ lifecycle: 'InService', wanted }), context);
  expect(isChanges(plan) && plan.flatMap(({ takesFrom }) => takesFrom ?? [])).toEqual([{ group: 'Auto Scaling group workers', size }]);
});
