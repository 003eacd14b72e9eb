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
import { undefinedOn } from '../absence';
import { instance } from '../ec2/instance/resource';
import { collect } from '../pages';
import { defineRule, notFound } from '../rule';
import { agentReading, isOnline, readAgent } from './managed-instance/agent';
import { type Profile, profileProblems, profileReading, readProfile, rolePassing } from './managed-instance/profile';

const parameters = z.strictObject({
  instanceProfileName: z
    .string()
    .regex(/^[\w+=,.@-]{1,128}$/)
    .describe(
      'The instance profile for instances without one. Its role must have AmazonSSMManagedInstanceCore, and a name that begins with posture-ssm-.',
    ),
});

/** `profile`: the name of the profile of the instance, if any. `association`: its id, if it is the profile of the parameter. `partner`: the state of that profile, if it is needed. */
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
  why: 'Systems Manager does not patch or inventory an instance that it does not manage.',
  impact:
    'The instance gets the role of the profile, and programs on it can use its credentials. Users of Systems Manager in the account can run commands on it. Nothing restarts.',
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
  // The agent checks for new credentials every 30 minutes.
  settle: 3600,

  async inspect({ id }, aws, { instanceProfileName }: z.infer<typeof parameters>): Promise<State | typeof notFound> {
    const answer = await undefinedOn(
      ['InvalidInstanceID.NotFound', 'InvalidInstanceID.Malformed'],
      aws.send(new DescribeInstancesCommand({ InstanceIds: [id] })),
    );
    const found = answer?.Reservations?.[0]?.Instances?.[0];
    const status = found?.State?.Name ?? 'terminated';
    if (!found || status === 'terminated') return notFound;
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
    if (status === 'stopped' && agent !== 'unknown') return [];
    // With the profile it may have been stopped right after the fix, which then is still being verified.
    if (status === 'stopped' && profile !== instanceProfileName)
      return {
        unfixable: 'The instance is stopped and not known to Systems Manager. Its agent can connect only when it runs.',
        code: 'instance-stopped',
      };
    if (status !== 'running') return { blocked: `The instance is ${status}.`, code: 'being-modified' };
    if (profile === instanceProfileName)
      return {
        blocked: `The instance has the profile ${profile}, but its agent has not connected yet. If that persists, check that the agent is installed and can reach Systems Manager.`,
        code: 'agent-not-connected',
      };
    if (profile !== null)
      return {
        unfixable: `The instance has the profile ${profile}, and its agent is not connected. Check that the role of the profile has AmazonSSMManagedInstanceCore, and that the agent runs and can reach Systems Manager.`,
        code: 'agent-not-connected',
      };
    const problem = partner && profileProblems[partner];
    if (problem !== undefined) return { unfixable: problem.replace('{name}', instanceProfileName), code: `instance-profile-${partner}` };
    return [
      {
        do: new AssociateIamInstanceProfileCommand({ InstanceId: id, IamInstanceProfile: { Name: instanceProfileName } }),
        undo: 'revert-own-part',
      },
    ];
  },

  // Somebody who has given the same profile anew since made an association of their own.
  targets: (_, { now: { association } }) => ({ DisassociateIamInstanceProfile: { AssociationId: association ?? [] } }),

  revertOwnPart(_, now, { before, after }) {
    if (now.association === undefined || before.profile !== null) return [];
    if (after.association !== undefined && now.association !== after.association) return [];
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
