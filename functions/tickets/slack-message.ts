import { chatText, plainText } from '../notify/neutral';
import type { OutcomeEvent } from '../outcomes/outcome-schema';
import { type Command, shownDigits } from './command';

/** A message of Slack. The text is for notifications. Source: docs.slack.dev/reference/block-kit. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly object[];
}

const actions = { approve: 'posture-approve', reject: 'posture-reject' } as const;

/** What a button does; undefined for one that is not ours. */
export const slackAction = (id: string): Command['order'] | undefined =>
  (Object.keys(actions) as readonly Command['order'][]).find((order) => actions[order] === id);

/** What Slack gives back of a button: which misconfiguration and which plan it is about. */
export function slackValue(value: string): { readonly mark: string; readonly plan: string } | undefined {
  const [, mark, plan] = /^(posture-[0-9a-f]{16}) ([0-9a-f]{16,64})$/.exec(value) ?? [];
  return mark === undefined || plan === undefined ? undefined : { mark, plan };
}

/** A plan that waits for an approval, with buttons where answers are received. All texts are plain: nothing in them is a mention or a link. Pure. */
export function askingMessage(event: OutcomeEvent, mark: string, hasButtons: boolean): SlackMessage {
  const { rule, resource, account, region, remediation, approval, reason, changes } = event;
  const plan = approval?.hash ?? '';
  const lines = [
    `${rule.title} (${rule.severity})`,
    `Resource: ${resource.arn}`,
    `Account ${account}, ${region}`,
    reason,
    `API calls: ${changes.join(', ') || 'none'}`,
    ...(rule.impact === undefined ? [] : [`Impact: ${rule.impact}`]),
    `Plan ${plan.slice(0, shownDigits)}, approval until ${approval?.expires ?? '?'}`,
    `Remediation ${remediation}`,
  ];
  const value = `${mark} ${plan}`;
  const buttons = [
    button('approve', 'Approve', value, 'primary', 'The plan is applied if the resource has not changed.'),
    button('reject', 'Reject', value, 'danger', 'The resource is exempt, as the policy says.'),
  ];
  return {
    text: chatText(`A plan awaits approval: ${rule.title}, ${resource.arn}`),
    blocks: [
      section('A plan awaits approval'),
      section(lines.map((line) => plainText(line, 700)).join('\n')),
      ...(hasButtons ? [{ type: 'actions', elements: buttons }] : []),
    ],
  };
}

/** The same message after the plan was answered, or replaced: without buttons. Pure. */
export function answeredMessage(event: OutcomeEvent): SlackMessage {
  const { rule, resource, outcome, reason, remediation } = event;
  const lines = [`${rule.title}`, `Resource: ${resource.arn}`, `Now: ${outcome}. ${reason}`, `Remediation ${remediation}`];
  return {
    text: chatText(`No plan waits any more: ${rule.title}, ${resource.arn}`),
    blocks: [section('No plan waits any more'), section(lines.map((line) => plainText(line, 700)).join('\n'))],
  };
}

const section = (text: string) => ({ type: 'section', text: plain(text.slice(0, 3000)) });

const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });

const button = (order: Command['order'], label: string, value: string, style: string, text: string) => ({
  type: 'button',
  action_id: actions[order],
  text: plain(label),
  value,
  style,
  confirm: { title: plain(`${label} the plan?`), text: plain(text), confirm: plain(label), deny: plain('Cancel') },
});
