import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { Place } from '../../rules/rule';
import type { Clock } from '../clock';
import { minutes } from '../duration';
import type { Credentials } from './connection';
import { recentlyUsed } from './recently-used';

/** Credentials are renewed this long before they expire. */
const margin = minutes(5);

/** The maximum number of roles whose credentials are cached. */
const maxRoles = 20;

/** The ARN of the rule's member role in an account. `template` has `{partition}` and `{account}`. */
export const memberRoleIn = (template: string, { partition, account }: Pick<Place, 'partition' | 'account'>): string =>
  template.replace('{partition}', partition).replace('{account}', account);

/** Credentials of the rule's member role in any account, cached until they expire. `template` is its ARN with `{partition}` and `{account}`. */
export function memberRoles(sts: STSClient, template: string, session: string, clock: Clock): (place: Place) => () => Promise<Credentials> {
  const kept = recentlyUsed<Promise<Credentials>>(maxRoles);

  return (place) => {
    const role = memberRoleIn(template, place);
    return async () => {
      const known = kept.get(role, () => assume(role));
      if (await isFresh(known)) return known;
      kept.forget(role, known);
      return kept.get(role, () => assume(role));
    };
  };

  function assume(role: string): Promise<Credentials> {
    const credentials = ask(role);
    // An error is not cached: the role may exist at the next attempt.
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
