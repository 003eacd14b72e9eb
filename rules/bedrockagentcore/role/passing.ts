import type { Grant } from '../../rule';

/** A runtime and a gateway keep the role they have: AgentCore asks for this as it takes them as a whole alone. */
export const rolePassing: Grant = {
  actions: ['iam:PassRole'],
  on: 'arn:{partition}:iam::{account}:role/*',
  condition: { StringEquals: { 'iam:PassedToService': 'bedrock-agentcore.amazonaws.com' } },
};
