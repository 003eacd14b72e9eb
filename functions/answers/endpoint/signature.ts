import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CommentMessage } from '../message';

/** Who sends requests to the endpoint. */
export type Sender = CommentMessage['vendor'] | 'slack';

interface Scheme {
  /** The header of the signature, and what is before it there. */
  readonly header: string;
  readonly prefix: string;
  readonly encoding: 'hex' | 'base64';
  /** For those who sign a time: its header, in seconds since 1970, and what is signed before the body. */
  readonly time?: { readonly header: string; readonly signed: (time: string) => string };
}

const webSub = { header: 'x-hub-signature', prefix: 'sha256=', encoding: 'hex' } as const;

/**
 * How each vendor signs: HMAC-SHA256 over the body as it was sent. Sources: developer.atlassian.com/cloud/jira/platform/webhooks (Secure admin
 * webhooks), docs.github.com/en/webhooks (Validating webhook deliveries), docs.slack.dev/authentication/verifying-requests-from-slack. ServiceNow
 * signs nothing by itself: its business rule in docs/tickets.md does, with the time.
 */
const schemes: Readonly<Record<Sender, Scheme>> = {
  'jira-cloud': webSub,
  'jira-data-center': webSub,
  github: { header: 'x-hub-signature-256', prefix: 'sha256=', encoding: 'hex' },
  servicenow: {
    ...{ header: 'x-posture-signature', prefix: 'sha256=', encoding: 'base64' },
    time: { header: 'x-posture-timestamp', signed: (time) => `${time}.` },
  },
  slack: {
    ...{ header: 'x-slack-signature', prefix: 'v0=', encoding: 'hex' },
    time: { header: 'x-slack-request-timestamp', signed: (time) => `v0:${time}:` },
  },
};

/** The maximum difference between the signed time and ours, in seconds. */
const window = 300;

/** The headers of a request, their names in lower case. */
export type Headers = Readonly<Record<string, string | undefined>>;

export type SignatureProblem = 'unsigned' | 'wrong-signature' | 'old-timestamp';

/** Whether one of the secrets signed the body; two are valid during a rotation. Pure. Compares in constant time, and each secret always. */
export function signatureProblem(
  sender: Sender,
  { headers, body }: { readonly headers: Headers; readonly body: Buffer },
  secrets: readonly string[],
  now: Date,
): SignatureProblem | undefined {
  const { header, prefix, encoding, time } = schemes[sender];
  const given = headers[header];
  const at = time === undefined ? '' : headers[time.header];
  if (given === undefined || at === undefined || !given.startsWith(prefix)) return 'unsigned';
  // As text, so that there is one form of each signature.
  const signature = Buffer.from(given.slice(prefix.length));
  const matches = secrets.map((secret) => {
    const text = createHmac('sha256', secret)
      .update(time === undefined ? '' : time.signed(at))
      .update(body)
      .digest(encoding);
    const expected = Buffer.from(text);
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  });
  if (!matches.includes(true)) return 'wrong-signature';
  if (time === undefined) return undefined;
  return /^\d{1,12}$/.test(at) && Math.abs(now.getTime() / 1000 - Number(at)) <= window ? undefined : 'old-timestamp';
}
