import type { Clock } from '../clock';
import { minutes } from '../duration';
import type { Credentials, Secret } from './secret';
import { isTrackerError } from './tracker-error';

/** What a vendor gives for a while in exchange for the credentials of the secret. */
export interface AccessToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

interface Kept extends AccessToken {
  readonly credentials: string;
}

/** A function instance has one token for each secret, however often the policy is read again. */
const kept = new WeakMap<Secret, Kept>();

/** A token that expires sooner could expire on its way. */
const margin = minutes(2);

/** The token for the present credentials: a new one in time before it expires, and when the secret changed. */
export async function accessToken(
  secret: Secret,
  exchange: (credentials: Credentials) => Promise<AccessToken>,
  clock: Pick<Clock, 'now'>,
): Promise<string> {
  const given = await secret.read();
  const credentials = JSON.stringify(given);
  const known = kept.get(secret);
  if (known?.credentials === credentials && known.expires - margin > clock.now().getTime()) return known.token;
  const token = await exchange(given);
  kept.set(secret, { ...token, credentials });
  return token.token;
}

/** Asks again with a new token, once, if a kept one is not accepted: it may have been revoked, and nothing was carried out. */
export async function withFreshToken<Answer>(secret: Secret, ask: () => Promise<Answer>): Promise<Answer> {
  const before = kept.get(secret);
  try {
    return await ask();
  } catch (error) {
    if (!before || !isTrackerError(error) || error.failure !== 'unauthorized') throw error;
    kept.delete(secret);
    return ask();
  }
}
