import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** One signed call of the AWS API, as it came in. */
export interface AwsRequest {
  readonly method: string;
  /** The path as sent, still escaped. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Path and query as sent. */
  readonly target: string;
  /** What stands before the host of the endpoint: a bucket, or an account for S3 Control. */
  readonly hostPrefix?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** The signing name: `s3`, `ec2`, `config`, `logs`; empty if unsigned. */
  readonly signingName: string;
  readonly region: string;
  /** Undefined for an unsigned call. */
  readonly accessKeyId?: string | undefined;
}

const credential = /Credential=([^/,\s]+)\/\d{8}\/([^/]*)\/([^/]+)\/aws4_request/;

// SigV4a signs for a set of regions, so its scope names none.
const credentialOfManyRegions = /Credential=([^/,\s]+)\/\d{8}\/([^/]+)\/aws4_request/;

const scopeOf = (signature: string, regions: string | undefined) => {
  const one = credential.exec(signature);
  if (one !== null) return { accessKeyId: one[1], region: one[2] ?? '', signingName: (one[3] ?? '').toLowerCase() };
  const many = credentialOfManyRegions.exec(signature);
  if (many !== null) return { accessKeyId: many[1], region: regions ?? '', signingName: (many[2] ?? '').toLowerCase() };
  return { accessKeyId: undefined, region: '', signingName: '' };
};

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/** Reads a call to its end, and who signed it for what. */
export const readRequest = async (message: IncomingMessage): Promise<AwsRequest> => {
  const target = message.url ?? '/';
  const [path = '/', search = ''] = target.split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  const { headers } = message;
  const presigned = `Credential=${query.get('X-Amz-Credential') ?? ''}`;
  const regions = headers['x-amz-region-set'];
  const scope = scopeOf(headers.authorization ?? presigned, Array.isArray(regions) ? regions[0] : regions);
  const hostPrefix = /^(.+)\.localhost(?::\d+)?$/i.exec(headers.host ?? '')?.[1];
  return {
    method: message.method ?? 'GET',
    path,
    query,
    target,
    hostPrefix,
    headers,
    rawHeaders: message.rawHeaders,
    body: await bodyOf(message),
    ...scope,
  };
};
