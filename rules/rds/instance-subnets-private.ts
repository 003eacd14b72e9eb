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
import { leadsOut, routeTableOf } from '../ec2/subnet/routes';
import { readTags, tagPermissions } from '../ec2/tags/read';
import { keptTags, withoutExempt } from '../exempt-parts';
import { collect } from '../pages';
import { type Aws, type AwsCommand, type Change, defineRule, notFound, type Obstacle, type Tags } from '../rule';
import { describeInstance, instances, listInstances } from './db-instance/describe';
import { dbInstance } from './db-instance/resource';

const parameters = z.strictObject({
  privateRouteTables: z
    .array(z.string().regex(/^rtb-[0-9a-f]{8,17}$/))
    .min(1)
    .describe(
      'One route table without a route to an internet gateway, for each VPC with DB instances. It replaces the route table of the public subnets of the instances.',
    ),
});

/** A subnet of the DB subnet group, with its route table: the main one of the VPC without an `association`; '' if none is visible. `tags`: if it is public. */
type Subnet = {
  readonly id: string;
  readonly table: string;
  readonly association?: string;
  readonly public: boolean;
  readonly tags?: Tags;
};

type State = {
  readonly vpc: string;
  readonly subnets: readonly Subnet[];
  /** The route tables of the VPC without a route to an internet gateway. */
  readonly privateTables: readonly string[];
  /** Whether the VPC belongs to another account, which alone can change its routes. */
  readonly shared: boolean;
  /** Network interfaces in the public subnets that do not belong to RDS. */
  readonly strangers: readonly string[];
};

const nearest = 'The subnets have new route table association IDs.';

export default defineRule({
  id: 'rds-instance-subnets-private',
  title: 'RDS DB instances are in subnets without a route to an internet gateway',
  why: 'In a public subnet, one setting and one security group rule are enough to expose a database to the internet.',
  impact:
    'The public subnets of the instance get the route table that you specify. Instances with a public address are no longer reachable from outside, and outbound traffic uses only the routes of that table. Subnets with network interfaces of anything except RDS are not changed.',
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
      ...tagPermissions,
    ],
    change: {
      actions: ['ec2:ReplaceRouteTableAssociation', 'ec2:AssociateRouteTable', 'ec2:DisassociateRouteTable'],
      on: ['arn:{partition}:ec2:{region}:{account}:route-table/*', 'arn:{partition}:ec2:{region}:{account}:subnet/*'],
    },
  },
  clients: [RDSClient, EC2Client],
  commands: [ReplaceRouteTableAssociationCommand, AssociateRouteTableCommand, DisassociateRouteTableCommand],
  parameters,

  async inspect(resource, aws): Promise<State | typeof notFound> {
    const { id, account } = resource;
    const instance = await describeInstance(id, aws);
    if (!instance) return notFound;
    const { VpcId: vpc = '', Subnets = [] } = instance.DBSubnetGroup ?? {};
    const tables = vpc === '' ? [] : await routeTablesOf(vpc, aws);
    const subnets = Subnets.flatMap(({ SubnetIdentifier }) => SubnetIdentifier ?? [])
      .toSorted()
      .map((subnet) => routed(subnet, vpc, tables));
    const open = subnets.filter((subnet) => subnet.public).map((subnet) => subnet.id);
    const tagged: Subnet[] = [];
    for (const subnet of subnets)
      tagged.push(subnet.public ? { ...subnet, ...keptTags(await readTags({ ...resource, id: subnet.id }, aws)) } : subnet);
    return {
      vpc,
      subnets: tagged,
      privateTables: tables
        .filter((table) => !hasGateway(table))
        .flatMap(({ RouteTableId }) => RouteTableId ?? [])
        .toSorted(),
      shared: tables.length === 0 || tables.some(({ OwnerId }) => OwnerId !== account),
      strangers: open.length > 0 ? await strangersIn(open, aws) : [],
    };
  },

  plan(_, state, { parameters: { privateRouteTables }, ...context }) {
    const unknown = state.subnets.filter(({ table }) => table === '').map(({ id }) => id);
    if (state.subnets.length === 0 || unknown.length > 0)
      return {
        unfixable: `The route tables of ${unknown.join(', ') || 'its subnets'} are not visible, so whether they lead to the internet is unknown.`,
        code: 'state-unreadable',
      };
    const open = withoutExempt(
      state.subnets.filter((subnet) => subnet.public),
      ({ id }) => `the subnet ${id}`,
      context,
    );
    if (open.length === 0) return [];
    const tables = privateRouteTables.filter((one) => state.privateTables.includes(one));
    return obstacleTo(state, open, tables) ?? open.map((subnet) => rerouting(subnet, tables[0] ?? ''));
  },

  targets(_, { now, before }) {
    const AssociationId = now.subnets.flatMap(({ association }) => association ?? []);
    const RouteTableId = [...now.privateTables, ...before.subnets.map(({ table }) => table)];
    return {
      AssociateRouteTable: { SubnetId: now.subnets.map(({ id }) => id), GatewayId: null, RouteTableId },
      ReplaceRouteTableAssociation: { AssociationId, RouteTableId },
      DisassociateRouteTable: { AssociationId },
    };
  },

  revertOwnPart(_, now, { before, after }) {
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

function routed(id: string, VpcId: string, tables: readonly RouteTable[]): Subnet {
  const table = routeTableOf({ SubnetId: id, VpcId }, tables);
  const association = table?.Associations?.find(({ SubnetId }) => SubnetId === id)?.RouteTableAssociationId;
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

function obstacleTo({ vpc, shared, strangers }: State, open: readonly Subnet[], tables: readonly string[]): Obstacle | undefined {
  const named = open.map(({ id }) => id).join(', ');
  if (shared)
    return {
      unfixable: `The VPC ${vpc} belongs to another account, and only that account can change the routes of ${named}.`,
      code: 'owned-by-other-account',
    };
  if (strangers.length > 0)
    return {
      unfixable: `The public subnets ${named} also contain network interfaces that do not belong to RDS (${strangers.slice(0, 5).join(', ')}) and may need the internet. Create private subnets, and restore the instance there.`,
      code: 'subnet-in-use',
    };
  if (tables.length > 1)
    return {
      unfixable: `privateRouteTables contains several route tables of ${vpc} (${tables.join(', ')}), and only their owner knows which one is meant for ${named}. Name one for the VPC, or associate the subnets manually.`,
      code: 'several-route-tables',
    };
  if (tables.length === 0)
    return {
      unfixable: `privateRouteTables contains no route table of ${vpc} without a route to an internet gateway. Create one and add it.`,
      code: 'no-private-route-table',
    };
  return undefined;
}

function rerouting({ id, association }: Subnet, RouteTableId: string): Change {
  const command =
    association === undefined
      ? new AssociateRouteTableCommand({ SubnetId: id, RouteTableId })
      : new ReplaceRouteTableAssociationCommand({ AssociationId: association, RouteTableId });
  return { do: command, undo: 'revert-own-part', nearest };
}
