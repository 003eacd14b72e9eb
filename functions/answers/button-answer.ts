import { chatText } from '../notify/neutral';
import { slackUser } from '../policy/answerer';
import type { Policy } from '../policy/policy';
import { slackRecord } from '../tickets/tell-channels';
import type { Answer, NoAnswer } from './answer';
import type { ButtonMessage } from './message';
import type { AnswerPorts } from './ports';

/**
 * The answer by a button of Slack, whose signature says who pressed it. The message has to be the newest one of ours about this misconfiguration, and
 * Slack is asked whether the user is still a member. Throws a TrackerError.
 */
export async function buttonAnswer(
  { workspace, channel, message, user, order, mark, plan, at }: ButtonMessage,
  { tickets }: Pick<Policy, 'tickets'>,
  ports: AnswerPorts,
): Promise<Answer | NoAnswer> {
  if (!tickets?.answers || !tickets.slack) return 'not-received';
  if (workspace !== tickets.slack.workspace || channel !== tickets.slack.channel) return 'other-site';
  const record = await ports.recordOf(slackRecord(mark));
  if (record?.id === undefined) return 'not-ours';
  const slack = ports.slackFor(tickets.slack);
  const isPerson = await slack.isPerson(user);
  return {
    id: `slack ${channel} ${message} ${user} ${at} ${order}`,
    by: slackUser(workspace, user),
    where: `Slack, message ${message}`,
    command: { order, plan, why: order === 'reject' ? 'rejected with the button' : '' },
    at: new Date(Number(at) * 1000).toISOString(),
    waits: record.waits,
    ...(!isPerson && { doubt: 'unknown-user' as const }),
    ...(record.id !== message && { elsewhere: 'a newer message' }),
    async tell(text) {
      const said = chatText(text, 1000);
      await slack.post({ text: said, blocks: [{ type: 'section', text: { type: 'plain_text', text: said, emoji: false } }] }, message);
    },
  };
}
