import { isObject, type JsonObject, sameJson } from '../../json';
import { readPolicy, stringsIn } from '../../policy';

/** The name that the IAM console gives to the policy by which it revokes sessions, so that both keep one policy. */
export const revocationName = 'AWSRevokeOlderSessions';

const instance = /^i-[0-9a-f]{8,17}$/;
const quarantinePrefix = 'posture-quarantine-';

/** The name of the policy that denies the sessions of an instance. */
export const quarantineName = (instanceId: string): string => `${quarantinePrefix}${instanceId}`;

/** The instance of such a name; undefined for other names. */
export function instanceIn(policyName: string): string | undefined {
  const id = policyName.startsWith(quarantinePrefix) ? policyName.slice(quarantinePrefix.length) : '';
  return instance.test(id) ? id : undefined;
}

const denyAll = (Condition: JsonObject): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: ['*'], Resource: ['*'], Condition }] });

/**
 * Denies everything in sessions that began before that time, as AWS writes it:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
 */
export const revocation = (time: string): string => denyAll({ DateLessThan: { 'aws:TokenIssueTime': time } });

/** Denies everything in the sessions of an instance: their name is its id, also when it gets new credentials. */
export const quarantine = (instanceId: string): string => denyAll({ StringLike: { 'aws:userid': `*:${instanceId}` } });

/** The time, in milliseconds, of a policy that revokes sessions and does nothing else; undefined for any other policy. */
export function revokedBefore(text: string): number | undefined {
  const condition = onlyStatement(text)?.Condition;
  const { DateLessThan } = isObject(condition) ? condition : {};
  const time = isObject(DateLessThan) ? DateLessThan['aws:TokenIssueTime'] : undefined;
  if (typeof time !== 'string' || !saysSame(text, revocation(time))) return undefined;
  const at = Date.parse(time);
  return Number.isNaN(at) ? undefined : at;
}

/** Whether two policies have the same only statement, regardless of its ID. */
export function saysSame(one: string, other: string): boolean {
  const [first, second] = [one, other].map(onlyStatement);
  return first !== undefined && second !== undefined && sameJson(plain(first), plain(second));
}

function onlyStatement(text: string): JsonObject | undefined {
  const [statement, ...more] = readPolicy(text)?.statements ?? [];
  return more.length === 0 ? statement : undefined;
}

/** A list of one may be written as a string. */
const plain = ({ Sid: _, Action, Resource, ...rest }: JsonObject) => ({
  ...rest,
  Action: stringsIn(Action),
  Resource: stringsIn(Resource),
});
