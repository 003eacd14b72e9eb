import { DeleteBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { isObject, type JsonObject } from '../../json';
import { freeSid, type Policy, readPolicy, stringsIn, writePolicy } from '../../policy';
import type { AwsCommand, Obstacle, Plan, Resource } from '../../rule';
import { named } from './name';
import { type BucketPolicy, refusal } from './policy';

/** S3 accepts bucket policies of up to 20 KB. */
const maxBytes = 20 * 1024;

/** A statement that a rule adds to bucket policies. */
export interface OwnStatement {
  readonly sid: string;
  readonly make: (sid: string) => JsonObject;
  /** `the statement that requires TLS` */
  readonly name: string;
}

/** The commands by which it is added and removed. */
export const policyCommands = [PutBucketPolicyCommand, DeleteBucketPolicyCommand];

/** The policy in a text, empty if there is none; undefined as `readPolicy`. */
export const readOrEmpty = (text: string | null): Policy | undefined =>
  text === null ? { elements: { Version: '2012-10-17' }, statements: [] } : readPolicy(text);

/** Why nothing is added to a policy that `readOrEmpty` can't read. */
export const unreadable: Obstacle = {
  unfixable: 'The bucket policy cannot be parsed as JSON and rewritten without loss. Rewrite it manually.',
  code: 'state-unreadable',
};

/** The change that adds the statement to a policy, or why S3 would reject it. */
export function addStatement(resource: Resource, { policy: text, refused }: BucketPolicy, { sid, make, name }: OwnStatement): Plan {
  const policy = readOrEmpty(text);
  if (!policy) return unreadable;
  if (refused) return refusal;
  const { statements } = policy;
  const deleted = statements.flatMap(principals).find((principal) => /^A(IDA|ROA)[A-Z0-9]+$/.test(principal));
  if (deleted !== undefined)
    return {
      unfixable: `The bucket policy names ${deleted}, a deleted user or role, and S3 rejects a policy that does. Remove it first.`,
      code: 'deleted-principal-in-policy',
    };
  const merged = writePolicy(policy, [...statements, make(freeSid(sid, statements))]);
  const size = Buffer.byteLength(merged);
  if (size > maxBytes)
    return {
      unfixable: `With ${name}, the bucket policy would have ${size} bytes. S3 accepts up to ${maxBytes}. Shorten it first.`,
      code: 'policy-too-large',
    };
  return [{ do: put(resource, merged), undo: text === null ? remove(resource) : put(resource, text) }];
}

interface Times {
  readonly now: BucketPolicy;
  readonly before: BucketPolicy;
  readonly after: BucketPolicy;
}

/** The commands that take the statement out again; undefined if somebody has changed it. `isOwn`: whether it still has its effect. */
export function takeOutStatement(
  resource: Resource,
  { now, before, after }: Times,
  { sid: wanted }: Pick<OwnStatement, 'sid'>,
  isOwn: (statement: JsonObject) => boolean,
): readonly AwsCommand[] | undefined {
  if (now.policy === null) return [];
  const policy = readOrEmpty(now.policy);
  const old = readOrEmpty(before.policy);
  if (!policy || !old) return undefined;

  const sid = freeSid(wanted, old.statements);
  const others = policy.statements.filter(({ Sid }) => Sid !== sid);
  const [ours, ...more] = policy.statements.filter(({ Sid }) => Sid === sid);
  if (!ours) return [];
  const asMade = readOrEmpty(after.policy)?.statements.find(({ Sid }) => Sid === sid);
  if (more.length > 0 || JSON.stringify(ours) !== JSON.stringify(asMade) || !isOwn(ours)) return undefined;
  return [others.length === 0 ? remove(resource) : put(resource, writePolicy(policy, others))];
}

const principals = ({ Principal, NotPrincipal }: JsonObject): readonly string[] =>
  [Principal, NotPrincipal].flatMap((element) => (isObject(element) ? (stringsIn(element.AWS) ?? []) : []));

const put = (resource: Resource, Policy: string) => new PutBucketPolicyCommand({ ...named(resource), Policy });

const remove = (resource: Resource) => new DeleteBucketPolicyCommand(named(resource));
