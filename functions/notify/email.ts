import type { OutcomeEvent } from '../outcomes/outcome-schema';
import type { CentralLocation } from './console-link';
import { type Digest, readingOf } from './digest';
import { messageContentOf } from './message-content';
import { asciiText, plainText } from './neutral';
import type { Message } from './publish';

/** A mail of plain text: what, where, why, and what to do now. */
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
      'What to do now',
      ...steps.flatMap(({ text, command }) => [`  ${text}`, ...(command ? [`    ${command}`] : [])]),
      '',
      ...links.map(({ label, url }) => `${label}: ${url}`),
    ]),
  };
}

/** One mail for what was too much for a minute. */
export function digestEmail({ minute, beyond, counts, lines: first }: Digest): Message {
  return {
    subject: asciiText(`${beyond} more in the minute of ${minute} UTC`),
    body: lines([
      `${beyond} outcomes came beyond those that are told one by one in a minute, in the minute of ${minute} UTC.`,
      '',
      ...counts.map(({ what, count }) => `${String(count).padStart(6)}  ${plainText(what)}`),
      '',
      `The first ${first.length}:`,
      ...first.map((line) => `  ${plainText(line)}`),
      '',
      'What to do now',
      '  To read them all:',
      ...readingOf({ minute, counts }).map((command) => `    ${command}`),
    ]),
  };
}

const lines = (text: readonly string[]): string => `${text.join('\n').trimEnd()}\n`;
