import * as z from 'zod';
import { mentionsCommand } from '../../tickets/command';
import { slackAction, slackValue } from '../../tickets/slack-message';
import { type AnswerMessage, answerMessage, hashOfWords } from '../message';
import type { Sender } from './signature';

/** What a signed request says; `ignored` if it is no answer. */
export type Hook = AnswerMessage | 'ignored' | 'malformed';

const number = z.union([z.string(), z.int()]).transform(String);

const jira = z.object({
  webhookEvent: z.string(),
  issue: z.object({ id: number, self: z.string().max(500) }).optional(),
  comment: z.object({ id: number, body: z.unknown() }).optional(),
});
const gitHub = z.object({
  action: z.string().optional(),
  issue: z.object({ number }).optional(),
  comment: z.object({ id: number, body: z.string().nullish() }).optional(),
  repository: z.object({ full_name: z.string().max(300) }).optional(),
});
const serviceNow = z.object({ site: z.string().max(300), ticket: z.string(), comment: z.string(), text: z.string() });
const slack = z.object({
  type: z.string(),
  team: z.object({ id: z.string() }).nullish(),
  user: z.object({ id: z.string() }).optional(),
  channel: z.object({ id: z.string() }).optional(),
  container: z.object({ message_ts: z.string().optional() }).optional(),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().optional(), action_ts: z.string() })).optional(),
});

/** Reads the body of a signed request: the ids in it, as the vendors' references of webhooks say. Its words only tell what to ignore. Pure. */
export function hookIn(sender: Sender, text: string): Hook {
  if (sender === 'slack') return buttonIn(new URLSearchParams(text).get('payload') ?? '');
  const read = fromJson(text);
  if (sender === 'github') return gitHubComment(read);
  if (sender === 'servicenow') return serviceNowComment(read);
  return jiraComment(sender, read);
}

function jiraComment(vendor: 'jira-cloud' | 'jira-data-center', given: unknown): Hook {
  const { data } = jira.safeParse(given);
  if (!data) return 'malformed';
  const { webhookEvent, issue, comment } = data;
  if (webhookEvent !== 'comment_created' || !issue || !comment || !mentions(comment.body)) return 'ignored';
  return checked({ kind: 'comment', vendor, site: hostOf(issue.self), ticket: issue.id, comment: comment.id });
}

function gitHubComment(given: unknown): Hook {
  const { data } = gitHub.safeParse(given);
  if (!data) return 'malformed';
  const { action, issue, comment, repository } = data;
  if (action !== 'created' || !issue || !comment || !repository || !mentions(comment.body)) return 'ignored';
  const words = hashOfWords(comment.body ?? '');
  return checked({ kind: 'comment', vendor: 'github', site: repository.full_name, ticket: issue.number, comment: comment.id, words });
}

function serviceNowComment(given: unknown): Hook {
  const { data } = serviceNow.safeParse(given);
  if (!data) return 'malformed';
  const { site, ticket, comment, text } = data;
  return mentions(text) ? checked({ kind: 'comment', vendor: 'servicenow', site, ticket, comment }) : 'ignored';
}

function buttonIn(payload: string): Hook {
  const { data } = slack.safeParse(fromJson(payload));
  if (!data) return 'malformed';
  const { type, team, user, channel, container, actions: [action] = [] } = data;
  const order = slackAction(action?.action_id ?? '');
  const value = slackValue(action?.value ?? '');
  if (type !== 'block_actions' || !order || !value) return 'ignored';
  return checked({
    ...{ kind: 'button', workspace: team?.id, channel: channel?.id, message: container?.message_ts, user: user?.id },
    ...{ order, mark: value.mark, plan: value.plan, at: action?.action_ts },
  });
}

const checked = (given: object): Hook => answerMessage.safeParse(given).data ?? 'malformed';

/** Jira sends the body of a comment as text or as a document. */
const mentions = (body: unknown): boolean => mentionsCommand(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '');

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
