import { GetAgentRuntimeCommand, type NetworkConfiguration, UpdateAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { amend } from '../../amendment';

interface Change {
  readonly agentRuntimeId: string;
  readonly networkConfiguration: NetworkConfiguration;
  /** The network mode when it was looked at. */
  readonly before: string;
}

/** Changes the network of a runtime alone: the rest, its environment variables with what secrets they hold, goes from AWS to AWS. */
export const SetNetworkCommand = amend<Change>(
  UpdateAgentRuntimeCommand,
  async ({ agentRuntimeId, networkConfiguration, before }, aws) => {
    const runtime = await aws.send(new GetAgentRuntimeCommand({ agentRuntimeId }));
    const now = runtime.networkConfiguration?.networkMode;
    if (now !== before)
      throw new Error(`The network mode of ${agentRuntimeId} was ${before} when it was looked at, and is ${now} now. Nothing was changed.`);
    return new UpdateAgentRuntimeCommand({ ...runtime, agentRuntimeArtifact: runtime.agentRuntimeArtifact, networkConfiguration });
  },
);
