import type { AwsRequest } from './request';
import { type RestCall, restCall } from './rest';

/** The wire protocols of AWS, as far as an error is written differently in each. */
type Protocol = 'json' | 'query' | 'ec2' | 'rest-json' | 'rest-xml' | 'cbor';

export interface Operation {
  /** The signing name, but `s3control` for S3 Control. */
  readonly service: string;
  /** As in the SDK, without `Command`: `PutBucketVersioning`; `Unknown` if it can't be told. */
  readonly name: string;
  readonly protocol: Protocol;
  /**
   * Its input as far as it is plain on the wire: the members of a JSON call, the flat parameters of a query call
   * (`Filter.1.Name`), the labels, query and JSON body of a REST call, an XML body as `body`.
   */
  readonly input: Readonly<Record<string, unknown>>;
}

const json = (body: Buffer): Readonly<Record<string, unknown>> => {
  try {
    const parsed: unknown = body.length > 0 ? JSON.parse(body.toString()) : {};
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Record<string, unknown>) : { body: parsed };
  } catch {
    return { body: body.toString() };
  }
};

const restXml = new Set(['s3', 's3control', 'route53', 'cloudfront']);

const bucketPath = (request: AwsRequest): { readonly bucket?: string; readonly rest: string } => {
  if (request.hostPrefix !== undefined) return { bucket: request.hostPrefix, rest: request.path };
  const [, bucket = '', rest = '/'] = /^\/([^/]*)(\/.*)?$/s.exec(request.path) ?? [];
  return bucket === '' ? { rest: '/' } : { bucket, rest };
};

const withoutBucket = new Set(['ListBuckets', 'ListDirectoryBuckets', 'WriteGetObjectResponse']);

const s3Call = (request: AwsRequest): RestCall | undefined => {
  if (request.path.startsWith('/v20180820/')) {
    const call = restCall('s3', request.method, request.path, request.query);
    const account = request.headers['x-amz-account-id'] ?? request.hostPrefix;
    return (
      call && {
        ...call,
        service: 's3control',
        labels: { ...call.labels, ...(account === undefined ? {} : { AccountId: String(account) }) },
      }
    );
  }
  const { bucket, rest } = bucketPath(request);
  const call = restCall('s3', request.method, rest, request.query);
  if (call === undefined) return undefined;
  if (bucket === undefined) return withoutBucket.has(call.operation) ? call : { ...call, operation: 'ListBuckets' };
  // Without `x-id` these read like the listing of a bucket.
  const operation = withoutBucket.has(call.operation) ? 'ListObjects' : call.operation;
  return { ...call, operation, labels: { Bucket: bucket, ...call.labels } };
};

const restOperation = (request: AwsRequest): Operation => {
  const { signingName, method, path, query } = request;
  const call = signingName === 's3' ? s3Call(request) : restCall(signingName, method, path, query);
  const service = call?.service === 's3control' ? 's3control' : signingName;
  const protocol = restXml.has(service) ? 'rest-xml' : 'rest-json';
  const asked = Object.fromEntries([...query].filter(([name]) => !/^(x-id$|X-Amz-)/.test(name)));
  const body = protocol === 'rest-json' ? json(request.body) : { body: request.body.toString() };
  return {
    service,
    name: call?.operation ?? 'Unknown',
    protocol,
    input: { ...asked, ...call?.labels, ...(request.body.length > 0 && body) },
  };
};

/** Names the service and operation of a call, from its headers, form, or the SDK's REST schemas. */
export const operationOf = (request: AwsRequest): Operation => {
  const { signingName: service, headers } = request;
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    return { service, name: target.split('.').at(-1) ?? 'Unknown', protocol: 'json', input: json(request.body) };
  }
  const cbor = /^\/service\/[^/]+\/operation\/([^/]+)$/.exec(request.path);
  if (cbor !== null) return { service, name: cbor[1] ?? 'Unknown', protocol: 'cbor', input: {} };
  const form =
    headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
      ? new URLSearchParams(request.body.toString())
      : request.query;
  const action = form.get('Action');
  if (action !== null && service !== 's3') {
    const { Action: _, Version: __, ...input } = Object.fromEntries(form);
    return { service, name: action, protocol: service === 'ec2' ? 'ec2' : 'query', input };
  }
  return restOperation(request);
};
