import { describe } from '../aws/error';
import { quote, sanitize } from '../untrusted-text';
import { TrackerError, type TrackerFailure } from './tracker-error';

/** A vendor's API, and how we sign in to it. */
export interface Api {
  /** For messages: `Jira`. */
  readonly vendor: string;
  /** Without a slash at its end. */
  readonly base: string;
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** Texts that no message may contain. */
  readonly secrets: () => readonly string[];
  /** The vendor's own words in the body of an error. */
  readonly messageIn: (body: unknown) => string | undefined;
  /** Sees the headers of each answer. */
  readonly onHeaders?: (headers: Headers) => void;
  /** Milliseconds until an answer, with its body. */
  readonly timeout?: number;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Instead of a body: sent as a form. */
  readonly form?: Readonly<Record<string, string>>;
  /** The maximum of an answer, if it can be larger than others. */
  readonly maxBytes?: number;
  /** Sends no credentials: for what somebody who is not signed in can read. */
  readonly anonymous?: true;
}

const defaultTimeout = 10_000;
const maxMessage = 300;
/** More than any answer to our requests has; a hostile or broken proxy could send any number. */
const maxBytes = 2_000_000;
/** Of a page of comments, which anybody may have written, each as long as the vendor accepts. */
export const maxComments = 12_000_000;
const maxRetryAfter = 900;

/** Sends one request, once. Follows no redirect: it would carry the credentials to another host. Throws a TrackerError. */
export async function send(api: Api, request: ApiRequest): Promise<unknown> {
  const { status, text, retryAfter, isLimited, location, label, secrets } = await exchange(api, request);
  const parsed = parse(text);
  if (status >= 200 && status < 300) {
    if (text !== '' && parsed === undefined) throw new TrackerError('unanswered', `${label}: the answer ${status} is not JSON.`);
    return parsed;
  }
  if (status < 400)
    throw new TrackerError(
      'moved',
      `${label}: ${status}. It is at another address now (${quote(location && redacted(location, secrets))}): set that in the policy.`,
    );
  const said = api.messageIn(parsed);
  const quoted = said === undefined ? '' : `: ${sanitize(redacted(said, secrets).replace(/\s+/g, ' '), maxMessage).replace(/\.$/, '')}`;
  throw new TrackerError(failureOf(status, isLimited), `${label}: ${status}${quoted}.`, {
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

interface Exchanged {
  /** For messages: `Jira, POST /rest/api/3/issue`. */
  readonly label: string;
  readonly secrets: readonly string[];
  readonly status: number;
  readonly text: string;
  /** In seconds. */
  readonly retryAfter: number | undefined;
  readonly isLimited: boolean;
  readonly location: string | undefined;
}

async function exchange(api: Api, request: ApiRequest): Promise<Exchanged> {
  const { method, path, query = {} } = request;
  const sent = contentOf(request);
  const url = new URL(`${api.base}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const label = `${api.vendor}, ${method} ${url.pathname}`;
  const headers: Readonly<Record<string, string>> = {
    accept: 'application/json',
    'user-agent': 'posture-remediator',
    ...(sent && { 'content-type': sent.type }),
    ...(request.anonymous ? {} : await api.headers()),
  };
  const secrets = [...api.secrets(), headers['authorization']?.split(' ').at(-1) ?? ''];
  try {
    const signal = AbortSignal.timeout(api.timeout ?? defaultTimeout);
    const answer = await fetch(url, { method, headers, signal, redirect: 'manual', ...(sent && { body: sent.text }) });
    api.onHeaders?.(answer.headers);
    const retryAfter = secondsIn(answer.headers.get('retry-after'));
    return {
      ...{ label, secrets, status: answer.status, text: await bodyOf(answer, request.maxBytes ?? maxBytes), retryAfter },
      isLimited: retryAfter !== undefined || answer.headers.get('x-ratelimit-remaining') === '0',
      location: answer.headers.get('location') ?? undefined,
    };
  } catch (cause) {
    // Without the cause: it could repeat the headers.
    throw new TrackerError('unanswered', `${label}: no answer (${redacted(reasonOf(cause), secrets)}).`);
  }
}

function contentOf({ body, form }: ApiRequest): { readonly type: string; readonly text: string } | undefined {
  if (form) return { type: 'application/x-www-form-urlencoded', text: new URLSearchParams(form).toString() };
  return body === undefined ? undefined : { type: 'application/json', text: JSON.stringify(body) };
}

function failureOf(status: number, isLimited: boolean): TrackerFailure {
  if (status === 401) return 'unauthorized';
  // GitHub answers 403 where a limit is exceeded, too.
  if (status === 429 || (status === 403 && isLimited)) return 'throttled';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'not-found';
  return status >= 500 ? 'unavailable' : 'rejected';
}

async function bodyOf(answer: Response, max: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body ?? []) {
    bytes += part.byteLength;
    if (bytes > max) throw new Error(`the answer has more than ${max} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `Retry-After: 30`; also a date, which we do not compare with our clock. */
function secondsIn(header: string | null): number | undefined {
  if (header === null) return undefined;
  return /^\d{1,9}$/.test(header.trim()) ? Math.min(Number(header), maxRetryAfter) : 60;
}

/** `fetch failed` hides its cause. */
function reasonOf(error: unknown): string {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  return sanitize(describe(cause ?? error).replace(/\s+/g, ' '), maxMessage);
}

/** Without the secrets, also as a vendor or a proxy could repeat them. */
function redacted(text: string, secrets: readonly string[]): string {
  return secrets.filter((secret) => secret.length >= 4).reduce((left, secret) => left.replaceAll(secret, '[secret]'), text);
}
