import { PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { S3ControlClient } from '@aws-sdk/client-s3-control';
import * as z from 'zod';
import { noneOf, plain } from '../detector-parameters';
import { isObject, type JsonObject, sameJson } from '../json';
import { freeSid, readPolicy, stringsIn, writePolicy } from '../policy';
import { defineRule, type Resource } from '../rule';
import { matchesWildcard } from '../wildcard';
import { listBuckets, listing } from './bucket/list';
import { named } from './bucket/name';
import { bucketPolicyReading, readBucketPolicy, refusal } from './bucket/policy';
import { bucket } from './bucket/resource';
import { actionsOf, deniedBy, everybody, foreigners, includes } from './foreign-access/grantees';

/** S3 accepts bucket policies of up to 20 KB. */
const maxBytes = 20 * 1024;

const parameters = z.strictObject({
  actions: z
    .array(z.string().regex(/^s3:[A-Za-z*?]+$/))
    .min(1)
    .default(['s3:DeleteBucketPolicy', 's3:PutBucketAcl', 's3:PutBucketPolicy', 's3:PutEncryptionConfiguration', 's3:PutObjectAcl'])
    .describe('The actions to deny to other accounts; `*` matches any characters.'),
});

const statementId = 'PostureDenyOtherAccounts';

const forbidden = noneOf('actions', plain);

export default defineRule({
  id: 's3-bucket-settings-own-account-only',
  title: 'S3 bucket policies do not let other accounts change access settings',
  why: 'Another account that can change the policy, access control lists or encryption can expose all data, or lock you out.',
  impact:
    'Other accounts can no longer change the bucket policy, encryption and access control lists; their other permissions stay. A partner that sets an access control list with each upload can no longer upload.',
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
    change: { actions: ['s3:PutBucketPolicy'], on: 'arn:{partition}:s3:::*' },
  },
  clients: [S3Client, S3ControlClient],
  commands: [PutBucketPolicyCommand],
  parameters,

  inspect: readBucketPolicy,

  plan(resource, { policy: text, refused }, { parameters: { actions } }) {
    if (text === null) return [];
    const policy = readPolicy(text);
    if (!policy)
      return {
        unfixable: 'The bucket policy cannot be parsed as JSON and rewritten without loss. Rewrite it manually.',
        code: 'state-unreadable',
      };
    const { statements } = policy;
    const open = statements.filter((statement) => opened(statement, statements, resource, actions).length > 0);
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
    const names = [...new Set(open.flatMap((statement) => opened(statement, statements, resource, actions)))].sort();
    const merged = writePolicy(policy, [...statements, denial(freeSid(statementId, statements), names, resource, actions)]);
    const size = Buffer.byteLength(merged);
    if (size > maxBytes)
      return {
        unfixable: `With the new Deny statement, the bucket policy would have ${size} bytes. S3 accepts up to ${maxBytes}. Shorten it first.`,
        code: 'policy-too-large',
      };
    return [{ do: put(resource, merged), undo: put(resource, text) }];
  },

  revertOwnPart(resource, now, { before, after }) {
    const policy = readPolicy(now.policy ?? '');
    const old = readPolicy(before.policy ?? '');
    if (!policy || !old) return now.policy === null ? [] : undefined;
    const sid = freeSid(statementId, old.statements);
    const [ours, ...more] = policy.statements.filter(({ Sid }) => Sid === sid);
    if (!ours) return [];
    const asMade = readPolicy(after.policy ?? '')?.statements.find(({ Sid }) => Sid === sid);
    const others = policy.statements.filter((statement) => statement !== ours);
    // A policy needs a statement, and somebody has removed all others.
    if (more.length > 0 || others.length === 0 || !sameJson(ours, asMade)) return undefined;
    return [put(resource, writePolicy(policy, others))];
  },

  list: listBuckets,
});

/** The principals of other accounts that a statement allows some of the actions and that no Deny statement stops. */
function opened(
  statement: JsonObject,
  statements: readonly JsonObject[],
  resource: Resource,
  actions: readonly string[],
): readonly string[] {
  if (statement.Effect !== 'Allow') return [];
  const allowed = actionsOf(statement, actions);
  if (allowed.length === 0) return [];
  const denials = statements.filter(({ Effect, Resource }) => Effect === 'Deny' && isAboutAll(stringsIn(Resource) ?? [], resource));
  return foreigners(statement, resource.account).filter(
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
    : { ...common, Principal: { AWS: names.length > 1 ? names : (names[0] ?? '') } };
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
