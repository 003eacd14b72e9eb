import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type * as z from 'zod';
import type { RequestChecker } from '../openapi/reference';

/** What goes wrong with one request. `lost`, `hang` and `failed-after`: the vendor has carried it out all the same. */
export type Mishap = 'throttled' | 'unavailable' | 'reset' | 'lost' | 'hang' | 'failed-after' | 'hang-before';

export interface StandInOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long a search does not find what was written, in milliseconds. */
  readonly searchLag?: number;
  /** Seconds of the header Retry-After. */
  readonly retryAfter?: number;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One operation of the API. `body`: the shape of its published reference; a request that does not have it is a violation. */
export interface Operation {
  readonly method: string;
  readonly path: RegExp;
  readonly body?: z.ZodType;
  readonly answer: (request: Request, parts: readonly string[]) => Answer;
}

export interface StandIn {
  readonly url: string;
  /** `POST /rest/api/3/issue 201`, in the order of their ends. */
  readonly calls: string[];
  /** Requests that are not as the vendor's reference says. */
  readonly violations: string[];
  /** Decides what goes wrong with the next requests. */
  mishaps: (request: Request) => Mishap | undefined;
  /** The credentials are not accepted any more. */
  expired: boolean;
  /** What an administrator has changed since: the project is archived (in ServiceNow: the role is taken away), and new tickets require these fields. */
  archived: boolean;
  /** Everybody can read the project now. */
  open: boolean;
  required: readonly string[];
  /** Users who have left, by what an assignee is named. */
  left: readonly string[];
  /** The path that has another address now, and which. */
  moved: { readonly path: RegExp; readonly to: string } | undefined;
  stop(): Promise<void>;
}

export interface Vendor {
  readonly operations: readonly Operation[];
  /** Why the credentials of the request are not accepted; undefined if they are, or if the operation needs none. */
  readonly unauthorized: (request: Request, expired: boolean) => Answer | undefined;
  /** Why the headers are not as the reference says. */
  readonly wrongHeaders: (request: Request) => string | undefined;
  readonly throttled: (retryAfter: number) => Answer;
  readonly unavailable: Answer;
  /** Holds each request against the OpenAPI description that the vendor publishes. */
  readonly reference?: RequestChecker;
}

/** Serves a vendor on a port of this machine. */
export async function standIn(vendor: Vendor, { retryAfter = 1 }: StandInOptions): Promise<StandIn> {
  const server = createServer((incoming, response) => void serve(incoming, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const made: StandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    violations: [],
    mishaps: () => undefined,
    expired: false,
    archived: false,
    open: false,
    required: [],
    left: [],
    moved: undefined,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return made;

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await read(incoming);
    const mishap = made.mishaps(request);
    if (mishap === 'reset') return void incoming.socket.destroy();
    if (mishap === 'hang-before') return;
    if (mishap === 'throttled') return send(request, response, vendor.throttled(retryAfter));
    if (mishap === 'unavailable') return send(request, response, vendor.unavailable);
    const answer = answerOf(request);
    if (mishap === 'failed-after' && answer.status < 300) return send(request, response, vendor.unavailable);
    if (mishap === 'lost') return void incoming.socket.destroy();
    if (mishap === 'hang') return;
    send(request, response, answer);
  }

  function answerOf(request: Request): Answer {
    const refused = vendor.unauthorized(request, made.expired);
    if (refused) return refused;
    if (made.moved?.path.test(request.path)) return { status: 301, headers: { location: made.moved.to }, body: { message: 'Moved' } };
    const wrong = vendor.wrongHeaders(request) ?? vendor.reference?.(request);
    if (wrong !== undefined) return violation(request, wrong);
    for (const { method, path, body, answer } of vendor.operations) {
      const found = method === request.method ? path.exec(request.path) : null;
      if (!found) continue;
      const read = body?.safeParse(request.body);
      if (read && !read.success)
        return violation(request, read.error.issues.map((one) => `${one.path.join('.')} ${one.message}`).join('; '));
      return answer(request, found.slice(1).map(decodeURIComponent));
    }
    return violation(request, 'the reference has no such operation');
  }

  function violation({ method, path }: Request, why: string): Answer {
    made.violations.push(`${method} ${path}: ${why}`);
    return { status: 400, body: { message: why, errorMessages: [why], error: { message: why } } };
  }

  function send({ method, path }: Request, response: ServerResponse, { status, body, headers = {} }: Answer): void {
    made.calls.push(`${method} ${path} ${status}`);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers });
    response.end(body === undefined ? undefined : text);
  }
}

async function read(incoming: IncomingMessage): Promise<Request> {
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: bodyOf(text, incoming.headers['content-type']),
  };
}

function bodyOf(text: string, type: string | undefined): unknown {
  if (text === '') return undefined;
  return type === 'application/x-www-form-urlencoded' ? text : JSON.parse(text);
}
