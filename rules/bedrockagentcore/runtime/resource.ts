import { ListTagsForResourceCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import type { ResourceKind } from '../../rule';

/** The ARNs of AgentCore runtimes, for grants. */
export const runtimes = 'arn:{partition}:bedrock-agentcore:{region}:{account}:runtime/*';

/** An AgentCore runtime, by its id. */
export const runtime: ResourceKind = {
  type: 'AWS::BedrockAgentCore::Runtime',
  arn: 'arn:{partition}:bedrock-agentcore:{region}:{account}:runtime/{id}',
  scope: 'regional',
  target: ({ id }) => ({ agentRuntimeId: id }),
  permissions: [{ actions: ['bedrock-agentcore:ListTagsForResource'], on: runtimes }],
  tags: async ({ arn }, aws) => (await aws.send(new ListTagsForResourceCommand({ resourceArn: arn }))).tags ?? {},
};
