import * as z from 'zod';
import type { SlackSettings } from '../policy/channels';
import { quote } from '../untrusted-text';
import type { Secret } from './secret';
import { type SlackCall, slackApi } from './slack';
import type { TrackerProblem } from './tracker';
import { TrackerError } from './tracker-error';
import { expectShape } from './vendors/answer';

const testShape = z.object({ team_id: z.string().optional(), enterprise_id: z.string().nullish() });
const channelShape = z.object({
  channel: z.object({
    is_member: z.boolean().default(false),
    is_archived: z.boolean().default(false),
    is_private: z.boolean().default(false),
    is_ext_shared: z.boolean().default(false),
  }),
});

/** What the token needs: to write, to read who pressed a button, and to read whether the app is in the channel. */
const scopes = ['chat:write', 'users:read'] as const;

/** What is wrong with the token, the workspace or the channel. Posts nothing. Source: docs.slack.dev/reference/methods/auth.test, conversations.info. */
export async function checkSlack(settings: SlackSettings, secret: Secret, timeout?: number): Promise<readonly TrackerProblem[]> {
  let granted: readonly string[] | undefined;
  const call = slackApi(settings, secret, {
    timeout,
    onHeaders(headers) {
      granted =
        headers
          .get('x-oauth-scopes')
          ?.split(',')
          .map((scope) => scope.trim()) ?? granted;
    },
  });
  const { workspace } = settings;
  const team = expectShape(testShape, await call('auth.test', { body: {} }), 'Slack');
  // Slack may name no scopes: then only what is refused is known.
  const missing = granted === undefined ? [] : scopes.filter((scope) => !granted?.includes(scope));
  return [
    ...missing.map((scope) => ({
      code: 'scope-missing' as const,
      message: `The bot token of Slack lacks the scope ${scope}. Add it under OAuth & Permissions, and install the app again.`,
    })),
    ...(team.team_id === workspace || team.enterprise_id === workspace
      ? []
      : [
          {
            code: 'other-workspace' as const,
            message: `The bot token of Slack is of the workspace ${quote(team.team_id)}, not ${workspace}. Set tickets.slack.workspace, or replace the token in the secret.`,
          },
        ]),
    ...(await channelProblems(settings, call)),
  ];
}

async function channelProblems({ channel: id }: SlackSettings, call: SlackCall): Promise<readonly TrackerProblem[]> {
  try {
    const { channel } = expectShape(channelShape, await call('conversations.info', { query: { channel: id } }), 'Slack');
    const invite = `Invite the app: write \`/invite @<app>\` in the channel.`;
    return [
      ...(channel.is_member ? [] : [{ code: 'not-a-member' as const, message: `The app is not in the Slack channel ${id}. ${invite}` }]),
      ...(channel.is_archived ? [{ code: 'archived' as const, message: `The Slack channel ${id} is archived. Name another one.` }] : []),
      ...(channel.is_private
        ? []
        : [
            {
              code: 'readable-by-everybody' as const,
              message: `The Slack channel ${id} is public: everybody in the workspace can read it. Plans describe misconfigurations: name a private channel.`,
            },
          ]),
      ...(channel.is_ext_shared
        ? [
            {
              code: 'readable-by-others' as const,
              message: `The Slack channel ${id} is shared with another organization. Name one that is not.`,
            },
          ]
        : []),
    ];
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    if (error.failure === 'forbidden')
      return [
        {
          code: 'scope-missing',
          message: `The bot token of Slack can't read the channel ${id}. Add the scope groups:read under OAuth & Permissions, and install the app again.`,
        },
      ];
    if (error.failure !== 'rejected') throw error;
    return [
      {
        code: 'not-found',
        message: `The Slack channel ${id} does not exist, or is private and the app is not in it. Check tickets.slack.channel, and invite the app.`,
      },
    ];
  }
}
