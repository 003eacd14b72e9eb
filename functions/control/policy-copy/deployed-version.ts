import { type AppConfigClient, GetHostedConfigurationVersionCommand, ListDeploymentsCommand } from '@aws-sdk/client-appconfig';
import { hashOfContent } from '../../policy/content';

/** How many of the latest deployments are looked at. */
const latest = 10;

/** A version of a content in AppConfig. */
export interface DeployedVersion {
  readonly version: string;
  /** The description that whoever made the version gave it: untrusted. */
  readonly why?: string;
}

/** Finds the version of a content in AppConfig: that of the latest completed deployment, if its text is the very same. */
export type FindVersion = (hash: string) => Promise<DeployedVersion | undefined>;

export function deployedVersion(client: AppConfigClient, configuration: string): FindVersion {
  const [ApplicationId, EnvironmentId, ConfigurationProfileId] = configuration.split('/');
  return async (hash) => {
    const { Items = [] } = await client.send(new ListDeploymentsCommand({ ApplicationId, EnvironmentId, MaxResults: latest }));
    const version = Items.find(({ State }) => State === 'COMPLETE')?.ConfigurationVersion;
    if (version === undefined) return undefined;
    const { Content, Description } = await client.send(
      new GetHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, VersionNumber: Number(version) }),
    );
    const isSame = Content !== undefined && hashOfContent(new TextDecoder().decode(Content)) === hash;
    return isSame ? { version, ...(Description && { why: Description }) } : undefined;
  };
}
