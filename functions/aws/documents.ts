import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SignatureV4 } from '@smithy/signature-v4';
import { placeholderOf } from '../../rules/document';
import type { AwsCommand, Json, Rule } from '../../rules/rule';
import type { Clock } from '../clock';
import { callOf, commandOf } from './call';

/** Where documents of changes are stored. */
export interface Documents {
  /** Stores the text, and returns a URL by which anybody can read it for an hour. */
  readonly publish: (text: string) => Promise<string>;
}

const lifetime = 3600;

/**
 * The command with the URL of the document in the place of the placeholder. It is never written to the log: whoever has it can read the document.
 * Throws if the command does not name this very document.
 */
export async function commandWithDocument(
  command: AwsCommand,
  document: string,
  { rule, documents }: { readonly rule: Pick<Rule, 'id' | 'commands'>; readonly documents: Documents | undefined },
): Promise<AwsCommand> {
  const call = callOf(command);
  const placeholder = placeholderOf(document);
  if (!holds(call.input, placeholder)) throw new Error(`${call.service}:${call.operation} of ${rule.id} does not name its document.`);
  if (!documents) throw new Error('The document of the change can be stored only by the function of the rule. Request the fix there.');
  return commandOf({ ...call, input: replaced(call.input, placeholder, await documents.publish(document)) }, rule.commands);
}

function holds(value: Json | undefined, text: string): boolean {
  if (typeof value !== 'object' || value === null) return value === text;
  return Object.values(value).some((one) => holds(one, text));
}

function replaced(value: Json, from: string, to: string): Json {
  if (value === from) return to;
  if (Array.isArray(value)) return value.map((one: Json) => replaced(one, from, to));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, one === undefined ? one : replaced(one, from, to)]));
}

export interface BucketOptions {
  /** `https://<bucket>.s3.<region>.amazonaws.com/<prefix>` */
  readonly url: string;
  /** It has the Region and the credentials of the function, and a hash. */
  readonly client: Pick<DynamoDBClient, 'config'>;
  readonly clock: Clock;
}

/** Stores documents under the SHA-256 of their content. Signs by itself: a client of S3 would be larger than the rest of the function. */
export function documentsIn({ url, client: { config }, clock }: BucketOptions): Documents {
  return {
    async publish(text) {
      const { pathname: name } = new URL(placeholderOf(text));
      const { protocol, hostname, port, pathname: path } = new URL(`${url}${name}.yaml`);
      const { region, credentials, sha256 } = config;
      const signer = new SignatureV4({ service: 's3', region, credentials, sha256, uriEscapePath: false });
      const place = { protocol, hostname, ...(port && { port: Number(port) }), path, query: {} };
      const headers = { host: port ? `${hostname}:${port}` : hostname };
      const signingDate = clock.now();
      const put = await signer.sign(
        { ...place, method: 'PUT', headers: { ...headers, 'content-type': 'application/yaml' }, body: text },
        { signingDate },
      );
      await store(`${protocol}//${headers.host}${path}`, put.headers, text);
      const get = { ...place, method: 'GET', headers: { ...headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } };
      const { query = {} } = await signer.presign(get, { expiresIn: lifetime, signingDate });
      return `${protocol}//${headers.host}${path}?${new URLSearchParams(query as Record<string, string>).toString()}`;
    },
  };
}

async function store(url: string, headers: Record<string, string>, body: string): Promise<void> {
  const { host: _, ...sent } = headers;
  const answer = await fetch(url, { method: 'PUT', headers: sent, body, signal: AbortSignal.timeout(10_000) });
  if (answer.ok) return;
  const [, code = 'UnknownError'] = /<Code>(\w+)<\/Code>/.exec(await answer.text()) ?? [];
  const error = new Error(`The document of the change was not stored: S3 returned ${code}, HTTP status ${answer.status}.`);
  // As an error of the SDK has it, so that a busy service is tried again later.
  throw Object.assign(error, { $metadata: { httpStatusCode: answer.status } });
}
