import { BedrockAgentCoreControlClient, GetAgentRuntimeCommand, ListAgentRuntimesCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { collect } from '../pages';
import { defineRule, notFound } from '../rule';
import { rolePassing } from './role/passing';
import { SetNetworkCommand } from './runtime/network';
import { runtime, runtimes } from './runtime/resource';
import { readNetworkFault, vpcReading } from './runtime/vpc';
import { busy } from './status/busy';

const parameters = z.strictObject({
  subnetIds: z
    .array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/))
    .min(1)
    .max(16)
    .describe(
      'The private subnets, of one VPC, in which the runtimes of this account and region are to be. They need a way to all that the agents call.',
    ),
  securityGroupIds: z
    .array(z.string().regex(/^sg-[0-9a-f]{8,17}$/))
    .min(1)
    .max(16)
    .describe('The security groups, of the same VPC, that say what the agents may call.'),
});

/** The status is that of a runtime that takes no changes now; `fault` says why the VPC can't take it. */
type State = { readonly mode: string; readonly status?: string; readonly fault?: string };

export default defineRule({
  id: 'bedrockagentcore-runtime-in-vpc',
  title: 'Agents of Bedrock AgentCore run in the network of their owner',
  why: 'From a public network an agent can reach, and be talked into reaching, any address of the internet, and nothing watches what it sends.',
  impact:
    'A new version of the runtime is made, and its default endpoint leads there; endpoints that name a version stay as they are. An agent that calls what the VPC has no way to fails from then on.',
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

  async inspect({ id }, aws, wished: z.infer<typeof parameters>): Promise<State | typeof notFound> {
    const found = await undefinedOn(['ResourceNotFoundException'], aws.send(new GetAgentRuntimeCommand({ agentRuntimeId: id })));
    if (!found || found.status === 'DELETING') return notFound;
    const mode = found.networkConfiguration?.networkMode ?? 'unknown';
    if (mode !== 'PUBLIC') return { mode };
    const fault = await readNetworkFault(wished, aws);
    return { mode, ...busy(found.status), ...(fault !== undefined && { fault }) };
  },

  plan({ id }, { mode, status, fault }, { parameters: { subnetIds, securityGroupIds } }) {
    if (mode !== 'PUBLIC') return [];
    if (status !== undefined) return { blocked: `The runtime is ${status}.` };
    if (fault !== undefined) return { unfixable: `${fault} Name subnets and security groups of one VPC in the parameters.` };
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
