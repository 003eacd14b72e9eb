import {
  CreateSecurityGroupCommand,
  CreateVpcEndpointCommand,
  type CreateVpcEndpointCommandInput,
  DeleteVpcEndpointsCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { amend } from '../amendment';
import { collect } from '../pages';
import { type Aws, type Change, defineRule, notFound, type Place, type Tags } from '../rule';
import { chooseSubnets, type EndpointSubnet, endpointSubnetReading, readEndpointSubnets } from './vpc/endpoint-subnets';
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
      'The number of Availability Zones of the endpoint, or fewer if the VPC has subnets in fewer; the first by name. Each zone is charged by the hour.',
    ),
  subnetIds: z
    .array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/))
    .min(1)
    .max(6)
    .optional()
    .describe(
      'The subnets of the endpoint, one in an Availability Zone, for a policy that applies to a single VPC. Default: of each zone the largest subnet without a route to an internet gateway, or else the largest. Where several are alike, the rule does not choose.',
    ),
  securityGroupIds: z
    .array(z.string().regex(/^sg-[0-9a-f]{8,17}$/))
    .min(1)
    .max(5)
    .optional()
    .describe(
      'The security groups of the endpoint, for a policy that applies to a single VPC. Default: a new one without inbound rules, so that clients have access only after you add rules.',
    ),
});

/** The security group that the rule creates for the endpoint. Names are unique within a VPC. */
const GroupName = `posture-${id}`;

type Endpoint = { readonly id: string; readonly status: string /** Whether this rule created it. */; readonly own: boolean };

type State = {
  readonly owner: string;
  /** The EC2 endpoints of the VPC, sorted. */
  readonly endpoints: readonly Endpoint[];
  /** Those in zones that support the endpoint, sorted; none if there is an endpoint. */
  readonly subnets: readonly EndpointSubnet[];
  /** The security group of this rule in the VPC; `foreign` has its name, and was not created by it. */
  readonly group: 'absent' | 'own' | 'foreign';
};

/**
 * Creates one endpoint even if the SDK retries the call: without a client token, a retry would create a second one.
 * Without security groups in its input, it is in the one of this rule, whose ID AWS has assigned meanwhile.
 */
const CreateOneEndpointCommand = amend<CreateVpcEndpointCommandInput>(CreateVpcEndpointCommand, async (input, aws) => {
  const SecurityGroupIds =
    input.SecurityGroupIds ?? (await readGroups(input.VpcId ?? '', aws)).filter(isOwn).flatMap(({ GroupId }) => GroupId ?? []);
  // AWS would take the default group of the VPC, which should not be in use.
  if (SecurityGroupIds.length === 0)
    throw Object.assign(new Error(`The security group ${GroupName} does not exist in ${input.VpcId}.`), { name: 'InvalidGroup.NotFound' });
  return new CreateVpcEndpointCommand({ ...input, SecurityGroupIds, ClientToken: crypto.randomUUID() });
});

const forEc2Alone = { unmappable: 'The rule creates an endpoint for Amazon EC2 alone.', except: ['ec2'] };

const endpointsHeld = 'arn:{partition}:ec2:{region}:{account}:vpc-endpoint/*';

