import { DeleteBucketPolicyCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { S3ControlClient } from '@aws-sdk/client-s3-control';
import { isObject, type JsonObject } from '../json';
import { freeSid, type Policy, readPolicy, stringsIn, writePolicy } from '../policy';
import { defineRule, type Resource } from '../rule';
import { listBuckets, listing } from './bucket/list';
import { named } from './bucket/name';
import { bucketPolicyReading, readBucketPolicy, refusal } from './bucket/policy';
import { bucket } from './bucket/resource';
import { denial, requiresTls } from './tls/denial';

/** S3 accepts bucket policies of up to 20 KB. */
const maxBytes = 20 * 1024;

const statementId = 'PostureRequireTls';

export default defineRule({
  id: 's3-bucket-tls-required',
  title: 'S3 bucket policies deny requests without TLS',
  why: 'S3 also accepts plain HTTP, over which objects and request signatures can be read and changed in transit.',
  impact:
    'Clients that use plain HTTP are denied, including visitors of an S3 website endpoint, which does not support TLS. The bucket policy gets one more statement; all others stay.',
  severity: 'medium',
  risk: 'disruptive',
  resource: bucket,
  marksOwnPart: true,
  detectedBy: { securityHub: ['S3.5'], config: ['s3-bucket-ssl-requests-only'] },
  permissions: {
    inspect: [...bucketPolicyReading, listing],
    change: { actions: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'], on: 'arn:{partition}:s3:::*' },
  },
  clients: [S3Client, S3ControlClient],
  commands: [PutBucketPolicyCommand, DeleteBucketPolicyCommand],

  inspect: readBucketPolicy,

  plan(resource, { policy: text, refused }) {
    const policy = read(text);
    if (!policy)
      return {
        unfixable: 'The bucket policy cannot be parsed as JSON and rewritten without loss. Rewrite it manually.',
        code: 'state-unreadable',
      };
    const { statements } = policy;
    if (requiresTls(statements, resource.arn)) return [];

    if (refused) return refusal;
    const deleted = statements.flatMap(principals).find((principal) => /^A(IDA|ROA)[A-Z0-9]+$/.test(principal));
    if (deleted !== undefined)
      return {
        unfixable: `The bucket policy names ${deleted}, a deleted user or role, and S3 rejects a policy that does. Remove it first.`,
        code: 'deleted-principal-in-policy',
      };
    const merged = writePolicy(policy, [...statements, denial(freeSid(statementId, statements), resource.arn)]);
    const size = Buffer.byteLength(merged);
    if (size > maxBytes)
      return {
        unfixable: `With the statement that requires TLS, the bucket policy would have ${size} bytes. S3 accepts up to ${maxBytes}. Shorten it first.`,
        code: 'policy-too-large',
      };
    return [{ do: put(resource, merged), undo: text === null ? remove(resource) : put(resource, text) }];
  },

  revertOwnPart(resource, now, { before, after }) {
    if (now.policy === null) return [];
    const policy = read(now.policy);
    const old = read(before.policy);
    if (!policy || !old) return undefined;

    const sid = freeSid(statementId, old.statements);
    const others = policy.statements.filter(({ Sid }) => Sid !== sid);
    const [ours, ...more] = policy.statements.filter(({ Sid }) => Sid === sid);
    if (!ours) return [];
    const asMade = read(after.policy)?.statements.find(({ Sid }) => Sid === sid);
    // Somebody has changed the statement.
    if (more.length > 0 || JSON.stringify(ours) !== JSON.stringify(asMade) || !requiresTls([ours], resource.arn)) return undefined;
    return [others.length === 0 ? remove(resource) : put(resource, writePolicy(policy, others))];
  },

  list: listBuckets,
});

const read = (text: string | null): Policy | undefined =>
  text === null ? { elements: { Version: '2012-10-17' }, statements: [] } : readPolicy(text);

const principals = ({ Principal, NotPrincipal }: JsonObject): readonly string[] =>
  [Principal, NotPrincipal].flatMap((element) => (isObject(element) ? (stringsIn(element.AWS) ?? []) : []));

const put = (resource: Resource, Policy: string) => new PutBucketPolicyCommand({ ...named(resource), Policy });

const remove = (resource: Resource) => new DeleteBucketPolicyCommand(named(resource));
