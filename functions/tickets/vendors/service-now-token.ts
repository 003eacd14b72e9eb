import * as z from 'zod';
import type { Clock } from '../../clock';
import { seconds } from '../../duration';
import type { AccessToken } from '../access-token';
import { type Api, send } from '../http';
import { type Credentials, field } from '../secret';
import { expectShape } from './answer';

const tokenShape = z.object({ access_token: z.string().min(1).max(2000), expires_in: z.coerce.number().min(1).max(31_536_000) });

/** Whether the secret is that of an OAuth client, and not a user with a password. */
export const isClient = (credentials: Credentials): boolean => credentials['clientId'] !== undefined;

/** A token by client credentials. Source: servicenow.com/docs, OAuth, "Client credentials grant type". */
export async function clientToken(api: Omit<Api, 'headers'>, credentials: Credentials, clock: Pick<Clock, 'now'>): Promise<AccessToken> {
  const asked = clock.now().getTime();
  const form = {
    grant_type: 'client_credentials',
    client_id: field(credentials, 'clientId', 'ServiceNow'),
    client_secret: field(credentials, 'clientSecret', 'ServiceNow'),
  };
  const answer = await send({ ...api, headers: async () => ({}) }, { method: 'POST', path: '/oauth_token.do', form });
  const { access_token: token, expires_in } = expectShape(tokenShape, answer, 'ServiceNow');
  return { token, expires: asked + seconds(expires_in) };
}
