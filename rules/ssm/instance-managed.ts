import {
  AssociateIamInstanceProfileCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DescribeInstancesCommand,
  DisassociateIamInstanceProfileCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { unless } from '../absence';
import { instance } from '../ec2/instance/resource';
import { collect } from '../pages';
import { defineRule, gone } from '../rule';
import { agentReading, isOnline, readAgent } from './managed-instance/agent';
import { type Profile, profileFaults, profileReading, readProfile, rolePassing } from './managed-instance/profile';

const parameters = z.strictObject({
  instanceProfileName: z
    .string()
    .regex(/^[\w+=,.@-]{1,128}$/)
    .describe(
      'The instance profile for instances that have none. Its role has AmazonSSMManagedInstanceCore, and a name that begins with posture-ssm-.',
    ),
});

/** `profile`: its name, where the instance has one; `association`: its id, where it is the one of the parameter. `partner`: read where it is needed. */
type State = {
  readonly status: string;
  readonly agent: string;
  readonly profile: string | null;
  readonly association?: string;
  readonly partner?: Profile;
};

const instances = 'arn:{partition}:ec2:{region}:{account}:instance/*';

export default defineRule({
  id: 'ssm-instance-managed',
  title: 'EC2 instances are managed by Systems Manager',
  why: 'An instance that Systems Manager does not know gets no patches from it, and shows in no inventory.',
  impact:
    'The instance gets the role of the profile, and programs on it that looked for credentials find those. Whoever may use Systems Manager in the account can run commands on it. Nothing restarts.',
  severity: 'medium',
  risk: 'disruptive',
  resource: instance,
  property: 'IamInstanceProfile',
  detectedBy: { securityHub: ['SSM.1'], config: ['ec2-instance-managed-by-systems-manager'] },
  permissions: {
    inspect: [
      // IAM supports no resource-level permissions for these.
      { actions: ['ec2:DescribeInstances', 'ec2:DescribeIamInstanceProfileAssociations'], on: '*' },
      agentReading,
      ...profileReading,
    ],
    change: [{ actions: ['ec2:AssociateIamInstanceProfile', 'ec2:DisassociateIamInstanceProfile'], on: instances }, rolePassing],
  },
  clients: [EC2Client, IAMClient, SSMClient],
  commands: [AssociateIamInstanceProfileCommand, DisassociateIamInstanceProfileCommand],
  parameters,
  // The agent looks for new credentials every half an hour.
  settle: 3600,

  async inspect({ id }, aws, { instanceProfileName }: z.infer<typeof parameters>): Promise<State | typeof gone> {
    const answer = await unless(
      ['InvalidInstanceID.NotFound', 'InvalidInstanceID.Malformed'],
      aws.send(new DescribeInstancesCommand({ InstanceIds: [id] })),
    );
    const found = answer?.Reservations?.[0]?.Instances?.[0];
    const status = found?.State?.Name ?? 'terminated';
    if (!found || status === 'terminated') return gone;
    const profile = found.IamInstanceProfile?.Arn?.split('/').at(-1) ?? null;
    const agent = await readAgent(id, aws);
    if (profile === null)
      return { status, agent, profile, ...(!isOnline(agent) && { partner: await readProfile(instanceProfileName, aws) }) };
    if (profile !== instanceProfileName) return { status, agent, profile };
    const { IamInstanceProfileAssociations: [association] = [] } = await aws.send(
      new DescribeIamInstanceProfileAssociationsCommand({ Filters: [{ Name: 'instance-id', Values: [id] }] }),
    );
    return { status, agent, profile, ...(association?.AssociationId && { association: association.AssociationId }) };
  },

  plan({ id }, { status, agent, profile, partner }, { parameters: { instanceProfileName } }) {
    if (isOnline(agent)) return [];
    if (status === 'stopped')
      return agent === 'unknown'
        ? { blocked: 'The instance is stopped, and Systems Manager does not know it: its agent can answer only once it runs.' }
        : [];
    if (status !== 'running') return { blocked: `The instance is ${status}.` };
    if (profile === instanceProfileName)
      return {
        blocked: `The instance has the profile ${profile}, but its agent has not answered yet. If that stays so, look whether the agent is installed, and reaches Systems Manager.`,
      };
    if (profile !== null)
      return {
        unfixable: `The instance has the profile ${profile}, and its agent does not answer. Look whether the role in it has AmazonSSMManagedInstanceCore, and whether the agent runs and reaches Systems Manager.`,
      };
    const fault = partner && profileFaults[partner];
    if (fault !== undefined) return { unfixable: fault.replace('{name}', instanceProfileName) };
    return [
      {
        do: new AssociateIamInstanceProfileCommand({ InstanceId: id, IamInstanceProfile: { Name: instanceProfileName } }),
        undo: 'take-back',
      },
    ];
  },

  takeBack(_, now, { before }) {
    if (now.association === undefined || before.profile !== null) return [];
    return [new DisassociateIamInstanceProfileCommand({ AssociationId: now.association })];
  },

  async list(_, aws) {
    const reservations = await collect(
      (NextToken) => aws.send(new DescribeInstancesCommand({ MaxResults: 1000, NextToken })),
      ({ Reservations }) => Reservations,
      ({ NextToken }) => NextToken,
    );
    return reservations.flatMap(({ Instances = [] }) => Instances.flatMap(({ InstanceId }) => InstanceId ?? []));
  },
});
