import {
  CreateVpcEndpointCommand,
  type CreateVpcEndpointCommandInput,
  DeleteVpcEndpointsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointServicesCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { amend } from '../amendment';
import { collect } from '../pages';
import { type Aws, defineRule, notFound, type Place, type Tags } from '../rule';
import { vpc } from './vpc/resource';

const id = 'ec2-vpc-endpoint-for-ec2';
const tags: Tags = { 'posture:rule': id };

const parameters = z.strictObject({
  availabilityZones: z
    .int()
    .min(1)
    .max(6)
    .default(2)
    .describe(
      'The number of Availability Zones of the endpoint, or fewer if the VPC has subnets in fewer. Each zone is charged by the hour.',
    ),
});

type Endpoint = { readonly id: string; readonly status: string /** Whether this rule created it. */; readonly own: boolean };

type State = {
  readonly owner: string;
  /** The EC2 endpoints of the VPC, sorted. */
  readonly endpoints: readonly Endpoint[];
  /** One subnet for each zone that supports the endpoint, by zone. */
  readonly subnets: readonly string[];
};

/** Creates one endpoint even if the SDK retries the call: without a client token, a retry would create a second one. */
const CreateOneEndpointCommand = amend<CreateVpcEndpointCommandInput>(
  CreateVpcEndpointCommand,
  async (input) => new CreateVpcEndpointCommand({ ...input, ClientToken: crypto.randomUUID() }),
);

const endpointsHeld = 'arn:{partition}:ec2:{region}:{account}:vpc-endpoint/*';

export default defineRule({
  id,
  title: 'VPCs have an interface endpoint for Amazon EC2',
  why: 'Without an endpoint, calls to Amazon EC2 from the VPC require a route to the internet, which is also open to all other traffic.',
  impact:
    'An interface endpoint is created in the default security group of the VPC, which is in use from then on. It is charged by hour and zone. Private DNS is disabled, so that nothing changes for existing clients of EC2: enable it when the security group allows their traffic.',
  severity: 'medium',
  risk: 'safe',
  resource: vpc,
  // vpc-endpoint-enabled checks for endpoints of any service that its owner specifies.
  detectedBy: { securityHub: ['EC2.10'], config: [] },
  detectorParameters: {
    'EC2.10': { serviceName: { unmappable: 'The rule creates an endpoint for Amazon EC2 alone.', except: ['ec2'] } },
  },
  permissions: {
    // IAM offers no resource-level permission for these.
    inspect: {
      actions: ['ec2:DescribeVpcs', 'ec2:DescribeVpcEndpoints', 'ec2:DescribeVpcEndpointServices', 'ec2:DescribeSubnets'],
      on: '*',
    },
    change: [
      {
        actions: ['ec2:CreateVpcEndpoint'],
        on: [
          endpointsHeld,
          'arn:{partition}:ec2:{region}:{account}:vpc/*',
          'arn:{partition}:ec2:{region}:{account}:subnet/*',
          'arn:{partition}:ec2:{region}:{account}:security-group/*',
        ],
      },
      { actions: ['ec2:CreateTags'], on: endpointsHeld, condition: { StringEquals: { 'ec2:CreateAction': 'CreateVpcEndpoint' } } },
      {
        actions: ['ec2:DeleteVpcEndpoints'],
        on: endpointsHeld,
        condition: { StringEquals: { 'aws:ResourceTag/posture:rule': id } },
      },
    ],
  },
  clients: [EC2Client],
  commands: [CreateOneEndpointCommand, DeleteVpcEndpointsCommand],
  parameters,
  settle: 600,

  async inspect({ id: vpcId, ...place }, aws): Promise<State | typeof notFound> {
    const absent = ['InvalidVpcID.NotFound', 'InvalidVpcID.Malformed', 'InvalidVpcId.Malformed'];
    const answer = await undefinedOn(absent, aws.send(new DescribeVpcsCommand({ VpcIds: [vpcId] })));
    const [found] = answer?.Vpcs ?? [];
    if (!found) return notFound;
    const endpoints = await readEndpoints(vpcId, serviceOf(place), aws);
    const none = endpoints.length === 0;
    return { owner: found.OwnerId ?? '', endpoints, subnets: none ? await readSubnets(vpcId, serviceOf(place), aws) : [] };
  },

  plan(resource, { owner, endpoints, subnets }, { parameters: { availabilityZones } }) {
    if (endpoints.some(({ status }) => status === 'available')) return [];
    const [endpoint] = endpoints;
    if (endpoint && /^pending$/i.test(endpoint.status))
      return { blocked: `The endpoint ${endpoint.id} is being created.`, code: 'being-modified' };
    if (endpoint)
      return {
        unfixable: `The EC2 endpoint of the VPC, ${endpoint.id}, is ${endpoint.status}. Delete it, so that a new one can be created.`,
        code: 'endpoint-not-available',
      };
    if (owner !== resource.account)
      return {
        unfixable: `The VPC ${resource.id} belongs to account ${owner}, and only that account can create an endpoint in it.`,
        code: 'owned-by-other-account',
      };
    if (subnets.length === 0)
      return {
        unfixable:
          'The VPC has no subnet in an Availability Zone that supports EC2 endpoints. Create one, or delete the VPC if it is not in use.',
        code: 'no-subnet',
      };
    const making = new CreateOneEndpointCommand({
      VpcId: resource.id,
      VpcEndpointType: 'Interface',
      ServiceName: serviceOf(resource),
      SubnetIds: subnets.slice(0, availabilityZones),
      PrivateDnsEnabled: false,
      TagSpecifications: [{ ResourceType: 'vpc-endpoint', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }],
    });
    return [{ do: making, undo: 'revert-own-part' }];
  },

  targets: ({ id: vpcId }, { now: { subnets, endpoints } }) => ({
    CreateVpcEndpoint: { VpcId: vpcId, 'SubnetIds[]': subnets },
    DeleteVpcEndpoints: { 'VpcEndpointIds[]': endpoints.filter(({ own }) => own).map((endpoint) => endpoint.id) },
  }),

  revertOwnPart(_, now, { before }) {
    const known = before.endpoints.map((endpoint) => endpoint.id);
    const made = now.endpoints.filter((endpoint) => endpoint.own && !known.includes(endpoint.id));
    return made.length > 0 ? [new DeleteVpcEndpointsCommand({ VpcEndpointIds: made.map((endpoint) => endpoint.id) })] : [];
  },

  async list({ account }, aws) {
    const vpcs = await collect(
      (NextToken) => aws.send(new DescribeVpcsCommand({ MaxResults: 1000, NextToken })),
      ({ Vpcs }) => Vpcs,
      ({ NextToken }) => NextToken,
    );
    return vpcs.flatMap(({ VpcId, OwnerId }) => (VpcId && OwnerId === account ? VpcId : []));
  },
});

/** China has different service names. */
const serviceOf = ({ partition, region }: Pick<Place, 'partition' | 'region'>): string =>
  `${partition === 'aws-cn' ? 'cn.' : ''}com.amazonaws.${region}.ec2`;

/** The interface endpoints for EC2, except those that are being deleted. */
async function readEndpoints(vpcId: string, service: string, aws: Aws): Promise<readonly Endpoint[]> {
  const Filters = [
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'service-name', Values: [service] },
  ];
  const endpoints = await collect(
    (NextToken) => aws.send(new DescribeVpcEndpointsCommand({ Filters, NextToken })),
    ({ VpcEndpoints }) => VpcEndpoints,
    ({ NextToken }) => NextToken,
  );
  return endpoints
    .filter(({ VpcEndpointType, State }) => VpcEndpointType === 'Interface' && !/^delet/i.test(State ?? ''))
    .map(({ VpcEndpointId = '', State = 'unknown', Tags = [] }) => ({
      id: VpcEndpointId,
      status: State.toLowerCase(),
      own: Tags.some(({ Key = '', Value }) => tags[Key] === Value),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The first subnet of each Availability Zone that supports the service. */
async function readSubnets(vpcId: string, service: string, aws: Aws): Promise<readonly string[]> {
  const { ServiceDetails = [] } = await aws.send(new DescribeVpcEndpointServicesCommand({ ServiceNames: [service] }));
  const offered = ServiceDetails.flatMap(({ AvailabilityZones = [] }) => AvailabilityZones);
  const subnets = await collect(
    (NextToken) => aws.send(new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpcId] }], MaxResults: 1000, NextToken })),
    ({ Subnets }) => Subnets,
    ({ NextToken }) => NextToken,
  );
  const byZone = new Map<string, string>();
  for (const { SubnetId = '', AvailabilityZone = '', Ipv6Native } of subnets.toSorted((a, b) =>
    (a.SubnetId ?? '') < (b.SubnetId ?? '') ? -1 : 1,
  ))
    if (!Ipv6Native && offered.includes(AvailabilityZone) && !byZone.has(AvailabilityZone)) byZone.set(AvailabilityZone, SubnetId);
  return [...byZone].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, subnet]) => subnet);
}
