import type { Grant } from '../../rule';

/** AgentCore requires this for every update, as an update sends the role along with the rest. */
export const rolePassing: Grant = {
  actions: ['iam:PassRole'],
  on: 'arn:{partition}:iam::{account}:role/*',
  condition: { StringEquals: { 'iam:PassedToService': 'bedrock-agentcore.amazonaws.com' } },
};
