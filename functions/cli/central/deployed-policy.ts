import {
  AppConfigClient,
  type AppConfigClientConfig,
  CreateHostedConfigurationVersionCommand,
  GetDeploymentCommand,
  paginateListApplications,
  paginateListConfigurationProfiles,
  paginateListDeploymentStrategies,
  paginateListEnvironments,
  StartDeploymentCommand,
} from '@aws-sdk/client-appconfig';
import { AppConfigDataClient, GetLatestConfigurationCommand, StartConfigurationSessionCommand } from '@aws-sdk/client-appconfigdata';
import type { Json, Place } from '../../../rules/rule';
import { poll } from '../../backoff';
import { canonicalJson } from '../../canonical-json';
import { systemClock } from '../../clock';
import { minutes } from '../../duration';
import type { Policy } from '../../policy/policy';
import { sentence, Unable } from '../failure';

/** The policy of the deployed hub, in AppConfig. */
export interface DeployedPolicy {
  /** What is in force; undefined where nothing is deployed. Throws an Unable where it is no JSON. */
  current(): Promise<Json | undefined>;
  /** Deploys the policy and waits until it is in force. Returns the number of the version. */
  deploy(policy: Policy, why: string): Promise<number>;
}

const name = 'posture';
const patience = { clock: systemClock, pauses: [500], within: minutes(2) };

/** Finds where the hub of this account and region keeps its policy. */
export async function openPolicy({
  account,
  region,
  credentials,
}: Pick<Place, 'account' | 'region'> & Pick<AppConfigClientConfig, 'credentials'>): Promise<DeployedPolicy> {
  const configuration = { region, ...(credentials && { credentials }) };
  const client = new AppConfigClient({ maxAttempts: 6, ...configuration });
  const only = (what: string, pages: Pages) => onlyOf({ account, region }, what, pages);
  const ApplicationId = await only('application', paginateListApplications({ client }, {}));
  const EnvironmentId = await only('environment', paginateListEnvironments({ client }, { ApplicationId }));
  const ConfigurationProfileId = await only('configuration profile', paginateListConfigurationProfiles({ client }, { ApplicationId }));

  return {
    async current() {
      const data = new AppConfigDataClient({ maxAttempts: 6, ...configuration });
      const { InitialConfigurationToken: ConfigurationToken } = await data.send(
        new StartConfigurationSessionCommand({
          ApplicationIdentifier: ApplicationId,
          EnvironmentIdentifier: EnvironmentId,
          ConfigurationProfileIdentifier: ConfigurationProfileId,
        }),
      );
      const { Configuration } = await data.send(new GetLatestConfigurationCommand({ ConfigurationToken }));
      const text = new TextDecoder().decode(Configuration ?? new Uint8Array());
      if (text === '') return undefined;
      try {
        return JSON.parse(text) as Json;
      } catch {
        throw new Unable(`The deployed policy is not valid JSON: ${sentence(text)}. Nothing is changed. Publish a valid policy.`);
      }
    },

    async deploy(policy, why) {
      const DeploymentStrategyId = await only('deployment strategy', paginateListDeploymentStrategies({ client }, {}));
      const Description = why.slice(0, 1024);
      const { VersionNumber = 0 } = await client.send(
        new CreateHostedConfigurationVersionCommand({
          ApplicationId,
          ConfigurationProfileId,
          ContentType: 'application/json',
          Description,
          Content: new TextEncoder().encode(canonicalJson(policy)),
        }),
      );
      const started = await client.send(
        new StartDeploymentCommand({
          ApplicationId,
          EnvironmentId,
          ConfigurationProfileId,
          DeploymentStrategyId,
          ConfigurationVersion: String(VersionNumber),
          Description,
        }),
      );
      await complete(started.DeploymentNumber);
      return VersionNumber;
    },
  };

  async function complete(DeploymentNumber: number | undefined): Promise<void> {
    const read = () => client.send(new GetDeploymentCommand({ ApplicationId, EnvironmentId, DeploymentNumber }));
    const { State = '', EventLog } = await poll(read, (seen) => seen.State === 'COMPLETE' || isRolledBack(seen.State), patience);
    if (State === 'COMPLETE') return;
    if (isRolledBack(State))
      throw new Unable(
        `AppConfig took the deployment back: ${sentence(EventLog?.[0]?.Description ?? State)}. What was in force before is so again.`,
      );
    throw new Unable(
      `The deployment ${DeploymentNumber} was not complete after two minutes. Look at it in AppConfig, application ${name}.`,
    );
  }
}

type Pages = AsyncIterable<{ readonly Items?: readonly { readonly Id?: string | undefined; readonly Name?: string | undefined }[] | undefined }>;

/** The id of the one thing of our name. */
async function onlyOf({ account, region }: Pick<Place, 'account' | 'region'>, what: string, pages: Pages): Promise<string> {
  const found: string[] = [];
  for await (const { Items = [] } of pages) found.push(...Items.flatMap(({ Id, Name }) => (Id !== undefined && Name === name ? [Id] : [])));
  const [id, ...others] = found;
  if (id !== undefined && others.length === 0) return id;
  throw new Unable(
    id === undefined
      ? `AppConfig has no ${what} ${name} in account ${account}, ${region}. Deploy the hub there (\`npx cdk deploy --all\`), or say where it is: --region or --profile.`
      : `AppConfig has ${found.length} of the name ${name} for an ${what} in account ${account}, ${region}, so it can't be told which is the hub's. Remove or rename the others.`,
  );
}

const isRolledBack = (state = ''): boolean => ['ROLLED_BACK', 'ROLLING_BACK', 'REVERTED'].includes(state);
