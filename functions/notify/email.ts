import type { OutcomeEvent } from '../outcomes/outcome-schema';
import type { CentralLocation } from './console-link';
import { type Digest, readingOf } from './digest';
import { messageContentOf } from './message-content';
import { asciiText, plainText } from './neutral';
import type { Message } from './publish';

/** A plain-text email: what, where, why, and the next steps. */
export function email(event: OutcomeEvent, central: CentralLocation): Message {
  const { headline, facts, steps, links } = messageContentOf(event, central);
  const { rule, account, region, resource } = event;
  const name = resource.arn.split(/[:/]/).at(-1) ?? '';
  const width = Math.max(...facts.map(({ label }) => label.length));
  return {
    subject: asciiText(`${headline}: ${rule.id} in ${account} ${region}${name === account ? '' : `, ${plainText(name, 60)}`}`),
    body: lines([
      `${headline}.`,
      '',
      ...facts.map(({ label, given }) => `${`${label}:`.padEnd(width + 2)}${plainText(given, 2000)}`),
      '',
      'Next steps',
      ...steps.flatMap(({ text, command }) => [`  ${text}`, ...(command ? [`    ${command}`] : [])]),
      '',
      ...links.map(({ label, url }) => `${label}: ${url}`),
    ]),
  };
}

/** One email for the outcomes beyond the limit of a minute. */
export function digestEmail({ minute, beyond, counts, lines: first }: Digest): Message {
  return {
    subject: asciiText(`${beyond} more outcomes in the minute of ${minute} UTC`),
    body: lines([
      `${beyond} outcomes in the minute of ${minute} UTC exceeded the limit of messages per minute, and are combined into this message.`,
      '',
      ...counts.map(({ what, count }) => `${String(count).padStart(6)}  ${plainText(what)}`),
      '',
      `The first ${first.length}:`,
      ...first.map((line) => `  ${plainText(line)}`),
      '',
      'Next steps',
      '  List all:',
      ...readingOf({ minute, counts }).map((command) => `    ${command}`),
    ]),
  };
}

const lines = (text: readonly string[]): string => `${text.join('\n').trimEnd()}\n`;
