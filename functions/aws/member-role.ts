import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { Place } from '../../rules/rule';
import type { Clock } from '../clock';
import { minutes } from '../duration';
import type { Credentials } from './connection';
import { recentlyUsed } from './recently-used';

/** Credentials are renewed this long before they end. */
const margin = minutes(5);

/** Credentials of so many roles are kept, those used last. */
const maxRoles = 20;

/** Credentials of the rule's member role in any account, kept for as long as they last. `template` is its ARN with `{partition}` and `{account}`. */
export function memberRoles(sts: STSClient, template: string, session: string, clock: Clock): (place: Place) => () => Promise<Credentials> {
  const kept = recentlyUsed<Promise<Credentials>>(maxRoles);

  return ({ partition, account }) => {
    const role = template.replace('{partition}', partition).replace('{account}', account);
    return async () => {
      const known = kept.get(role, () => assume(role));
      if (await isFresh(known)) return known;
      kept.forget(role, known);
      return kept.get(role, () => assume(role));
    };
  };

  function assume(role: string): Promise<Credentials> {
    const credentials = ask(role);
    // A refusal is not kept: the role may be there the next time.
    credentials.catch(() => kept.forget(role, credentials));
    return credentials;
  }

  async function ask(RoleArn: string): Promise<Credentials> {
    const { Credentials: given } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: session.slice(0, 64) }));
    if (!given?.AccessKeyId || !given.SecretAccessKey || !given.SessionToken)
      throw new Error(`STS returned no credentials for ${RoleArn}.`);
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken, Expiration: expiration } = given;
    return { accessKeyId, secretAccessKey, sessionToken, ...(expiration && { expiration }) };
  }

  async function isFresh(credentials: Promise<Credentials>): Promise<boolean> {
    const { expiration } = await credentials;
    return !expiration || expiration.getTime() - clock.now().getTime() > margin;
  }
}
