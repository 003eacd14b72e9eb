import { BedrockAgentCoreControlClient, GetAgentRuntimeCommand, ListAgentRuntimesCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { collect } from '../pages';
import { defineRule, notFound, type Obstacle } from '../rule';
import { rolePassing } from './role/passing';
import { SetNetworkCommand } from './runtime/network';
import { runtime, runtimes } from './runtime/resource';
import { readNetworkProblem, vpcReading } from './runtime/vpc';
import { busy } from './status/busy';

const parameters = z.strictObject({
  subnetIds: z
    .array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/))
    .min(1)
    .max(16)
    .describe(
      'The private subnets, of one VPC, for the runtimes of this account and Region. They need a route to everything that the agents call.',
    ),
  securityGroupIds: z
    .array(z.string().regex(/^sg-[0-9a-f]{8,17}$/))
    .min(1)
    .max(16)
    .describe('The security groups, of the same VPC, which control what the agents can call.'),
});

/** `status`: the status of a runtime that does not accept changes now. `problem`: why the runtime cannot use the subnets and security groups. */
type State = { readonly mode: string; readonly status?: string; readonly problem?: Obstacle };

export default defineRule({
  id: 'bedrockagentcore-runtime-in-vpc',
  title: 'Bedrock AgentCore runtimes run in a VPC',
  why: 'In public network mode, an agent can reach any address on the internet, also when prompted to by an attacker, and its traffic is not monitored.',
  impact:
    'AgentCore creates a new version of the runtime, and the default endpoint points to it; endpoints with a fixed version do not change. From now on, agents cannot reach destinations for which the VPC has no route.',
  severity: 'high',
  risk: 'disruptive',
  resource: runtime,
  property: 'NetworkConfiguration',
  detectedBy: { securityHub: ['BedrockAgentCore.1'], config: ['bedrockagentcore-runtime-private-network-required'] },
  permissions: {
    inspect: [
      { actions: ['bedrock-agentcore:GetAgentRuntime'], on: runtimes },
      // IAM offers no resource-level permission for it.
      { actions: ['bedrock-agentcore:ListAgentRuntimes'], on: '*' },
      vpcReading,
    ],
    change: [
      { actions: ['bedrock-agentcore:UpdateAgentRuntime'], on: runtimes },
      rolePassing,
      {
        actions: ['iam:CreateServiceLinkedRole'],
        on: 'arn:{partition}:iam::{account}:role/aws-service-role/network.bedrock-agentcore.amazonaws.com/AWSServiceRoleForBedrockAgentCoreNetwork',
        condition: { StringEquals: { 'iam:AWSServiceName': 'network.bedrock-agentcore.amazonaws.com' } },
      },
    ],
  },
  clients: [BedrockAgentCoreControlClient, EC2Client],
  commands: [SetNetworkCommand],
  parameters,
  settle: 900,

  async inspect({ id }, aws, expected: z.infer<typeof parameters>): Promise<State | typeof notFound> {
    const found = await undefinedOn(['ResourceNotFoundException'], aws.send(new GetAgentRuntimeCommand({ agentRuntimeId: id })));
    if (!found || found.status === 'DELETING') return notFound;
    const mode = found.networkConfiguration?.networkMode ?? 'unknown';
    if (mode !== 'PUBLIC') return { mode };
    const problem = await readNetworkProblem(expected, aws);
    return { mode, ...busy(found.status), ...(problem !== undefined && { problem }) };
  },

  plan({ id }, { mode, status, problem }, { parameters: { subnetIds, securityGroupIds } }) {
    if (mode !== 'PUBLIC') return [];
    if (status !== undefined)
      return { blocked: `The runtime is ${status}. AgentCore accepts changes when it is ready again.`, code: 'being-modified' };
    if (problem !== undefined) return problem;
    const own = { networkMode: 'VPC' as const, networkModeConfig: { subnets: subnetIds, securityGroups: securityGroupIds } };
    return [
      {
        do: new SetNetworkCommand({ agentRuntimeId: id, networkConfiguration: own, before: 'PUBLIC' }),
        undo: new SetNetworkCommand({ agentRuntimeId: id, networkConfiguration: { networkMode: 'PUBLIC' }, before: 'VPC' }),
      },
    ];
  },

  async list(_, aws) {
    const found = await collect(
      (nextToken) => aws.send(new ListAgentRuntimesCommand({ maxResults: 100, nextToken })),
      ({ agentRuntimes }) => agentRuntimes,
      ({ nextToken }) => nextToken,
    );
    return found.flatMap(({ agentRuntimeId }) => agentRuntimeId ?? []);
  },
});
