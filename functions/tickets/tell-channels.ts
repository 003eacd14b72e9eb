import type { OutcomeEvent } from '../outcomes/outcome-schema';
import type { Tickets } from '../policy/tickets';
import { effectOf, isInScope } from '../ticket-records/effect';
import { markOf } from '../ticket-records/mark';
import { holding } from './holding';
import type { PagerDutyAction } from './pager-duty';
import type { TicketPorts } from './ports';
import { type Held, handledKept } from './record';
import type { Slack } from './slack';
import { answeredMessage, askingMessage } from './slack-message';
import { waitingAfter } from './waiting-plan';

/** What became of an event in a channel. */
export type ChannelResult = 'told' | 'nothing' | 'handled-before' | 'outdated';

type Channel = (held: Held, event: OutcomeEvent, tickets: Tickets) => Promise<'told' | 'nothing'>;

/** By which a record of Slack is found for the mark of a misconfiguration. */
export const slackRecord = (mark: string): string => mark.replace(/^posture-/, 'posture-slack-');
const pagerDutyRecord = (mark: string): string => mark.replace(/^posture-/, 'posture-pager-');

/** Tells Slack and PagerDuty of an outcome, each once and in order, as far as the policy names them. Throws if it has to be told again later. */
export async function tellChannels(
  id: string,
  event: OutcomeEvent,
  ports: TicketPorts,
): Promise<{ readonly slack?: ChannelResult; readonly pagerDuty?: ChannelResult }> {
  const { tickets } = await ports.policy();
  if (!tickets) return {};
  const mark = markOf(event);
  const slack = tickets.slack && ports.slackFor(tickets.slack);
  const pager = tickets.pagerDuty && ports.pagerDutyFor(tickets.pagerDuty);
  const toPager: Channel = async (_, given) => {
    const action = isInScope(given, tickets) && tickets.pagerDuty?.severities.includes(given.rule.severity) && actionOf(given, tickets);
    if (!action) return 'nothing';
    await pager?.(action, mark, given);
    return 'told';
  };
  return {
    ...(slack && { slack: await inOrder(slackRecord(mark), (held, given) => toSlack(held, given, { tickets, slack, mark })) }),
    ...(pager && { pagerDuty: await inOrder(pagerDutyRecord(mark), toPager) }),
  };

  function inOrder(key: string, channel: Channel): Promise<ChannelResult> {
    return holding(ports, key, async (held) => {
      const { handled = [], last } = held.record;
      if (handled.includes(id)) return 'handled-before';
      const isOutdated = last !== undefined && event.time < last.time;
      const result = isOutdated || !tickets ? 'outdated' : await channel(held, event, tickets);
      const { time, remediation, outcome, code = '' } = event;
      await held.save({
        handled: [id, ...handled].slice(0, handledKept),
        ...(!isOutdated && { last: { time, remediation, outcome, code } }),
      });
      return result;
    });
  }
}

/** An approved plan is being worked on; what else follows leaves the incident as it is. */
function actionOf(event: OutcomeEvent, tickets: Tickets): PagerDutyAction | undefined {
  const effect = effectOf(event, tickets);
  if (effect === 'opens') return 'trigger';
  if (effect === 'closes') return 'resolve';
  return event.outcome === 'approved' ? 'acknowledge' : undefined;
}

/** One message for each plan. When the plan waits no more, its buttons are removed. */
async function toSlack(
  held: Held,
  event: OutcomeEvent,
  { tickets, slack, mark }: { readonly tickets: Tickets; readonly slack: Slack; readonly mark: string },
): Promise<'told' | 'nothing'> {
  const { waits: before, id: message } = held.record;
  const waits = waitingAfter(event, before);
  if (waits !== undefined && waits === before) return 'nothing';
  if (before !== undefined && message !== undefined) await slack.update(message, answeredMessage(event));
  if (waits === undefined || !isInScope(event, tickets)) {
    if (before === undefined) return 'nothing';
    await held.save({ waits: undefined });
    return 'told';
  }
  const posted = await slack.post(askingMessage(event, mark, tickets.answers !== undefined));
  await held.save({ id: posted, waits });
  return 'told';
}
