import {
  AppConfigClient,
  CreateApplicationCommand,
  CreateConfigurationProfileCommand,
  CreateDeploymentStrategyCommand,
  CreateEnvironmentCommand,
  CreateHostedConfigurationVersionCommand,
  StartDeploymentCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-appconfig';
import { canonicalJson } from '../../functions/canonical-json';
import type { Account } from '../emulator/account';

export interface DeployedPolicy {
  /** `<application>/<environment>/<profile>`, by id: the variable POLICY of a function. */
  readonly configuration: string;
  /** Deploys a policy, or any text; throws where the validator refuses it. */
  deploy(policy: unknown): Promise<void>;
  /** Reverts the latest deployment. */
  revert(): Promise<void>;
}

/** Makes in AppConfig what the hub has there, with nothing deployed as yet. */
export async function policyIn(account: Account): Promise<DeployedPolicy> {
  const client = account.client(AppConfigClient);
  const Name = 'posture';
  const { Id: ApplicationId = '' } = await client.send(new CreateApplicationCommand({ Name }));
  const { Id: EnvironmentId = '' } = await client.send(new CreateEnvironmentCommand({ ApplicationId, Name }));
  const { Id: ConfigurationProfileId = '' } = await client.send(
    new CreateConfigurationProfileCommand({ ApplicationId, Name, LocationUri: 'hosted' }),
  );
  const { Id: DeploymentStrategyId = '' } = await client.send(
    new CreateDeploymentStrategyCommand({ Name, DeploymentDurationInMinutes: 0, GrowthFactor: 100, FinalBakeTimeInMinutes: 0 }),
  );
  let latest: number | undefined;
  return {
    configuration: `${ApplicationId}/${EnvironmentId}/${ConfigurationProfileId}`,
    async deploy(policy) {
      const { VersionNumber } = await client.send(
        new CreateHostedConfigurationVersionCommand({
          ApplicationId,
          ConfigurationProfileId,
          ContentType: 'application/json',
          Content: new TextEncoder().encode(typeof policy === 'string' ? policy : canonicalJson(policy)),
        }),
      );
      const { DeploymentNumber } = await client.send(
        new StartDeploymentCommand({
          ApplicationId,
          EnvironmentId,
          ConfigurationProfileId,
          DeploymentStrategyId,
          ConfigurationVersion: String(VersionNumber),
        }),
      );
      latest = DeploymentNumber;
    },
    async revert() {
      await client.send(new StopDeploymentCommand({ ApplicationId, EnvironmentId, DeploymentNumber: latest, AllowRevert: true }));
    },
  };
}
