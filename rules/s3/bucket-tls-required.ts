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

/** S3 takes bucket policies of at most 20 KB. */
const maximum = 20 * 1024;

const wishedSid = 'PostureRequireTls';

export default defineRule({
  id: 's3-bucket-tls-required',
  title: 'S3 buckets refuse requests without TLS',
  why: 'S3 also answers plain HTTP: objects, and the signatures of requests, can then be read and changed on the way.',
  impact:
    'Clients that use plain HTTP are refused, also a website that a bucket serves at its S3 website endpoint, which knows no TLS. The bucket policy gets one more statement; all others stay.',
  severity: 'medium',
  risk: 'disruptive',
  resource: bucket,
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
      return { unfixable: 'The bucket policy is not a policy in JSON that can be written again without loss. Write it anew by hand.' };
    const { statements } = policy;
    if (requiresTls(statements, resource.arn)) return [];

    if (refused) return { unfixable: refusal };
    const deleted = statements.flatMap(principals).find((principal) => /^A(IDA|ROA)[A-Z0-9]+$/.test(principal));
    if (deleted !== undefined)
      return {
        unfixable: `The bucket policy names ${deleted}, the remains of a user or role that was deleted, and S3 takes no policy that does. Take it out first.`,
      };
    const merged = writePolicy(policy, [...statements, denial(freeSid(wishedSid, statements), resource.arn)]);
    const size = Buffer.byteLength(merged);
    if (size > maximum)
      return {
        unfixable: `With the statement that requires TLS the bucket policy would have ${size} bytes; S3 takes ${maximum}. Shorten it first.`,
      };
    return [{ do: put(resource, merged), undo: text === null ? remove(resource) : put(resource, text) }];
  },

  takeBack(resource, now, { before, after }) {
    if (now.policy === null) return [];
    const policy = read(now.policy);
    const old = read(before.policy);
    if (!policy || !old) return undefined;

    const sid = freeSid(wishedSid, old.statements);
    const others = policy.statements.filter(({ Sid }) => Sid !== sid);
    const [ours, ...more] = policy.statements.filter(({ Sid }) => Sid === sid);
    if (!ours) return [];
    const asMade = read(after.policy)?.statements.find(({ Sid }) => Sid === sid);
    // Somebody has made it a statement of their own.
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
