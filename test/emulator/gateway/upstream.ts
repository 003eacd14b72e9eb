import { type IncomingHttpHeaders, request as send } from 'node:http';
import type { AwsRequest } from './request';

export interface Answer {
  readonly status: number;
  /** Name, value, name, value, as they came. */
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** They speak of one connection only, and each side of the gateway has its own. */
const hopByHop = /^(connection|keep-alive|transfer-encoding|expect|content-length|te|upgrade)$/i;

const passed = (rawHeaders: readonly string[]): string[] => {
  const headers: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    if (!hopByHop.test(name)) headers.push(name, value);
  }
  return headers;
};

const sizeOf = ({ 'content-length': size }: IncomingHttpHeaders) => (size === undefined ? [] : ['content-length', size]);

export interface Sent {
  readonly method: string;
  readonly target: string;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** Sends a call on, untouched: method, path, headers (Host too) and body. */
export const forward = (upstream: URL, { method, target, rawHeaders, body }: AwsRequest | Sent): Promise<Answer> =>
  new Promise((resolve, reject) => {
    // Neither Host nor a connection of its own is added: moto closes each, and reads the bucket from the Host.
    const sent = send({
      host: upstream.hostname,
      port: upstream.port,
      method,
      path: target,
      setHost: false,
      agent: false,
      headers: [...passed(rawHeaders), 'content-length', String(body.length), 'connection', 'close'] as never,
    });
    sent.on('error', reject);
    sent.on('response', (message) => {
      const chunks: Buffer[] = [];
      message.on('data', (chunk: Buffer) => chunks.push(chunk));
      message.on('error', reject);
      message.on('end', () =>
        resolve({
          status: message.statusCode ?? 502,
          // To a HEAD it tells the size of what is not sent.
          rawHeaders: [...passed(message.rawHeaders), ...(method === 'HEAD' ? sizeOf(message.headers) : [])],
          headers: message.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    sent.end(body);
  });
