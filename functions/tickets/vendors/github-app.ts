import { createSign } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../clock';
import { minutes, seconds } from '../../duration';
import type { AccessToken } from '../access-token';
import { type Api, send } from '../http';
import { type Credentials, field } from '../secret';
import { TrackerError } from '../tracker-error';
import { expectShape } from './answer';

const tokenShape = z.object({ token: z.string().min(1).max(500), expires_at: z.iso.datetime({ offset: true }) });

/** Whether the secret is that of a GitHub App, and not a personal access token. */
export const isApp = (credentials: Credentials): boolean => credentials['appId'] !== undefined;

/**
 * A token of an installation, for one hour, for issues of the one repository alone. Source: docs.github.com/en/apps, "Generating a JSON Web
 * Token" and "Generating an installation access token".
 */
export async function installationToken(
  api: Omit<Api, 'headers'>,
  credentials: Credentials,
  { project, clock }: { readonly project: string; readonly clock: Pick<Clock, 'now'> },
): Promise<AccessToken> {
  const signed = webToken(field(credentials, 'appId', 'GitHub'), field(credentials, 'privateKey', 'GitHub'), clock.now());
  const installation = field(credentials, 'installationId', 'GitHub');
  const headers = async () => ({
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    authorization: `Bearer ${signed}`,
  });
  const answer = await send(
    { ...api, headers },
    {
      method: 'POST',
      path: `/app/installations/${encodeURIComponent(installation)}/access_tokens`,
      body: { repositories: [project.split('/')[1] ?? ''], permissions: { issues: 'write', metadata: 'read' } },
    },
  );
  const { token, expires_at } = expectShape(tokenShape, answer, 'GitHub');
  return { token, expires: Date.parse(expires_at) };
}

/** Valid for less than ten minutes, the maximum, and from a minute ago: clocks differ. */
function webToken(appId: string, privateKey: string, now: Date): string {
  const at = (time: number) => Math.floor(time / seconds(1));
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iat: at(now.getTime() - minutes(1)), exp: at(now.getTime() + minutes(8)), iss: appId };
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  try {
    return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
  } catch {
    // Without the cause: it could repeat the key.
    throw new TrackerError(
      'unauthorized',
      'The field privateKey of the secret for GitHub is not a private key. Copy the PEM file of the app into it, with `\\n` for each new line.',
    );
  }
}
