import type { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { GetLatestConfigurationCommand, StartConfigurationSessionCommand } from '@aws-sdk/client-appconfigdata';
import { describe } from '../aws/error';
import type { Clock } from '../clock';
import { seconds } from '../duration';
import { firstIssueText } from '../shape-issue';
import { type Policy, policy } from './policy';

/** The policy in force can't be read; nothing is changed until it can. */
export class PolicyUnreadable extends Error {
  override readonly name = 'PolicyUnreadable';

  constructor(what: string, options?: ErrorOptions) {
    super(
      `${what} Until a valid policy is readable, no rule starts a change. Check the deployed policy (\`posture policy show\`), and publish a valid one (\`posture policy publish\`).`,
      options,
    );
  }
}

/** The minimum of AppConfig, in seconds. */
const minPause = 15;
/** How long an answer is used without polling again. A new policy takes effect within a minute. */
const freshFor = seconds(45);

/**
 * Loads the policy that AppConfig has deployed; `configuration` is `<application>/<environment>/<profile>`. Cached for 45 seconds; an older
 * answer is never used. Throws PolicyUnreadable.
 */
export function appConfigPolicy(client: AppConfigDataClient, configuration: string, clock: Clock): () => Promise<Policy> {
  let token: string | undefined;
  let content: string | undefined;
  let kept: { readonly policy: Policy; readonly at: number } | undefined;
  let asked: Promise<Policy> | undefined;

  return async () => {
    if (kept && clock.now().getTime() - kept.at < freshFor) return kept.policy;
    asked ??= ask().finally(() => {
      asked = undefined;
    });
    return asked;
  };

  async function ask(): Promise<Policy> {
    // Before the request: the answer may be as old as that.
    const at = clock.now().getTime();
    try {
      await fetch();
    } catch (cause) {
      token = undefined;
      throw new PolicyUnreadable(`The policy could not be fetched from AppConfig: ${describe(cause)}.`, { cause });
    }
    const read = parse(content);
    kept = { policy: read, at };
    return read;
  }

  async function fetch(): Promise<void> {
    try {
      await fetchBy(token ?? (await start()));
    } catch (error) {
      // A token is valid for 24 hours and one call, which the SDK repeats if the answer is lost.
      if (!(error instanceof Error && error.name === 'BadRequestException')) throw error;
      await fetchBy(await start());
    }
  }

  async function fetchBy(ConfigurationToken: string): Promise<void> {
    const { NextPollConfigurationToken, Configuration } = await client.send(new GetLatestConfigurationCommand({ ConfigurationToken }));
    token = NextPollConfigurationToken;
    // Empty means unchanged.
    if (Configuration && Configuration.byteLength > 0) content = new TextDecoder().decode(Configuration);
  }

  async function start(): Promise<string> {
    const [ApplicationIdentifier, EnvironmentIdentifier, ConfigurationProfileIdentifier] = configuration.split('/');
    content = undefined;
    const { InitialConfigurationToken } = await client.send(
      new StartConfigurationSessionCommand({
        ApplicationIdentifier,
        EnvironmentIdentifier,
        ConfigurationProfileIdentifier,
        RequiredMinimumPollIntervalInSeconds: minPause,
      }),
    );
    if (!InitialConfigurationToken) throw new Error('AppConfig started a session without a token');
    return InitialConfigurationToken;
  }
}

function parse(content: string | undefined): Policy {
  if (content === undefined) throw new PolicyUnreadable('AppConfig has no policy deployed.');
  let value: unknown;
  try {
    value = JSON.parse(content, refusePrototype);
  } catch (cause) {
    const why = cause instanceof SyntaxError ? '' : `: ${describe(cause)}`;
    throw new PolicyUnreadable(`The policy deployed in AppConfig is not valid JSON${why}.`, { cause });
  }
  const parsed = policy.safeParse(value);
  if (!parsed.success) {
    throw new PolicyUnreadable(`The policy deployed in AppConfig is invalid: ${firstIssueText(parsed.error.issues)}.`);
  }
  return parsed.data;
}

/** Records drop such a key, so a clause with it would apply to more than it says. */
function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new Error('`__proto__` is not allowed as a key');
  return value;
}
