import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An error as the runtime reports it. */
export interface HandlerError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

interface Delivery {
  readonly id: string;
  readonly arn: string;
  readonly event: unknown;
  /** Milliseconds since 1970. */
  readonly deadline: number;
}

/** What the runtime says of the event that it was given; after a fatal error it ends. */
export type Report = { readonly result: unknown } | { readonly error: HandlerError; readonly fatal: boolean };

export interface RuntimeApiOptions {
  /** It has loaded the handler, and asks for an event. */
  readonly onReady: () => void;
  readonly onReport: (report: Report) => void;
}

export interface RuntimeApi {
  /** Host and port, for AWS_LAMBDA_RUNTIME_API. */
  readonly address: string;
  /** Gives the runtime its next event, as soon as it asks. */
  deliver(delivery: Delivery): void;
  stop(): Promise<void>;
}

const bodyOf = async (message: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

const traceOf = (id: string) => `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${id.replaceAll('-', '').slice(0, 24)};Sampled=0`;

const handOut = (response: ServerResponse, { id, arn, event, deadline }: Delivery) => {
  response.writeHead(200, {
    'content-type': 'application/json',
    'Lambda-Runtime-Aws-Request-Id': id,
    'Lambda-Runtime-Deadline-Ms': String(deadline),
    'Lambda-Runtime-Invoked-Function-Arn': arn,
    'Lambda-Runtime-Trace-Id': traceOf(id),
  });
  response.end(JSON.stringify(event));
};

/** Serves the Runtime API of AWS Lambda to one runtime, and passes on what that reports. */
export const startRuntimeApi = async ({ onReady, onReport }: RuntimeApiOptions): Promise<RuntimeApi> => {
  let asking: ServerResponse | undefined;
  let next: Delivery | undefined;

  const meet = () => {
    if (asking === undefined || next === undefined) return;
    handOut(asking, next);
    asking = undefined;
    next = undefined;
  };

  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, async (message, response) => {
    const { url = '' } = message;
    if (url.endsWith('/invocation/next')) {
      asking = response;
      onReady();
      meet();
      return;
    }
    const said: unknown = JSON.parse(await bodyOf(message).catch(() => '{}'));
    response.writeHead(202).end();
    onReport(
      url.endsWith('/response') ? { result: said } : { error: said as HandlerError, fatal: !/\/invocation\/[^/]+\/error$/.test(url) },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    deliver(delivery) {
      next = delivery;
      meet();
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
};
