import {
  AssociateRouteTableCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DisassociateRouteTableCommand,
  EC2Client,
  ReplaceRouteTableAssociationCommand,
  type RouteTable,
} from '@aws-sdk/client-ec2';
import { RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { collect } from '../pages';
import { type Aws, type AwsCommand, type Change, defineRule, gone, type Obstacle } from '../rule';
import { describeInstance, instances, listInstances } from './db-instance/describe';
import { dbInstance } from './db-instance/resource';

const parameters = z.strictObject({
  privateRouteTables: z
    .array(z.string().regex(/^rtb-[0-9a-f]{8,17}$/))
    .min(1)
    .describe(
      'A route table for each VPC that has DB instances, without a route to an internet gateway. The public subnets of the instances get it.',
    ),
});

/** A subnet of the instance's subnet group, with its route table, '' where none is to be seen; the main one of the VPC where there is no `association`. */
type Subnet = { readonly id: string; readonly table: string; readonly association?: string; readonly public: boolean };

type State = {
  readonly vpc: string;
  readonly subnets: readonly Subnet[];
  /** The route tables of the VPC that lead to no internet gateway. */
  readonly privateTables: readonly string[];
  /** Whether another account shares the VPC, and alone can change its routes. */
  readonly shared: boolean;
  /** Network interfaces in the public subnets that are not of RDS. */
  readonly strangers: readonly string[];
};

const nearest = 'The associations of the subnets with their route tables have new ids.';

export default defineRule({
  id: 'rds-instance-subnets-private',
  title: 'RDS DB instances are in subnets without a way to the internet',
  why: 'In a public subnet, one setting and one lax security group are all that is between a database and the internet.',
  impact:
    'The public subnets of the instance get the route table that you name. Instances with a public address can no longer be reached from outside, and none reaches the internet but by what that table has. Subnets in which anything but RDS has an address are left alone.',
  severity: 'high',
  risk: 'disruptive',
  reversible: 'nearly',
  resource: dbInstance,
  detectedBy: { securityHub: ['RDS.46'], config: ['rds-instance-subnet-igw-check'] },
  permissions: {
    inspect: [
      { actions: ['rds:DescribeDBInstances'], on: instances },
      // IAM supports no resource-level permissions for these.
      { actions: ['ec2:DescribeRouteTables', 'ec2:DescribeNetworkInterfaces'], on: '*' },
    ],
    change: {
      actions: ['ec2:ReplaceRouteTableAssociation', 'ec2:AssociateRouteTable', 'ec2:DisassociateRouteTable'],
      on: ['arn:{partition}:ec2:{region}:{account}:route-table/*', 'arn:{partition}:ec2:{region}:{account}:subnet/*'],
    },
  },
  clients: [RDSClient, EC2Client],
  commands: [ReplaceRouteTableAssociationCommand, AssociateRouteTableCommand, DisassociateRouteTableCommand],
  parameters,

  async inspect({ id, account }, aws): Promise<State | typeof gone> {
    const instance = await describeInstance(id, aws);
    if (!instance) return gone;
    const { VpcId: vpc = '', Subnets = [] } = instance.DBSubnetGroup ?? {};
    const tables = vpc === '' ? [] : await routeTablesOf(vpc, aws);
    const subnets = Subnets.flatMap(({ SubnetIdentifier }) => SubnetIdentifier ?? [])
      .toSorted()
      .map((subnet) => routed(subnet, tables));
    const open = subnets.filter((subnet) => subnet.public).map((subnet) => subnet.id);
    return {
      vpc,
      subnets,
      privateTables: tables
        .filter((table) => !hasGateway(table))
        .flatMap(({ RouteTableId }) => RouteTableId ?? [])
        .toSorted(),
      shared: tables.length === 0 || tables.some(({ OwnerId }) => OwnerId !== account),
      strangers: open.length > 0 ? await strangersIn(open, aws) : [],
    };
  },

  plan(_, state, { parameters: { privateRouteTables } }) {
    const unknown = state.subnets.filter(({ table }) => table === '').map(({ id }) => id);
    if (state.subnets.length === 0 || unknown.length > 0)
      return {
        unfixable: `The route tables of ${unknown.join(', ') || 'its subnets'} can't be seen, and so not whether they lead to the internet.`,
      };
    const open = state.subnets.filter((subnet) => subnet.public);
    if (open.length === 0) return [];
    const table = privateRouteTables.find((one) => state.privateTables.includes(one));
    return obstacleTo(state, open, table) ?? open.map((subnet) => rerouting(subnet, table ?? ''));
  },

  takeBack(_, now, { before, after }) {
    const commands: AwsCommand[] = [];
    for (const { id, table, association } of before.subnets.filter((subnet) => subnet.public)) {
      const seen = now.subnets.find((subnet) => subnet.id === id);
      if (!seen || seen.table === table) continue;
      if (seen.association === undefined || seen.table !== after.subnets.find((subnet) => subnet.id === id)?.table) return undefined;
      commands.push(
        association === undefined
          ? new DisassociateRouteTableCommand({ AssociationId: seen.association })
          : new ReplaceRouteTableAssociationCommand({ AssociationId: seen.association, RouteTableId: table }),
      );
    }
    return commands;
  },

  list: (_, aws) => listInstances(aws),
});

const routeTablesOf = (vpc: string, aws: Aws): Promise<readonly RouteTable[]> =>
  collect(
    (NextToken) => aws.send(new DescribeRouteTablesCommand({ Filters: [{ Name: 'vpc-id', Values: [vpc] }], MaxResults: 100, NextToken })),
    ({ RouteTables }) => RouteTables,
    ({ NextToken }) => NextToken,
  );

const toGateway = ({ Routes = [] }: RouteTable) => Routes.filter(({ GatewayId }) => GatewayId?.startsWith('igw-'));

const hasGateway = (table: RouteTable): boolean => toGateway(table).length > 0;

/** A route to single networks, such as those of an office, makes no subnet public. */
const leadsOut = (table: RouteTable): boolean =>
  toGateway(table).some((route) => route.DestinationCidrBlock === '0.0.0.0/0' || route.DestinationIpv6CidrBlock === '::/0');

function routed(id: string, tables: readonly RouteTable[]): Subnet {
  const own = tables.find(({ Associations = [] }) => Associations.some(({ SubnetId }) => SubnetId === id));
  const table = own ?? tables.find(({ Associations = [] }) => Associations.some(({ Main }) => Main));
  const association = own?.Associations?.find(({ SubnetId }) => SubnetId === id)?.RouteTableAssociationId;
  return { id, table: table?.RouteTableId ?? '', ...(association && { association }), public: table !== undefined && leadsOut(table) };
}

async function strangersIn(subnets: readonly string[], aws: Aws): Promise<readonly string[]> {
  const found = await collect(
    (NextToken) =>
      aws.send(
        new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'subnet-id', Values: [...subnets] }], MaxResults: 1000, NextToken }),
      ),
    ({ NetworkInterfaces }) => NetworkInterfaces,
    ({ NextToken }) => NextToken,
  );
  return found
    .filter(({ Description }) => Description !== 'RDSNetworkInterface')
    .flatMap(({ NetworkInterfaceId }) => NetworkInterfaceId ?? [])
    .toSorted();
}

function obstacleTo({ vpc, shared, strangers }: State, open: readonly Subnet[], table: string | undefined): Obstacle | undefined {
  const named = open.map(({ id }) => id).join(', ');
  if (shared) return { unfixable: `The VPC ${vpc} belongs to another account, which alone can change the routes of ${named}.` };
  if (strangers.length > 0)
    return {
      unfixable: `In the public subnets ${named} are also network interfaces that are not of RDS (${strangers.slice(0, 5).join(', ')}), and may need their way to the internet. Make private subnets, and restore the instance there.`,
    };
  if (table === undefined)
    return { unfixable: `No table of privateRouteTables is in ${vpc} and leads to no internet gateway. Make one, and add it.` };
  return undefined;
}

function rerouting({ id, association }: Subnet, RouteTableId: string): Change {
  const command =
    association === undefined
      ? new AssociateRouteTableCommand({ SubnetId: id, RouteTableId })
      : new ReplaceRouteTableAssociationCommand({ AssociationId: association, RouteTableId });
  return { do: command, undo: 'take-back', nearest };
}
