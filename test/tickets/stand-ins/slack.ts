import * as z from 'zod';
import { type Answer, type Operation, type Request, type StandIn, type StandInOptions, standIn } from './stand-in';

// Written from docs.slack.dev/reference/methods (chat.postMessage, chat.update, users.info, auth.test,
// conversations.info) and docs.slack.dev/reference/block-kit. The shapes of
// the requests are written by hand from these pages. Slack answers 200 whatever happens, with `ok`.

export interface SlackOptions extends StandInOptions {
  readonly token: string;
  /** Of the token. */
  readonly scopes?: readonly string[];
  /** What is unusual about the channel. */
  readonly channel?: Readonly<Record<string, boolean>>;
}

export interface PostedMessage {
  readonly ts: string;
  readonly channel: string;
  text: string;
  blocks: readonly unknown[];
  readonly thread_ts?: string;
  updates: number;
}

interface Member {
  readonly id: string;
  readonly team_id: string;
  deleted: boolean;
  readonly is_bot: boolean;
  readonly is_restricted: boolean;
}

export interface Slack extends StandIn {
  readonly messages: PostedMessage[];
  readonly members: Member[];
}

const plain = z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(3000), emoji: z.boolean() });
const short = (max: number) => plain.extend({ text: z.string().min(1).max(max) });
const section = z.strictObject({ type: z.literal('section'), text: plain });
const button = z.strictObject({
  type: z.literal('button'),
  action_id: z.string().max(255),
  text: short(75),
  value: z.string().max(2000),
  style: z.enum(['primary', 'danger']),
  confirm: z.strictObject({ title: short(100), text: short(300), confirm: short(30), deny: short(30) }),
});
const actions = z.strictObject({ type: z.literal('actions'), elements: z.array(button).min(1).max(25) });
const blocks = z.array(z.discriminatedUnion('type', [section, actions])).max(50);
const postShape = z.strictObject({
  channel: z.string(),
  text: z.string().max(40_000),
  blocks,
  unfurl_links: z.boolean(),
  unfurl_media: z.boolean(),
  thread_ts: z.string().optional(),
});
const updateShape = z.strictObject({ channel: z.string(), ts: z.string(), text: z.string().max(40_000), blocks });

/** Slack with the workspace T012AB3CD and the channel C012AB3CD, in which our app is. */
export async function startSlack(options: SlackOptions): Promise<Slack> {
  const { token, now, scopes = ['chat:write', 'users:read', 'groups:read'], channel: unusual = {} } = options;
  const headers = { 'x-oauth-scopes': scopes.join(',') };
  const messages: PostedMessage[] = [];
  const members: Member[] = [];
  const operations: readonly Operation[] = [
    { method: 'POST', path: /^\/chat\.postMessage$/, body: postShape, answer: post },
    { method: 'POST', path: /^\/chat\.update$/, body: updateShape, answer: update },
    { method: 'GET', path: /^\/users\.info$/, answer: info },
    {
      method: 'POST',
      path: /^\/auth\.test$/,
      body: z.strictObject({}),
      answer: () => ({ status: 200, headers, body: { ok: true, team_id: 'T012AB3CD' } }),
    },
    { method: 'GET', path: /^\/conversations\.info$/, answer: channelInfo },
  ];
  const server = await standIn(
    {
      operations,
      unauthorized: ({ headers }, expired) =>
        headers.authorization === `Bearer ${token}` && !expired ? undefined : failed(expired ? 'token_revoked' : 'invalid_auth'),
      wrongHeaders: ({ headers, method }) =>
        method === 'POST' && headers['content-type'] !== 'application/json' ? 'Content-Type must be application/json' : undefined,
      throttled: (retryAfter) => ({
        status: 429,
        body: { ok: false, error: 'ratelimited' },
        headers: { 'retry-after': String(retryAfter) },
      }),
      unavailable: { status: 503, body: { ok: false, error: 'service_unavailable' } },
    },
    options,
  );
  return Object.assign(server, { messages, members });

  function failed(error: string): Answer {
    return { status: 200, body: { ok: false, error } };
  }

  function post({ body }: Request): Answer {
    const { channel, text, blocks: given, thread_ts } = body as z.infer<typeof postShape>;
    if (channel !== 'C012AB3CD') return failed('channel_not_found');
    const ts = `${Math.floor(now() / 1000)}.${String(messages.length + 1).padStart(6, '0')}`;
    messages.push({ ts, channel, text, blocks: given, updates: 0, ...(thread_ts !== undefined && { thread_ts }) });
    return { status: 200, body: { ok: true, channel, ts } };
  }

  function update({ body }: Request): Answer {
    const { channel, ts, text, blocks: given } = body as z.infer<typeof updateShape>;
    const message = messages.find((one) => one.ts === ts && one.channel === channel);
    if (!message) return failed('message_not_found');
    Object.assign(message, { text, blocks: given, updates: message.updates + 1 });
    return { status: 200, body: { ok: true, channel, ts } };
  }

  function channelInfo({ query }: Request): Answer {
    if (!scopes.includes('groups:read')) return failed('missing_scope');
    const id = query.get('channel');
    if (id !== 'C012AB3CD') return failed('channel_not_found');
    const usual = { is_member: true, is_archived: false, is_private: true, is_ext_shared: false };
    return { status: 200, headers, body: { ok: true, channel: { id, ...usual, ...unusual } } };
  }

  function info({ query }: Request): Answer {
    const user = members.find(({ id }) => id === query.get('user'));
    return user ? { status: 200, body: { ok: true, user } } : failed('user_not_found');
  }
}
