import type { OutcomeEvent } from '../outcomes/outcome-schema';
import type { CentralLocation } from './console-link';
import { type Digest, readingOf } from './digest';
import { messageContentOf } from './message-content';
import { asciiText, chatText } from './neutral';
import type { Message } from './publish';

/** Below the limits of Amazon Q Developer in chat applications, in characters. */
const maxLength = { title: 240, description: 3500, step: 340, keyword: 70, summary: 240, resource: 1000, context: 240 } as const;

/** A custom notification of Amazon Q Developer in chat applications. */
interface Custom {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly nextSteps: readonly string[];
  readonly keywords: readonly string[];
  readonly threadId: string;
  readonly summary: string;
  readonly eventType: string;
  readonly relatedResources: readonly string[];
  readonly additionalContext: Readonly<Record<string, string>>;
}

/** A message for a chat; all messages of one remediation are in one thread. `id` identifies the event. */
export function chat(event: OutcomeEvent, central: CentralLocation, id: string): Message {
  const { headline, facts, steps, links } = messageContentOf(event, central);
  const { rule, outcome, account, region, remediation, resource } = event;
  return custom({
    id,
    title: `${headline}: ${rule.id}`,
    description: facts.map(({ label, given }) => `*${label}:* ${chatText(given, 600)}`).join('\n'),
    nextSteps: [
      ...steps.map(({ text, command }) => (command ? `${text} \`${command}\`` : text)),
      ...links.map(({ label, url }) => `${label}: ${url}`).filter((step) => step.length <= maxLength.step),
    ],
    keywords: [outcome, rule.id, rule.severity, account, region],
    threadId: remediation,
    summary: `${headline}: ${rule.id} in ${account} ${region}`,
    eventType: `Posture ${outcome}`,
    relatedResources: [chatText(resource.arn, maxLength.resource)],
    additionalContext: { remediation, outcome, rule: rule.id, account, region, ...(event.approval && { plan: event.approval.hash }) },
  });
}

/** One message for the outcomes beyond the limit of a minute. */
export function digestChat({ minute, beyond, counts, lines }: Digest): Message {
  const title = `${beyond} more outcomes in the minute of ${minute} UTC`;
  return custom({
    id: `digest ${minute}`,
    title,
    description: [
      'The limit of messages per minute was exceeded. These outcomes are combined into one message.',
      ...counts.slice(0, 20).map(({ what, count }) => `*${count}* ${chatText(what)}`),
      `The first ${lines.length}:`,
      ...lines.map((line) => `• ${chatText(line, 140)}`),
    ].join('\n'),
    nextSteps: readingOf({ minute, counts }).map((command) => `List all: \`${command}\``),
    keywords: ['digest'],
    threadId: `digest ${minute}`,
    summary: title,
    eventType: 'Posture digest',
    relatedResources: [],
    additionalContext: { minute },
  });
}

function custom({ id, title, description, nextSteps, keywords, ...metadata }: Custom): Message {
  const { threadId, summary, eventType, relatedResources, additionalContext } = metadata;
  const notification = {
    version: '1.0',
    source: 'custom',
    id,
    content: {
      textType: 'client-markdown',
      title: title.slice(0, maxLength.title),
      description: wholeLines(description),
      nextSteps: nextSteps.map((step) => step.slice(0, maxLength.step)),
      keywords: keywords.map((keyword) => keyword.slice(0, maxLength.keyword)),
    },
    metadata: {
      threadId,
      summary: summary.slice(0, maxLength.summary),
      eventType,
      ...(relatedResources.length > 0 && { relatedResources }),
      additionalContext: Object.fromEntries(
        Object.entries(additionalContext).map(([key, value]) => [key, value.slice(0, maxLength.context)]),
      ),
    },
  };
  return { subject: asciiText(title), body: JSON.stringify(notification) };
}

/** Truncated at the end of a line, so that no formatting is left open. */
function wholeLines(text: string): string {
  if (text.length <= maxLength.description) return text;
  return `${text.slice(0, text.lastIndexOf('\n', maxLength.description - 2))}\n…`;
}
