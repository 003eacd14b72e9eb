import {
  AppConfigClient,
  type AppConfigClientConfig,
  CreateHostedConfigurationVersionCommand,
  GetDeploymentCommand,
  GetHostedConfigurationVersionCommand,
  ListDeploymentsCommand,
  paginateListApplications,
  paginateListConfigurationProfiles,
  paginateListDeploymentStrategies,
  paginateListEnvironments,
  ResourceNotFoundException,
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

/** The deployed policy, in AppConfig of the central account. */
export interface DeployedPolicy {
  /** The policy in effect; undefined if none is deployed. Throws an Unable if it is not valid JSON. */
  current(): Promise<Json | undefined>;
  /** The last deployment, which may still be under way; undefined if there was none. */
  last(): Promise<Deployment | undefined>;
  /** The content of a version. Throws an Unable if there is no such version, or it is not valid JSON. */
  version(version: number): Promise<Json>;
  /** Deploys the policy and waits until it takes effect. Returns the version number. */
  deploy(policy: Policy, why: string): Promise<number>;
}

/** A deployment of a version of the policy. */
export interface Deployment {
  readonly number: number;
  readonly version: string;
}

const name = 'posture';
const patience = { clock: systemClock, pauses: [500], within: minutes(2) };

/** Finds the AppConfig resources of the policy in this account and region. */
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
      return text === '' ? undefined : parsed(text, 'The deployed policy');
    },

    ...readerOf(client, { ApplicationId, EnvironmentId, ConfigurationProfileId }),

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
        `AppConfig rolled back the deployment: ${sentence(EventLog?.[0]?.Description ?? State)}. The previous policy is in effect again.`,
      );
    throw new Unable(`The deployment ${DeploymentNumber} was not complete after two minutes. Check it in AppConfig, application ${name}.`);
  }
}

interface Ids {
  readonly ApplicationId: string;
  readonly EnvironmentId: string;
  readonly ConfigurationProfileId: string;
}

function readerOf(
  client: AppConfigClient,
  { ApplicationId, EnvironmentId, ConfigurationProfileId }: Ids,
): Pick<DeployedPolicy, 'last' | 'version'> {
  return {
    async last() {
      const { Items: [newest] = [] } = await client.send(new ListDeploymentsCommand({ ApplicationId, EnvironmentId, MaxResults: 1 }));
      return newest && { number: newest.DeploymentNumber ?? 0, version: newest.ConfigurationVersion ?? '' };
    },

    async version(VersionNumber) {
      const get = new GetHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, VersionNumber });
      const { Content } = await client.send(get).catch((error: unknown) => {
        if (error instanceof ResourceNotFoundException)
          throw new Unable(`AppConfig has no version ${VersionNumber} of the policy. \`posture policy history\` lists them.`);
        throw error;
      });
      return parsed(new TextDecoder().decode(Content ?? new Uint8Array()), `Version ${VersionNumber} of the policy`);
    },
  };
}

function parsed(text: string, what: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new Unable(`${what} is not valid JSON: ${sentence(text)}. The rules change nothing until a valid policy is published.`);
  }
}

type Pages = AsyncIterable<{
  readonly Items?: readonly { readonly Id?: string | undefined; readonly Name?: string | undefined }[] | undefined;
}>;

/** The id of the only one with our name. */
async function onlyOf({ account, region }: Pick<Place, 'account' | 'region'>, what: string, pages: Pages): Promise<string> {
  const found: string[] = [];
  for await (const { Items = [] } of pages) found.push(...Items.flatMap(({ Id, Name }) => (Id !== undefined && Name === name ? [Id] : [])));
  const [id, ...others] = found;
  if (id !== undefined && others.length === 0) return id;
  throw new Unable(
    id === undefined
      ? `AppConfig has no ${what} ${name} in account ${account}, ${region}. Deploy the stack Posture there (\`npx cdk deploy --all\`), or specify another place with --region or --profile.`
      : `The AppConfig ${what} is ambiguous: ${found.length} have the name ${name} in account ${account}, ${region}. Remove or rename those that do not belong to the stack Posture.`,
  );
}

const isRolledBack = (state = ''): boolean => ['ROLLED_BACK', 'ROLLING_BACK', 'REVERTED'].includes(state);
