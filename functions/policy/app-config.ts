import type { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { GetLatestConfigurationCommand, StartConfigurationSessionCommand } from '@aws-sdk/client-appconfigdata';

/** An answer of AppConfig. A content that was received costs 4,000 times as much as an answer that nothing has changed. */
export interface Polled {
  /** For the next poll, within 24 hours. It is valid once. */
  readonly token: string;
  /** The content in force; undefined if it is that of the poll before, or if none is deployed. */
  readonly content: string | undefined;
  /** Whether a new session was started. If there is no content then, none is deployed. */
  readonly anew: boolean;
}

/** Asks for the content of `<application>/<environment>/<profile>`: in a new session, or in that of the token. */
export type Poll = (token?: string) => Promise<Polled>;

/** The minimum of AppConfig, in seconds. */
const minPause = 15;

export function appConfigPoll(client: AppConfigDataClient, configuration: string): Poll {
  return async (token) => {
    try {
      return token === undefined ? await pollAnew() : { ...(await pollBy(token)), anew: false };
    } catch (error) {
      // The token is too old, or was used, also by a call whose answer was lost and that the SDK repeated; or it is too early for a poll.
      if (!(error instanceof Error && error.name === 'BadRequestException')) throw error;
      return pollAnew();
    }
  };

  async function pollAnew(): Promise<Polled> {
    const [ApplicationIdentifier, EnvironmentIdentifier, ConfigurationProfileIdentifier] = configuration.split('/');
    const { InitialConfigurationToken } = await client.send(
      new StartConfigurationSessionCommand({
        ApplicationIdentifier,
        EnvironmentIdentifier,
        ConfigurationProfileIdentifier,
        RequiredMinimumPollIntervalInSeconds: minPause,
      }),
    );
    if (!InitialConfigurationToken) throw new Error('AppConfig started a session without a token');
    return { ...(await pollBy(InitialConfigurationToken)), anew: true };
  }

  async function pollBy(ConfigurationToken: string): Promise<Omit<Polled, 'anew'>> {
    const answer = await client.send(new GetLatestConfigurationCommand({ ConfigurationToken }));
    const { NextPollConfigurationToken, Configuration } = answer;
    if (!NextPollConfigurationToken) throw new Error('AppConfig gave no token for the next poll');
    // Empty means unchanged.
    const content = Configuration && Configuration.byteLength > 0 ? new TextDecoder().decode(Configuration) : undefined;
    return { token: NextPollConfigurationToken, content };
  }
}
