import * as z from 'zod';
import type { SlackSettings } from '../policy/channels';
import { send } from './http';
import { field, type Secret } from './secret';
import type { SlackMessage } from './slack-message';
import { TrackerError, type TrackerFailure } from './tracker-error';
import { expectShape } from './vendors/answer';

/** What we ask of Slack, in one channel. Throws a TrackerError. Source: docs.slack.dev/reference/methods. */
export interface Slack {
  /** Posts a message; `thread`: the message that it answers. Returns the time of the message, by which Slack names it. */
  post(message: SlackMessage, thread?: string): Promise<string>;
  /** Replaces a message. Nothing is to be done if it was deleted, or can't be changed any more. */
  update(message: string, by: SlackMessage): Promise<void>;
  /** Whether the member is a person of the workspace who may still sign in. */
  isPerson(user: string): Promise<boolean>;
}

const answerShape = z.looseObject({ ok: z.boolean(), error: z.string().max(200).optional() });
const postedShape = z.object({ ts: z.string().regex(/^\d{1,12}\.\d{1,6}$/) });
const userShape = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string().optional(),
    deleted: z.boolean().default(false),
    is_bot: z.boolean().default(false),
    is_restricted: z.boolean().default(false),
    is_stranger: z.boolean().default(false),
  }),
});

const failures: Readonly<Record<string, TrackerFailure>> = {
  invalid_auth: 'unauthorized',
  not_authed: 'unauthorized',
  token_revoked: 'unauthorized',
  token_expired: 'unauthorized',
  account_inactive: 'unauthorized',
  missing_scope: 'forbidden',
  ratelimited: 'throttled',
  internal_error: 'unavailable',
  fatal_error: 'unavailable',
  service_unavailable: 'unavailable',
};

/** What Slack says of a message that is not there, or not in this channel. */
const isGone = /: (message_not_found|cant_update_message|edit_window_closed)\.$/;

/** Calls a method of Slack. */
export type SlackCall = (
  method: string,
  request: { readonly body?: object; readonly query?: Readonly<Record<string, string>> },
) => Promise<unknown>;

interface SlackApiOptions {
  readonly timeout?: number | undefined;
  readonly onHeaders?: (headers: Headers) => void;
}

export function slackApi({ url }: Pick<SlackSettings, 'url'>, secret: Secret, { timeout, onHeaders }: SlackApiOptions = {}): SlackCall {
  const api = {
    ...{ vendor: 'Slack', base: url.replace(/\/+$/, ''), secrets: secret.seen, messageIn: () => undefined },
    ...(timeout !== undefined && { timeout }),
    ...(onHeaders && { onHeaders }),
    headers: async () => ({ authorization: `Bearer ${field(await secret.read(), 'token', 'Slack')}` }),
  };
  // Slack answers 200 whatever happens.
  return async (method, request) => {
    const answer = await send(api, { method: request.body ? 'POST' : 'GET', path: `/${method}`, ...request });
    const { ok, error = 'unknown' } = expectShape(answerShape, answer, 'Slack');
    if (ok) return answer;
    throw new TrackerError(failures[error] ?? 'rejected', `Slack, ${method}: ${error.replace(/[^\w.-]/g, '?')}.`);
  };
}

export function slackChannel(settings: SlackSettings, secret: Secret, timeout?: number): Slack {
  const { channel, workspace } = settings;
  const call = slackApi(settings, secret, { timeout });
  return {
    async post(message, thread) {
      const body = { channel, ...message, unfurl_links: false, unfurl_media: false, ...(thread !== undefined && { thread_ts: thread }) };
      return expectShape(postedShape, await call('chat.postMessage', { body }), 'Slack').ts;
    },
    async update(message, by) {
      await call('chat.update', { body: { channel, ts: message, ...by } }).catch((error: unknown) => {
        if (!(error instanceof TrackerError) || !isGone.test(error.message)) throw error;
      });
    },
    async isPerson(user) {
      const answer = await call('users.info', { query: { user } }).catch((error: unknown) => {
        if (error instanceof TrackerError && error.failure === 'rejected') return undefined;
        throw error;
      });
      if (answer === undefined) return false;
      const { user: found } = expectShape(userShape, answer, 'Slack');
      const isGuest = found.is_restricted || found.is_stranger || (found.team_id !== undefined && found.team_id !== workspace);
      return found.id === user && !found.deleted && !found.is_bot && !isGuest;
    },
  };
}
