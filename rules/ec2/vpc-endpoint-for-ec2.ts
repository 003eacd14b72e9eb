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
    .describe('In how many zones the endpoint is; each is billed by the hour. Fewer, where the VPC has subnets in fewer.'),
});

type Endpoint = { readonly id: string; readonly status: string /** Whether this rule made it. */; readonly own: boolean };

type State = {
  readonly owner: string;
  /** Endpoints of the VPC for EC2, sorted. */
  readonly endpoints: readonly Endpoint[];
  /** A subnet for each zone in which there can be an endpoint, by zone. */
  readonly subnets: readonly string[];
};

/** Makes one endpoint, also where its answer is lost and the SDK sends it again: of itself, the SDK gives this call no token. */
const CreateOneEndpointCommand = amend<CreateVpcEndpointCommandInput>(
  CreateVpcEndpointCommand,
  async (input) => new CreateVpcEndpointCommand({ ...input, ClientToken: crypto.randomUUID() }),
);

const endpointsHeld = 'arn:{partition}:ec2:{region}:{account}:vpc-endpoint/*';

export default defineRule({
  id,
  title: 'Every VPC has an endpoint for the API of EC2',
  why: 'Without one, whatever calls EC2 from the VPC needs a way to the internet, which lets everything else out too.',
  impact:
    'An interface endpoint is made, billed by the hour and zone, in the default security group of the VPC, which is in use then. Its private DNS is left off, so that nothing changes for those that call EC2 today: turn it on once the security group lets them in.',
  severity: 'medium',
  risk: 'safe',
  resource: vpc,
  // vpc-endpoint-enabled looks for endpoints of whatever service its owner names.
  detectedBy: { securityHub: ['EC2.10'], config: [] },
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
    if (endpoint && /^pending$/i.test(endpoint.status)) return { blocked: `The endpoint ${endpoint.id} is being made.` };
    if (endpoint)
      return {
        unfixable: `The VPC has an endpoint for EC2, ${endpoint.id}, which is ${endpoint.status}. Delete it, and a new one can be made.`,
      };
    if (owner !== resource.account)
      return { unfixable: `The VPC ${resource.id} belongs to account ${owner}, which alone can give it an endpoint.` };
    if (subnets.length === 0)
      return {
        unfixable: 'The VPC has no subnet in a zone in which EC2 offers endpoints. Make one, or delete the VPC if nothing uses it.',
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

/** China has its own names. */
const serviceOf = ({ partition, region }: Pick<Place, 'partition' | 'region'>): string =>
  `${partition === 'aws-cn' ? 'cn.' : ''}com.amazonaws.${region}.ec2`;

/** Interface endpoints for EC2 that are not about to be gone. */
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

/** The first subnet of each zone in which the service has endpoints. */
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
