import { Agent, type IncomingHttpHeaders, type IncomingMessage, request as send } from 'node:http';
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

export interface Upstream {
  /** Sends a call on, untouched: method, path, headers (Host too) and body. Told the account, moto need not look for the key in all of them. */
  forward(request: AwsRequest | Sent, account?: string): Promise<Answer>;
  close(): void;
}

const answerOf = (method: string, message: IncomingMessage): Promise<Answer> =>
  new Promise((resolve, reject) => {
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

/** Keeps connections to an emulator open, until closed. */
export const connectUpstream = (url: string): Upstream => {
  const { hostname: host, port } = new URL(url);
  const agent = new Agent({ keepAlive: true });
  return {
    forward: ({ method, target, rawHeaders, body }, account) =>
      new Promise((resolve, reject) => {
        const whose = account === undefined ? [] : ['x-moto-account-id', account];
        const headers = [...passed(rawHeaders), 'content-length', String(body.length), ...whose];
        // No Host is added: moto reads the bucket from it.
        const sent = send({ host, port, agent, method, path: target, setHost: false, headers: headers as never });
        sent.on('error', reject);
        sent.on('response', (message) => answerOf(method, message).then(resolve, reject));
        sent.end(body);
      }),
    close: () => agent.destroy(),
  };
};
