import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateNetworkInterfaceCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  ReplaceRouteTableAssociationCommand,
} from '@aws-sdk/client-ec2';
import { CreateDBSubnetGroupCommand } from '@aws-sdk/client-rds';
import { isChanges } from '../../../functions/plan/change';
import rule from '../../../rules/rds/instance-subnets-private';
import { type Aws, type AwsCommand, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { instanceOf, instanceWith } from './db-instance/seed';

/** The route tables that the seeds make: the owner names those without a way to the internet. */
const privateRouteTables: string[] = ['rtb-00000000000000000'];

describeRule(rule, {
  parameters: { privateRouteTables },
  violations: {
    'an instance in public subnets, one by the main route table': {
      seed: (world) => instanceIn(world, { explicit: 'public', main: 'public' }),
      fixed: async (world, id) => expect(await tablesOf(world, id)).toEqual([['private'], ['private']]),
      rolledBack: async (world, id) => expect(await tablesOf(world, id)).toEqual([['public'], ['main']]),
    },
    'an instance in one public subnet, with interfaces of RDS': {
      seed: (world) => instanceIn(world, { explicit: 'public', main: 'private', interfaces: ['RDSNetworkInterface'] }),
      fixed: async (world, id) => expect(await tablesOf(world, id)).toEqual([['private'], ['main']]),
      rolledBack: async (world, id) => expect(await tablesOf(world, id)).toEqual([['public'], ['main']]),
    },
    'an instance whose subnet somebody gives another route table before the rollback': {
      seed: (world) => instanceIn(world, { explicit: 'public', main: 'private' }),
      async meanwhile(world, id) {
        const { DBSubnetGroup } = await instanceOf(world, id);
        const tables = await routeTables(world, DBSubnetGroup?.VpcId);
        const association = tables.flatMap(({ Associations = [] }) => Associations).find(({ SubnetId }) => SubnetId);
        const { RouteTable } = await world.send(new CreateRouteTableCommand({ VpcId: DBSubnetGroup?.VpcId }));
        const AssociationId = association?.RouteTableAssociationId;
        await world.send(new ReplaceRouteTableAssociationCommand({ AssociationId, RouteTableId: RouteTable?.RouteTableId }));
      },
      rollback: 'rollback-refused',
    },
  },
  compliant: {
    'an instance in private subnets of a VPC with public ones': {
      seed: (world) => instanceIn(world, { explicit: 'private', main: 'private', interfaces: ['a web server'] }),
    },
  },
  obstacles: {
    'a web server in the same subnet': {
      seed: (world) => instanceIn(world, { explicit: 'public', main: 'private', interfaces: ['RDSNetworkInterface', 'a web server'] }),
      outcome: 'unfixable',
      reason: /network interfaces that do not belong to RDS \(eni-[0-9a-f]+\)/,
    },
    'a route table of another VPC': {
      seed: (world) => instanceIn(world, { explicit: 'public', main: 'private' }),
      parameters: { privateRouteTables: ['rtb-00000000000000000'] },
      outcome: 'unfixable',
      reason: /privateRouteTables contains no route table of vpc-/,
    },
    'an owner who names no route table': {
      seed: (world) => instanceIn(world, { explicit: 'public', main: 'private' }),
      parameters: { privateRouteTables: [] },
      outcome: 'not-configured',
    },
  },
  missing: 'no-such-instance',
  unexercised: {
    'ec2:ReplaceRouteTableAssociation on arn:{partition}:ec2:{region}:{account}:subnet/*':
      'The input names the association alone, which is that of a subnet.',
  },
});

const orders = {
  type: 'AWS::RDS::DBInstance',
  id: 'orders',
  arn: 'arn:aws:rds:eu-west-1:111122223333:db:orders',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
};
const [publicTable, privateTable] = [`rtb-${'a'.repeat(17)}`, `rtb-${'b'.repeat(17)}`];
const Associations = [{ SubnetId: 'subnet-1', RouteTableAssociationId: 'rtbassoc-1' }];
const OwnerId = orders.account;
const toEverywhere = { GatewayId: 'igw-1', DestinationCidrBlock: '0.0.0.0/0' };
const open = { VpcId: 'vpc-1', RouteTableId: publicTable, OwnerId, Associations, Routes: [{ GatewayId: 'local' }, toEverywhere] };
const closed = { VpcId: 'vpc-1', RouteTableId: privateTable, OwnerId, Associations: [{ Main: true }], Routes: [{ GatewayId: 'vpce-1' }] };

/** An instance in subnet-1 and subnet-2; route tables and network interfaces come one on a page. */
const answering = (tables: readonly object[], interfaces: readonly object[] = []): Aws => ({
  async send<Output>(command: AwsCommand<Output>) {
    const at = Number((command.input as { NextToken?: string }).NextToken ?? 0);
    const page = (name: string, all: readonly object[]) => ({
      [name]: all.slice(at, at + 1),
      ...(at + 1 < all.length && { NextToken: String(at + 1) }),
    });
    if (command instanceof DescribeRouteTablesCommand) return page('RouteTables', tables) as Output;
    if (command instanceof DescribeNetworkInterfacesCommand) {
      // Those of private subnets are nobody's business.
      expect(command.input.Filters).toEqual([{ Name: 'subnet-id', Values: ['subnet-1'] }]);
      return page('NetworkInterfaces', interfaces) as Output;
    }
    const Subnets = ['subnet-2', 'subnet-1'].map((SubnetIdentifier) => ({ SubnetIdentifier }));
    return { DBInstances: [{ DBSubnetGroup: { VpcId: 'vpc-1', Subnets } }] } as Output;
  },
});

async function planFor(aws: Aws, privateRouteTables = [publicTable, privateTable]) {
  const state = await rule.inspect(orders, aws);
  if (state === notFound) throw new Error('It is gone.');
  const plan = rule.plan(orders, state, { parameters: { privateRouteTables }, detectedBy: 'RDS.46', now: new Date(0) });
  return isChanges(plan) ? plan.map(({ do: { input } }) => input) : plan;
}

describe('the plan', () => {
  it('takes the route table that leads to no internet gateway', async () => {
    expect(await planFor(answering([open, closed]))).toEqual([{ AssociationId: 'rtbassoc-1', RouteTableId: privateTable }]);
  });

  it('is none where several named route tables of the VPC would do', async () => {
    const another = { ...closed, RouteTableId: 'rtb-33333333333333333', Associations: [] };
    const named = [another.RouteTableId, privateTable];
    expect(await planFor(answering([open, closed, another]), named)).toEqual({
      unfixable: expect.stringContaining(`(${named.join(', ')})`),
      code: 'several-route-tables',
    });
    expect(await planFor(answering([open, closed, another]), [privateTable])).toHaveLength(1);
  });

  it('is the same where the way out is by IPv6 alone', async () => {
    const Routes = [{ GatewayId: 'igw-1', DestinationIpv6CidrBlock: '::/0' }];
    expect(await planFor(answering([{ ...open, Routes }, closed]))).toHaveLength(1);
  });

  it('leaves alone subnets that lead to no more than a network of the owner', async () => {
    const Routes = [
      { GatewayId: 'igw-1', DestinationCidrBlock: '203.0.113.0/24' },
      { NatGatewayId: 'nat-1', DestinationCidrBlock: '0.0.0.0/0' },
      { EgressOnlyInternetGatewayId: 'eigw-1', DestinationIpv6CidrBlock: '::/0' },
    ];
    expect(await planFor(answering([{ ...open, Routes }, closed]))).toEqual([]);
  });

  it('does not take a route table that leads to such a network', async () => {
    const Routes = [{ GatewayId: 'igw-1', DestinationCidrBlock: '203.0.113.0/24' }];
    expect(await planFor(answering([open, { ...closed, Routes }]))).toEqual({
      unfixable: expect.stringContaining('Create one and add it'),
      code: 'no-private-route-table',
    });
  });

  it.each([
    ['all of them', [], /^The route tables of subnet-1, subnet-2 are not visible/],
    ['the main one', [{ ...closed, Associations }], /^The route tables of subnet-2 are not visible/],
  ])('says so where route tables are hidden: %s', async (_, tables, reason) => {
    expect(await planFor(answering(tables))).toEqual({ unfixable: expect.stringMatching(reason), code: 'state-unreadable' });
  });

  it('says so where no subnets are shown', async () => {
    const aws: Aws = { send: async <Output>() => ({ DBInstances: [{}] }) as Output };
    expect(await planFor(aws)).toEqual({ unfixable: expect.stringContaining('its subnets'), code: 'state-unreadable' });
  });

  it('sees the interfaces of all pages', async () => {
    const interfaces = [{ NetworkInterfaceId: 'eni-1', Description: 'RDSNetworkInterface' }, { NetworkInterfaceId: 'eni-2' }];
    expect(await planFor(answering([open, closed], interfaces))).toEqual({
      unfixable: expect.stringContaining('(eni-2)'),
      code: 'subnet-in-use',
    });
  });

  it('sees a main route table that is also that of subnets', async () => {
    const main = { ...closed, Associations: [{ Main: true }, { SubnetId: 'subnet-9' }] };
    expect(await rule.inspect(orders, answering([open, main]))).toMatchObject({
      subnets: [
        { id: 'subnet-1', table: publicTable, association: 'rtbassoc-1', public: true },
        { id: 'subnet-2', table: privateTable, public: false },
      ],
    });
  });

  it('leaves the VPC of another account to it', async () => {
    expect(await planFor(answering([open, { ...closed, OwnerId: '999988887777' }]))).toEqual({
      unfixable: expect.stringContaining('vpc-1 belongs to another account'),
      code: 'owned-by-other-account',
    });
  });
});

describe('a rollback', () => {
  type Subnet = { id: string; table: string; association?: string; public: boolean };
  const state = (...subnets: Subnet[]) => ({ vpc: 'vpc-1', subnets, privateTables: [privateTable], shared: false, strangers: [] });
  const before = state(
    { id: 'subnet-1', table: publicTable, association: 'rtbassoc-1', public: true },
    { id: 'subnet-2', table: publicTable, public: true },
    { id: 'subnet-3', table: privateTable, association: 'rtbassoc-3', public: false },
  );
  const fixed = (id: string, association: string | undefined = `new-${id}`, table = privateTable): Subnet => ({
    id,
    table,
    ...(association && { association }),
    public: false,
  });
  const after = state(fixed('subnet-1'), fixed('subnet-2'), fixed('subnet-3', 'rtbassoc-3'));
  const revertOwnPart = (...now: Subnet[]) =>
    rule.revertOwnPart?.(orders, state(...now), { before, after, parameters: { privateRouteTables } })?.map(({ input }) => input);
  const first = { AssociationId: 'new-subnet-1', RouteTableId: publicTable };

  it('gives each subnet its route table back', () => {
    expect(revertOwnPart(...after.subnets)).toEqual([first, { AssociationId: 'new-subnet-2' }]);
  });

  it('has nothing to do with subnets that were private, or are no longer there', () => {
    expect(revertOwnPart(fixed('subnet-1'), fixed('subnet-3', 'other', 'rtb-other'))).toEqual([first]);
  });

  it('leaves alone a subnet that somebody has given another route table', () => {
    expect(revertOwnPart(fixed('subnet-1', 'other', 'rtb-other'))).toBeUndefined();
    expect(revertOwnPart(fixed('subnet-1', ''))).toBeUndefined();
  });
});

interface Wished {
  readonly explicit: 'public' | 'private';
  readonly main: 'public' | 'private';
  /** What is in the first subnet. */
  readonly interfaces?: readonly string[];
}

/** An instance in a subnet with a route table of its own, and one with the main route table of the VPC. */
async function instanceIn(world: World, { explicit, main, interfaces = [] }: Wished): Promise<string> {
  const { Vpc } = await world.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const VpcId = Vpc?.VpcId;
  const { InternetGateway } = await world.send(new CreateInternetGatewayCommand({}));
  const GatewayId = InternetGateway?.InternetGatewayId;
  await world.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId: GatewayId }));
  const subnets: string[] = [];
  for (const zone of ['a', 'b']) {
    const place = { VpcId, CidrBlock: `10.0.${subnets.length}.0/24`, AvailabilityZone: `${world.region}${zone}` };
    subnets.push((await world.send(new CreateSubnetCommand(place))).Subnet?.SubnetId ?? '');
  }
  const [first = ''] = subnets;
  for (const Description of interfaces) await world.send(new CreateNetworkInterfaceCommand({ SubnetId: first, Description }));

  const leadOut = (RouteTableId: string | undefined) =>
    world.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId }));
  if (main === 'public') await leadOut((await routeTables(world, VpcId))[0]?.RouteTableId);
  const { RouteTable: open } = await world.send(new CreateRouteTableCommand({ VpcId }));
  await leadOut(open?.RouteTableId);
  const { RouteTable: closed } = await world.send(new CreateRouteTableCommand({ VpcId }));
  privateRouteTables.push(closed?.RouteTableId ?? '');
  const own = explicit === 'public' ? open : closed;
  await world.send(new AssociateRouteTableCommand({ SubnetId: first, RouteTableId: own?.RouteTableId }));

  const DBSubnetGroupName = `group-${Math.random().toString(36).slice(2)}`;
  const group = { DBSubnetGroupName, DBSubnetGroupDescription: 'orders', SubnetIds: subnets };
  await world.send(new CreateDBSubnetGroupCommand(group));
  return instanceWith({ DBSubnetGroupName })(world);
}

async function routeTables(world: World, VpcId = '') {
  const { RouteTables = [] } = await world.send(new DescribeRouteTablesCommand({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] }));
  return RouteTables;
}

/** For each subnet of the instance in order, whether its route table is the main one, else where that leads. */
async function tablesOf(world: World, id: string): Promise<readonly (readonly string[])[]> {
  const { DBSubnetGroup } = await instanceOf(world, id);
  const tables = await routeTables(world, DBSubnetGroup?.VpcId);
  const subnets = (DBSubnetGroup?.Subnets ?? []).toSorted((a, b) =>
    (a.SubnetAvailabilityZone?.Name ?? '') < (b.SubnetAvailabilityZone?.Name ?? '') ? -1 : 1,
  );
  return subnets.map(({ SubnetIdentifier }) => {
    const own = tables.filter(({ Associations: all = [] }) => all.some(({ SubnetId }) => SubnetId === SubnetIdentifier));
    if (own.length === 0) return ['main'];
    return own.map(({ Routes = [] }) => (Routes.some(({ GatewayId }) => GatewayId?.startsWith('igw-')) ? 'public' : 'private'));
  });
}
