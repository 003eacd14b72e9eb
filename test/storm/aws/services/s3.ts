import { type Cell, type Cells, changeSlowly, shown } from '../cells';
import { AwsError } from '../error';
import type { Request, Service } from '../request';

/** Milliseconds until S3 shows a new lifecycle configuration. */
const lifecycleDelay = 40_000;

/** Buckets: policy, block of public access, versioning, lifecycle, tags. */
export function s3(cells: Cells): Service {
  return {
    GetBucketPolicy(request) {
      const { policy } = bucket(request);
      if (policy === null) throw missing('NoSuchBucketPolicy');
      return { Policy: policy };
    },
    PutBucketPolicy(request) {
      const cell = bucket(request);
      checkPolicy(request.input.Policy);
      cell.policy = request.input.Policy;
      return {};
    },
    DeleteBucketPolicy(request) {
      bucket(request).policy = null;
      return {};
    },
    GetBucketPolicyStatus: (request) => ({ PolicyStatus: { IsPublic: bucket(request).policy?.includes('"Principal":"*"') ?? false } }),
    GetPublicAccessBlock(request) {
      const { block } = bucket(request);
      if (block === null) throw missing('NoSuchPublicAccessBlockConfiguration');
      return { PublicAccessBlockConfiguration: block };
    },
    PutPublicAccessBlock(request) {
      bucket(request).block = structuredClone(request.input.PublicAccessBlockConfiguration);
      return {};
    },
    DeletePublicAccessBlock(request) {
      bucket(request).block = null;
      return {};
    },
    GetBucketAcl(request) {
      const { account } = bucket(request);
      return { Owner: { ID: account }, Grants: [{ Grantee: { Type: 'CanonicalUser', ID: account }, Permission: 'FULL_CONTROL' }] };
    },
    GetBucketWebsite(request) {
      bucket(request);
      throw missing('NoSuchWebsiteConfiguration');
    },
    GetBucketVersioning(request) {
      const { versioning } = bucket(request);
      return versioning === null ? {} : { Status: versioning };
    },
    PutBucketVersioning(request) {
      bucket(request).versioning = request.input.VersioningConfiguration.Status;
      return {};
    },
    GetBucketLifecycleConfiguration(request) {
      const Rules = shown<readonly Cell[]>(bucket(request).lifecycle, request.now);
      if (Rules.length === 0) throw missing('NoSuchLifecycleConfiguration');
      return { Rules };
    },
    PutBucketLifecycleConfiguration: (request) => setLifecycle(request, structuredClone(request.input.LifecycleConfiguration.Rules)),
    DeleteBucketLifecycle: (request) => setLifecycle(request, []),
    GetBucketTagging(request) {
      const tags = Object.entries(bucket(request).tags);
      if (tags.length === 0) throw missing('NoSuchTagSet');
      return { TagSet: tags.map(([Key, Value]) => ({ Key, Value })) };
    },
  };

  function bucket({ input, account }: Request): Cell {
    const cell = cells.get(`arn:aws:s3:::${input.Bucket}`);
    if (!cell) throw missing('NoSuchBucket');
    if (cell.account !== account || (input.ExpectedBucketOwner ?? account) !== account)
      throw new AwsError('AccessDenied', 'Access Denied', 403);
    return cell;
  }

  function setLifecycle(request: Request, rules: readonly object[]): object {
    const cell = bucket(request);
    cell.lifecycle = changeSlowly(cell.lifecycle, rules, request.now, lifecycleDelay);
    return {};
  }
}

const missing = (code: string): AwsError => new AwsError(code, `The specified thing does not exist: ${code}`, 404);

function checkPolicy(text: string): void {
  const { Statement } = JSON.parse(text);
  if (!Array.isArray(Statement) || Statement.length === 0) throw new AwsError('MalformedPolicy', 'Missing required field Statement');
  if (Buffer.byteLength(text) > 20 * 1024) throw new AwsError('PolicyTooLarge', 'Policy is too large');
}
