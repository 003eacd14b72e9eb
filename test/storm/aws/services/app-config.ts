import { AwsError } from '../error';
import type { Service } from '../request';

/** One configuration, which callers poll with tokens that are valid once. `content` answers what is deployed. */
export function appConfig(content: () => string): Service {
  const tokens = new Map<string, string | undefined>();
  let issued = 0;
  const issue = (seen: string | undefined): string => {
    issued += 1;
    tokens.set(`token-${issued}`, seen);
    return `token-${issued}`;
  };
  return {
    StartConfigurationSession: () => ({ InitialConfigurationToken: issue(undefined) }),
    GetLatestConfiguration({ input }) {
      const token = input.ConfigurationToken;
      if (!tokens.has(token)) throw new AwsError('BadRequestException', 'Request must contain a valid configuration token');
      const seen = tokens.get(token);
      tokens.delete(token);
      const deployed = content();
      const Configuration = new TextEncoder().encode(seen === deployed ? '' : deployed);
      return { NextPollConfigurationToken: issue(deployed), Configuration };
    },
  };
}
