import { ListTagsForResourceCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import type { ResourceKind } from '../../rule';

/** The ARNs of AgentCore gateways, for grants. */
export const gateways = 'arn:{partition}:bedrock-agentcore:{region}:{account}:gateway/*';

/** An AgentCore gateway, by its id. */
export const gateway: ResourceKind = {
  type: 'AWS::BedrockAgentCore::Gateway',
  arn: 'arn:{partition}:bedrock-agentcore:{region}:{account}:gateway/{id}',
  scope: 'regional',
  target: ({ id }) => ({ gatewayIdentifier: id }),
  permissions: [{ actions: ['bedrock-agentcore:ListTagsForResource'], on: gateways }],
  tags: async ({ arn }, aws) => (await aws.send(new ListTagsForResourceCommand({ resourceArn: arn }))).tags ?? {},
};