export default defineRule({
  id,
  title: 'VPCs have an interface endpoint for Amazon EC2',
  why: 'Without an endpoint, calls to Amazon EC2 from the VPC require a route to the internet, which is also open to all other traffic.',
  impact:
    'An interface endpoint is created, with a security group of its own that has no inbound rules, or with the groups of the parameter. It is charged by hour and zone. Private DNS is disabled, so that nothing changes for existing clients of EC2: enable it when the security group allows their traffic. The security group stays after a rollback.',
  severity: 'medium',
  risk: 'safe',
  reversible: 'nearly',
  resource: vpc,
  marksOwnPart: true,
  // vpc-endpoint-enabled checks for endpoints of any service that its owner specifies.
  detectedBy: { securityHub: ['EC2.10'], config: [] },
  detectorParameters: {
    'EC2.10': { serviceNames: forEc2Alone, serviceName: forEc2Alone },
  },
  permissions: {
    inspect: [
      endpointSubnetReading,
      // IAM offers no resource-level permission for these.
      { actions: ['ec2:DescribeVpcs', 'ec2:DescribeVpcEndpoints', 'ec2:DescribeSecurityGroups'], on: '*' },
    ],
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
      {
        actions: ['ec2:CreateSecurityGroup'],
        on: ['arn:{partition}:ec2:{region}:{account}:vpc/*', 'arn:{partition}:ec2:{region}:{account}:security-group/*'],
      },
      {
        actions: ['ec2:CreateTags'],
        on: 'arn:{partition}:ec2:{region}:{account}:security-group/*',
        condition: { StringEquals: { 'ec2:CreateAction': 'CreateSecurityGroup' } },
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
  commands: [CreateSecurityGroupCommand, CreateOneEndpointCommand, DeleteVpcEndpointsCommand],
  parameters,
  settle: 600,

  async inspect({ id: vpcId, ...place }, aws): Promise<State | typeof notFound> {
    const absent = ['InvalidVpcID.NotFound', 'InvalidVpcID.Malformed', 'InvalidVpcId.Malformed'];
    const answer = await undefinedOn(absent, aws.send(new DescribeVpcsCommand({ VpcIds: [vpcId] })));
    const [found] = answer?.Vpcs ?? [];
    if (!found) return notFound;
    const endpoints = await readEndpoints(vpcId, serviceOf(place), aws);
    const none = endpoints.length === 0;
    const [group] = await readGroups(vpcId, aws);
    return {
      owner: found.OwnerId ?? '',
      endpoints,
      subnets: none ? await readEndpointSubnets(vpcId, serviceOf(place), aws) : [],
      group: group ? ownership(group) : 'absent',
    };
  },

  plan(resource, { owner, endpoints, subnets, group }, { parameters: { securityGroupIds, ...wish } }) {
    if (endpoints.some(({ status }) => status === 'available')) return [];
    const pending = endpoints.find(({ status }) => status === 'pending');
    if (pending) return { blocked: `The endpoint ${pending.id} is being created.`, code: 'being-modified' };
    const [endpoint] = endpoints;
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
    if (group === 'foreign' && securityGroupIds === undefined)
      return {
        unfixable: `A security group named ${GroupName} exists in the VPC, and this rule did not create it. Rename or delete it, or set securityGroupIds.`,
        code: 'name-taken',
      };
    const chosen = chooseSubnets(subnets, wish);
    if (!('ids' in chosen)) return chosen;
    const { ids, note } = chosen;
    const making = new CreateOneEndpointCommand({
      ...(securityGroupIds && { SecurityGroupIds: [...securityGroupIds] }),
      VpcId: resource.id,
      VpcEndpointType: 'Interface',
      ServiceName: serviceOf(resource),
      SubnetIds: [...ids],
      PrivateDnsEnabled: false,
      TagSpecifications: [{ ResourceType: 'vpc-endpoint', Tags: tagList }],
    });
    const grouping: Change = {
      do: new CreateSecurityGroupCommand({
        GroupName,
        Description: 'For the interface endpoint for Amazon EC2',
        VpcId: resource.id,
        TagSpecifications: [{ ResourceType: 'security-group', Tags: tagList }],
      }),
      undo: 'revert-own-part',
      nearest: `The security group ${GroupName} stays: AWS deletes none while the network interfaces of the endpoint exist.`,
    };
    return [
      ...(securityGroupIds === undefined && group === 'absent' ? [grouping] : []),
      // The new group may not be visible everywhere yet.
      {
        do: making,
        undo: 'revert-own-part',
        retryOn: ['InvalidGroup.NotFound', 'InvalidSecurityGroupID.NotFound'],
        ...(note !== undefined && { note }),
      },
    ];
  },

  targets: ({ id: vpcId }, { now: { subnets, endpoints }, parameters: { securityGroupIds } }) => ({
    CreateSecurityGroup: { VpcId: vpcId, GroupName },
    CreateVpcEndpoint: {
      VpcId: vpcId,
      'SubnetIds[]': subnets.map((subnet) => subnet.id),
      ...(securityGroupIds ? { 'SecurityGroupIds[]': securityGroupIds } : { SecurityGroupIds: null }),
    },
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

const tagList = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

const isOwn = ({
  Tags = [],
}: {
  readonly Tags?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;
}): boolean => Tags.some(({ Key = '', Value }) => tags[Key] === Value);

const ownership = (group: SecurityGroup): State['group'] => (isOwn(group) ? 'own' : 'foreign');

/** The security group of the VPC with the name of this rule's, if there is one. */
async function readGroups(vpcId: string, aws: Aws): Promise<readonly SecurityGroup[]> {
  const Filters = [
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'group-name', Values: [GroupName] },
  ];
  return (await aws.send(new DescribeSecurityGroupsCommand({ Filters }))).SecurityGroups ?? [];
}

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
      own: isOwn({ Tags }),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
