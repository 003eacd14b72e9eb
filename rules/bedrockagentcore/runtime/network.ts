import { GetAgentRuntimeCommand, type NetworkConfiguration, UpdateAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { amend } from '../../amendment';

interface Change {
  readonly agentRuntimeId: string;
  readonly networkConfiguration: NetworkConfiguration;
  /** The network mode that the inspection saw. */
  readonly before: string;
}

/** Changes the network of a runtime, and nothing else. All else, including secrets in its environment variables, is read and written back to AWS without being logged. */
export const SetNetworkCommand = amend<Change>(UpdateAgentRuntimeCommand, async ({ agentRuntimeId, networkConfiguration, before }, aws) => {
  const runtime = await aws.send(new GetAgentRuntimeCommand({ agentRuntimeId }));
  const now = runtime.networkConfiguration?.networkMode;
  if (now !== before)
    throw new Error(
      `The network mode of ${agentRuntimeId} has changed from ${before} to ${now} since the inspection. This change was not made.`,
    );
  return new UpdateAgentRuntimeCommand({ ...runtime, agentRuntimeArtifact: runtime.agentRuntimeArtifact, networkConfiguration });
});
