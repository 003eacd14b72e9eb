import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rememberCredentials } from './gateway/credentials';
import { operationOf } from './gateway/operation';
import { readRequest } from './gateway/request';
import { type Answer, forward } from './gateway/upstream';

/** One call of the AWS API that came through the gateway. */
export interface Call {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The signing name (`s3`, `ec2`, `config`, `logs`), but `s3control` for S3 Control. */
  readonly service: string;
  /** As in the SDK, without `Command`: `PutBucketVersioning`. */
  readonly operation: string;
  readonly account: string;
  readonly region: string;
  /** The role, if the key was given out by AssumeRole. */
  readonly role?: string;
  /** 0 until it is answered, and for ever if the answer was cut off. */
  readonly status: number;
  /** See `Operation.input`. */
  readonly input: Readonly<Record<string, unknown>>;
}

export interface Gateway {
  /** For `AWS_ENDPOINT_URL`; needs `localhost.cjs` where S3 is used. */
  readonly url: string;
  /** In the order in which they came. */
  readonly calls: readonly Call[];
  /** Forgets the calls so far. */
  clear(): void;
  stop(): Promise<void>;
}

const reply = (response: ServerResponse, answer: Answer) => {
  response.writeHead(answer.status, [...answer.rawHeaders, 'content-length', String(answer.body.length)] as never);
  response.end(answer.body);
};

/** Starts an HTTP server in front of an emulator of the AWS APIs, which names and records each call. */
export const startGateway = async ({ upstream }: { readonly upstream: string }): Promise<Gateway> => {
  const emulator = new URL(upstream);
  const calls: Call[] = [];
  const credentials = rememberCredentials((call) => forward(emulator, call));

  const server = createServer({ keepAliveTimeout: 60_000 }, async (message, response) => {
    try {
      const request = await readRequest(message);
      const operation = operationOf(request);
      const signer = await credentials.signerOf(request.accessKeyId);
      const call = {
        time: Date.now(),
        service: operation.service,
        operation: operation.name,
        ...signer,
        region: request.region,
        status: 0,
        input: operation.input,
      };
      calls.push(call);
      const answer = await forward(emulator, request);
      credentials.learn(operation.name, signer, operation.input, answer);
      call.status = answer.status;
      reply(response, answer);
    } catch {
      // The caller or moto has gone: there is nobody to answer, or nothing to say.
      response.destroy();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    calls,
    clear() {
      calls.length = 0;
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
};
