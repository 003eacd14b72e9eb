import { AttachInstancesCommand, AutoScalingClient, DetachInstancesCommand } from '@aws-sdk/client-auto-scaling';
import { EC2Client, ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import { DeregisterTargetsCommand, ElasticLoadBalancingV2Client, RegisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import * as z from 'zod';
import { groups as autoScalingGroups, groupReading as autoScalingReading } from '../autoscaling/group/describe';
import { registrationChanging, registrationReading } from '../elb/target-group/registrations';
import { simulate } from '../iam/simulation/simulate';
import { defineRule, notFound } from '../rule';
import { readCollected, snapshotCommands, snapshotMaking, snapshotReading, snapshotTargets } from './evidence/snapshots';
import { describeInstance, instanceReading, isLeaving } from './instance/describe';
import { dryRuns } from './instance/dry-runs';
import { isolation, obstacleTo, releasing } from './instance/isolation/changes';
import { serviceReading } from './instance/isolation/services';
import { sessionChanging, sessionCommands, sessionReading, sessionTargets } from './instance/isolation/sessions';
import { readState, type State } from './instance/isolation/state';
import { compromises } from './instance/isolation/threats';
import { instance } from './instance/resource';
import { groupCommands, groupMaking, groupReading, groupTargets } from './quarantine-group/group';
import { SetInterfaceGroupsCommand } from './quarantine-group/interface';

const parameters = z.strictObject({
  snapshots: z.boolean().default(true).describe('Whether snapshots of all EBS volumes are taken as evidence, which stay.'),
  denySessions: z
    .boolean()
    .default(true)
    .describe('Whether the role of the instance denies everything to the sessions of the instance, and to nobody else.'),
  lockDays: z
    .int()
    .min(1)
    .max(36_500)
    .optional()
    .describe(
      'Days for which the snapshots are locked in governance mode, so that nobody deletes them without the permission to unlock them.',
    ),
  shareWith: z
    .string()
    .regex(/^\d{12}$/, 'Must be the 12 digits of an account.')
    .optional()
    .describe('The account for forensics that may copy the snapshots. AWS does not share those encrypted with the AWS managed key.'),
});

export default defineRule({
  id: 'ec2-instance-isolated',
  title: 'A compromised EC2 instance is isolated',
  why: 'An attacker who controls an instance uses it against others, spreads from it, and takes data out.',
  impact:
    'The instance loses all network access, also to AWS Systems Manager: its network interfaces are in a security group without rules, and it leaves its Auto Scaling group, which launches a replacement, and its target groups. All requests with credentials of its role that it has, or that were copied from it, are denied; others with the role are not affected. It keeps running, with termination protection, and its volumes are kept, of which snapshots are taken: they stay, and are billed, until a person deletes them. Not done: connections that security groups already track continue until they end or time out, which only network ACLs, for all that is in the subnet, or a detached Elastic IP address would cut; the credentials of an instance profile that it had before stay valid; the memory is not captured; Classic Load Balancers are not changed. The security group stays after a rollback.',
  severity: 'critical',
  risk: 'disruptive',
  reversible: 'nearly',
  response: true,
  drill: { permits: simulate, dryRuns },
  resource: instance,
  detectedBy: { securityHub: [], config: [], guardDuty: compromises },
  permissions: {
    inspect: [
      instanceReading,
      groupReading,
      registrationReading,
      snapshotReading,
      serviceReading,
      autoScalingReading,
      ...sessionReading,
      // IAM offers no resource-level permission for these.
      {
        actions: ['ec2:DescribeNetworkInterfaces', 'autoscaling:DescribeAutoScalingInstances'],
        on: '*',
      },
      { actions: ['ec2:DescribeInstanceAttribute'], on: 'arn:{partition}:ec2:{region}:{account}:instance/*' },
    ],
    change: [
      ...snapshotMaking,
      ...groupMaking,
      { actions: ['ec2:ModifyInstanceAttribute'], on: 'arn:{partition}:ec2:{region}:{account}:instance/*' },
      {
        actions: ['ec2:ModifyNetworkInterfaceAttribute'],
        on: ['arn:{partition}:ec2:{region}:{account}:network-interface/*', 'arn:{partition}:ec2:{region}:{account}:security-group/*'],
      },
      { actions: ['autoscaling:DetachInstances', 'autoscaling:AttachInstances'], on: autoScalingGroups },
      registrationChanging,
      sessionChanging,
    ],
  },
  parameters,
  clients: [EC2Client, AutoScalingClient, ElasticLoadBalancingV2Client, IAMClient],
  commands: [
    ModifyInstanceAttributeCommand,
    ...snapshotCommands,
    ...sessionCommands,
    ...groupCommands,
    SetInterfaceGroupsCommand,
    DetachInstancesCommand,
    AttachInstancesCommand,
    DeregisterTargetsCommand,
    RegisterTargetsCommand,
  ],

  async inspect({ id, ...place }, aws): Promise<State | typeof notFound> {
    const found = await describeInstance(id, aws);
    return found && !isLeaving(found) ? readState(id, found, place, aws) : notFound;
  },

  plan(resource, state, { parameters, collectedFor, now }) {
    const changes = isolation(resource, state, { ...parameters, by: 'ec2-instance-isolated', collectedFor, now });
    // With rules, the group that the interfaces are in isolates nothing.
    const isOpened = state.quarantine.some(({ status }) => status === 'opened');
    return (changes.length > 0 || isOpened ? obstacleTo(resource.id, state) : undefined) ?? changes;
  },

  targets({ id, account }, { now, before }) {
    const held = now.interfaces.map((one) => one.id);
    const ids = [id, ...now.interfaces.flatMap(({ addresses }) => addresses)];
    const volumes = now.volumes.flatMap((volume) => volume.id ?? []);
    const groups = [now, before].flatMap(({ group }) => group ?? []);
    const targetGroups = [now, before].flatMap(({ registrations }) => registrations.map(({ group }) => group));
    return {
      ...snapshotTargets(id, volumes),
      ...sessionTargets(id, [now, before]),
      ...groupTargets(now.quarantine, { account }),
      // What else the command can set is none of the rule's.
      ModifyInstanceAttribute: { InstanceId: id, Groups: null, UserData: null, SourceDestCheck: null, Attribute: null },
      ModifyNetworkInterfaceAttribute: [
        { NetworkInterfaceId: held, Groups: null },
        ...before.interfaces.filter((one) => held.includes(one.id)).map((one) => ({ NetworkInterfaceId: one.id, 'Groups[]': one.groups })),
      ],
      DetachInstances: { AutoScalingGroupName: groups, 'InstanceIds[]': id },
      AttachInstances: { AutoScalingGroupName: groups, 'InstanceIds[]': id },
      DeregisterTargets: { TargetGroupArn: targetGroups, 'Targets[].Id': ids },
      RegisterTargets: { TargetGroupArn: targetGroups, 'Targets[].Id': ids },
    };
  },

  collected: (_, aws, remediation) => readCollected(remediation, aws),

  // Without `list`: an instance that nothing was found on is not to be isolated.
  revertOwnPart: ({ id }, now, { before, after }) => releasing(id, now, before, after),
});
