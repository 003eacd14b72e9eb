import { DeleteBucketPolicyCommand, ListBucketsCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { S3ControlClient } from '@aws-sdk/client-s3-control';
import * as z from 'zod';
import { noneOf, plain } from '../detector-parameters';
import { isObject, type JsonObject, sameJson } from '../json';
import { freeSid, readPolicy, stringsIn, writePolicy } from '../policy';
import { defineRule, notFound, type Resource } from '../rule';
import { matchesWildcard } from '../wildcard';
import { listBuckets, listing } from './bucket/list';
import { named } from './bucket/name';
import { type BucketPolicy, bucketPolicyReading, readBucketPolicy, refusal } from './bucket/policy';
import { bucket } from './bucket/resource';
import {
  actionsOf,
  deniedBy,
  everybody,
  foreigners,
  includes,
  isCanonical,
  namesOf,
  type Owner,
  principalOf,
} from './foreign-access/grantees';
import { putBack } from './foreign-access/put-back';
import { takeOut } from './foreign-access/take-out';

/** S3 accepts bucket policies of up to 20 KB. */
const maxBytes = 20 * 1024;

const parameters = z.strictObject({
  actions: z
    .array(z.string().regex(/^s3:[A-Za-z*?]+$/))
    .min(1)
    .default(['s3:DeleteBucketPolicy', 's3:PutBucketAcl', 's3:PutBucketPolicy', 's3:PutEncryptionConfiguration', 's3:PutObjectAcl'])
    .describe('The actions to deny to other accounts; `*` matches any characters.'),
});

/** `canonical`: the canonical user id of the own account, if the policy names any. */
type State = BucketPolicy & { readonly canonical?: string };

const statementId = 'PostureDenyOtherAccounts';

const forbidden = noneOf('actions', plain);

export default defineRule({
  id: 's3-bucket-settings-own-account-only',
  title: 'S3 bucket policies do not let other accounts change access settings',
  why: 'Another account that can change the policy, access control lists or encryption can expose all data, or lock you out.',
  impact:
    'Other accounts can no longer change the bucket policy, encryption and access control lists; their other permissions stay. The actions are taken out of the statements that allow them, and denied where that is not exactly possible. A partner that sets an access control list with each upload can no longer upload.',
  severity: 'high',
  risk: 'disruptive',
  resource: bucket,
  detectedBy: { securityHub: ['S3.6'], config: ['s3-bucket-blacklisted-actions-prohibited'] },
  detectorParameters: {
    'S3.6': { blacklistedactionpatterns: forbidden },
    // AWS's pages have both names.
    's3-bucket-blacklisted-actions-prohibited': { blacklistedActionPattern: forbidden, blacklistedactionpatterns: forbidden },
  },
  permissions: {
    inspect: [...bucketPolicyReading, listing],
    change: { actions: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'], on: 'arn:{partition}:s3:::*' },
  },
  clients: [S3Client, S3ControlClient],
  commands: [PutBucketPolicyCommand, DeleteBucketPolicyCommand],
  parameters,

  async inspect(resource, aws): Promise<State | typeof notFound> {
    const found = await readBucketPolicy(resource, aws);
    if (found === notFound) return notFound;
    const statements = readPolicy(found.policy ?? '')?.statements ?? [];
    if (!statements.some((statement) => namesOf(statement).some(isCanonical))) return found;
    const { Owner: own } = await aws.send(new ListBucketsCommand({ MaxBuckets: 1 }));
    return { ...found, ...(own?.ID !== undefined && { canonical: own.ID }) };
  },

  plan(resource, { policy: text, refused, canonical }, { parameters: { actions } }) {
    if (text === null) return [];
    const policy = readPolicy(text);
    if (!policy)
      return {
        unfixable: 'The bucket policy cannot be parsed as JSON and rewritten without loss. Rewrite it manually.',
        code: 'state-unreadable',
      };
    const { statements } = policy;
    const owner = { account: resource.account, ...(canonical !== undefined && { canonical }) };
    const openedBy = (statement: JsonObject) => opened(statement, statements, { resource, owner, actions });
    const open = statements.filter((statement) => openedBy(statement).length > 0);
    if (open.length === 0) return [];
    const narrowed = open.find(narrows);
    if (narrowed)
      return {
        unfixable: `The policy lets other accounts change access settings under a condition (${JSON.stringify(narrowed.Sid ?? narrowed.Condition).slice(0, 200)}), and only its owner knows whether that is intended. Remove the actions from the statement.`,
        code: 'condition-unclear',
      };
    if (refused) return refusal;
    const [deleted] = statements.flatMap(remains);
    if (deleted !== undefined)
      return {
        unfixable: `The bucket policy names ${deleted}, a deleted user or role, and S3 rejects a policy that does. Remove it first.`,
        code: 'deleted-principal-in-policy',
      };
    const without = new Map(open.map((statement) => [statement, takeOut(statement, foreigners(statement, owner), actions)]));
    const names = [...new Set(open.flatMap((statement) => (without.get(statement) ? [] : openedBy(statement))))].sort();
    const left = statements.flatMap((statement) => without.get(statement) ?? [statement]);
    const denied = names.length > 0 ? [denial(freeSid(statementId, statements), names, resource, actions)] : [];
    // S3 rejects a policy without a statement.
    if (left.length + denied.length === 0) return [{ do: new DeleteBucketPolicyCommand(named(resource)), undo: put(resource, text) }];
    const merged = writePolicy(policy, [...left, ...denied]);
    const size = Buffer.byteLength(merged);
    if (size > maxBytes)
      return {
        unfixable: `Without access for other accounts, the bucket policy would have ${size} bytes. S3 accepts up to ${maxBytes}. Shorten it first.`,
        code: 'policy-too-large',
      };
    return [{ do: put(resource, merged), undo: put(resource, text) }];
  },

  revertOwnPart(resource, now, { before, after }) {
    const old = readPolicy(before.policy ?? '');
    if (!old) return undefined;
    const [present, made] = [now, after].map(({ policy }) => (policy === null ? old : readPolicy(policy)));
    if (!present || !made) return undefined;
    const statements = now.policy === null ? [] : present.statements;
    // Others have deleted the policy.
    if (statements.length === 0 && after.policy !== null) return [];
    const left = putBack(statements, old.statements, after.policy === null ? [] : made.statements);
    // A policy needs a statement, and somebody has removed all others.
    if (left === undefined || left.length === 0) return undefined;
    return sameJson(left, statements) ? [] : [put(resource, writePolicy(present, left))];
  },

  list: listBuckets,
});

/** The principals of other accounts that a statement allows some of the actions and that no Deny statement stops. */
function opened(
  statement: JsonObject,
  statements: readonly JsonObject[],
  { resource, owner, actions }: { readonly resource: Resource; readonly owner: Owner; readonly actions: readonly string[] },
): readonly string[] {
  if (statement.Effect !== 'Allow') return [];
  const allowed = actionsOf(statement, actions);
  if (allowed.length === 0) return [];
  const denials = statements.filter(({ Effect, Resource }) => Effect === 'Deny' && isAboutAll(stringsIn(Resource) ?? [], resource));
  return foreigners(statement, owner).filter(
    (principal) => !allowed.every((action) => denials.some((one) => stops(one, principal, action, resource))),
  );
}

const isAboutAll = (resources: readonly string[], { arn }: Resource): boolean =>
  resources.some((pattern) => matchesWildcard(arn, pattern)) &&
  resources.some((pattern) => pattern.endsWith('*') && matchesWildcard(`${arn}/`, pattern));

const stops = (one: JsonObject, principal: string, action: string, resource: Resource): boolean =>
  includes(deniedBy(one), principal) &&
  (stringsIn(one.Action ?? []) ?? []).some((pattern) => matchesWildcard(action.toLowerCase(), pattern.toLowerCase())) &&
  (one.Condition === undefined || sameJson(one.Condition, isForeign(resource)));

/** Matches callers of other accounts; a service principal has no account, and an anonymous caller has "anonymous". */
const isForeign = ({ account }: Resource): JsonObject => ({
  StringNotEquals: { 'aws:PrincipalAccount': account },
  Null: { 'aws:PrincipalAccount': 'false' },
});

/** The statement that denies the actions to other accounts. */
function denial(Sid: string, names: readonly string[], resource: Resource, actions: readonly string[]): JsonObject {
  const common = { Sid, Effect: 'Deny', Action: [...actions], Resource: [resource.arn, `${resource.arn}/*`] };
  return names.includes(everybody)
    ? { ...common, Principal: everybody, Condition: isForeign(resource) }
    : { ...common, Principal: principalOf(names) };
}

/** Whether a statement has a condition other than one that requires TLS. */
const narrows = ({ Condition }: JsonObject): boolean =>
  Condition !== undefined &&
  !(
    isObject(Condition) &&
    Object.values(Condition).every(
      (tested) => isObject(tested) && Object.keys(tested).every((name) => name.toLowerCase() === 'aws:securetransport'),
    )
  );

/** The unique ids of deleted users or roles. S3 rejects a policy that names them. */
const remains = ({ Principal }: JsonObject): readonly string[] =>
  (isObject(Principal) ? (stringsIn(Principal.AWS ?? []) ?? []) : []).filter((name) => /^A(IDA|ROA)[A-Z0-9]+$/.test(name));

const put = (resource: Resource, Policy: string) => new PutBucketPolicyCommand({ ...named(resource), Policy });
