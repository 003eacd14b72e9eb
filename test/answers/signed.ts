import { createHmac } from 'node:crypto';
import type { Sender } from '../../functions/answers/endpoint/signature';

/** Longer than the shortest that is accepted. */
export const secret = 'a-signing-secret-of-the-webhooks';

interface Options {
  readonly sender: Sender;
  readonly body: string;
  readonly now: number;
  readonly secret?: string;
  /** Seconds since 1970. */
  readonly time?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The headers with which each vendor signs a body. Sources: the published documents that functions/answers/endpoint/signature.ts names. */
function signatureHeaders({ sender, body, now, secret: key = secret, time = Math.floor(now / 1000) }: Options): Record<string, string> {
  const mac = (text: string, encoding: 'hex' | 'base64' = 'hex') => createHmac('sha256', key).update(text).digest(encoding);
  if (sender === 'github')
    return { 'x-hub-signature-256': `sha256=${mac(body)}`, 'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958' };
  if (sender === 'slack') return { 'x-slack-signature': `v0=${mac(`v0:${time}:${body}`)}`, 'x-slack-request-timestamp': String(time) };
  if (sender === 'servicenow')
    return { 'x-posture-signature': `sha256=${mac(`${time}.${body}`, 'base64')}`, 'x-posture-timestamp': String(time) };
  return { 'x-hub-signature': `sha256=${mac(body)}`, 'x-atlassian-webhook-identifier': 'a-delivery' };
}

/** What an HTTP API makes of the request of a vendor. Source: API Gateway, payload format version 2.0. */
export const signed = (options: Options) => ({
  version: '2.0',
  routeKey: 'POST /tracker',
  rawPath: options.sender === 'slack' ? '/slack' : '/tracker',
  rawQueryString: '',
  headers: { 'content-type': 'application/json', ...signatureHeaders(options), ...options.headers },
  requestContext: { http: { method: 'POST', path: '/', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'vendor' } },
  body: Buffer.from(options.body).toString('base64'),
  isBase64Encoded: true,
});

interface Pressed {
  readonly user: string;
  readonly order: 'approve' | 'reject';
  readonly value: string;
  readonly message: string;
  readonly now: number;
  readonly workspace?: string;
  readonly channel?: string;
}

/** The body that Slack sends when somebody presses a button. Source: docs.slack.dev/reference/interaction-payloads/block_actions-payload. */
export const pressed = ({ user, order, value, message, now, workspace = 'T012AB3CD', channel = 'C012AB3CD' }: Pressed): string =>
  new URLSearchParams({
    payload: JSON.stringify({
      type: 'block_actions',
      user: { id: user, username: 'ada', name: 'ada', team_id: workspace },
      api_app_id: 'A02',
      container: { type: 'message', message_ts: message, channel_id: channel, is_ephemeral: false },
      trigger_id: '12466734323.1395872398',
      team: { id: workspace, domain: 'acme' },
      channel: { id: channel, name: 'security' },
      response_url: 'https://hooks.slack.com/actions/T012AB3CD/1/a',
      actions: [
        {
          action_id: `posture-${order}`,
          block_id: '=qXel',
          text: { type: 'plain_text', text: order },
          value,
          type: 'button',
          action_ts: `${Math.floor(now / 1000)}.426417`,
        },
      ],
    }),
  }).toString();
