import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { Place } from '../../rules/rule';
import type { Credentials } from './connection';

/** Credentials are renewed this long before they end, in milliseconds. */
const margin = 5 * 60_000;

/** Credentials of the rule's member role in any account, kept for as long as they last. `template` is its ARN with `{partition}` and `{account}`. */
export function memberRoles(sts: STSClient, template: string, session: string): (place: Place) => () => Promise<Credentials> {
  const kept = new Map<string, Promise<Credentials>>();

  return ({ partition, account }) => {
    const role = template.replace('{partition}', partition).replace('{account}', account);
    return async () => {
      const known = kept.get(role);
      if (known && (await isFresh(known))) return known;
      const fresh = assume(role);
      kept.set(role, fresh);
      // A refusal is not kept: the role may be there the next time.
      fresh.catch(() => kept.delete(role));
      return fresh;
    };
  };

  async function assume(RoleArn: string): Promise<Credentials> {
    const { Credentials: given } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: session.slice(0, 64) }));
    if (!given?.AccessKeyId || !given.SecretAccessKey || !given.SessionToken) throw new Error(`STS gave no credentials for ${RoleArn}.`);
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken, Expiration: expiration } = given;
    return { accessKeyId, secretAccessKey, sessionToken, ...(expiration && { expiration }) };
  }
}

async function isFresh(credentials: Promise<Credentials>): Promise<boolean> {
  const { expiration } = await credentials;
  return !expiration || expiration.getTime() - Date.now() > margin;
}
