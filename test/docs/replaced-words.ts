interface ReplacedWord {
  readonly pattern: RegExp;
  /** A sentence that has it. */
  readonly planted: string;
  /** Prose is what remains of a text without its code spans. */
  readonly within: 'prose' | 'code';
}

const prose = (pattern: RegExp, planted: string): ReplacedWord => ({ pattern, planted, within: 'prose' });
/** The name of an outcome, a kind or a metric, written as code or as a value. */
const name = (text: string): ReplacedWord => ({
  pattern: new RegExp(`[\`"']${text}[\`"']`),
  planted: `Its name is \`${text}\`.`,
  within: 'code',
});
const command = (text: string): ReplacedWord => ({ pattern: new RegExp(`\\b${text}\\b`), planted: `Run \`${text}\`.`, within: 'code' });

/** Public terms that others have replaced: the glossary of CONTRIBUTING states what to write instead. */
export const replacedWords: readonly ReplacedWord[] = [
  ...['asked', 'tripped', 'fight', 'fights', 'pending', 'resource-gone', 'intended', 'undone', 'Untold', 'Rejected'].map(name),
  ...['posture waiting', 'posture send', 'posture start', 'posture close', 'npx posture'].map(command),
  prose(/(?<!\bsecurity[ -])\bhub\b(?!\/default)/i, 'Deploy the hub first.'),
  prose(/\buntold\b/i, 'Some messages are untold.'),
  prose(/\btold\b/i, 'A topic is told once.'),
  prose(/\bheard\b/i, 'AWS Config is heard in one Region.'),
  prose(/\bways? back\b/i, 'Each change has a way back.'),
  prose(/\b(take|takes|taken|took|taking)( \w+){0,2} back\b/i, 'The changes before it are taken back.'),
  prose(/\bmend(s|ed|ing)?\b/i, 'Mend the cause.'),
  prose(/\b(fits|does(n't| not) fit)\b/i, 'The file does not fit.'),
  prose(/\b(is|are|was|were) gone\b/i, 'The resource is gone.'),
  prose(/\bfaults?\b/i, 'A fault of one resource.'),
  prose(/\bwish(es|ed)?\b/i, 'The wished state is there.'),
  prose(
    /\b(orders(?![- ]tables?\b| and coordination tables\b)|(an|no|any|signed) order|the order (goes|is|was)|(is|was|be|been|has|have) ordered)\b/i,
    'An order is refused.',
  ),
  prose(/\bpeople\b/i, 'A message for people.'),
];

/** Sentences that only look as if they had one. */
export const allowed: readonly string[] = [
  'AWS Security Hub and arn:aws:securityhub:eu-west-1:111122223333:hub/default are in a GitHub repository, for security-hub.',
  'By default, changes are made in order; events are not ordered, and the time gives the order.',
  'The log, orders and coordination tables; the orders table holds requests: [Orders table](#orders-table).',
  'The outcome is `rejected`, and `posture breaker close` closes the breaker.',
  'The benefits of going back are recommended amendments to `told once`.',
];

/** The replaced words of a text, each with its neighbours. */
export function replacedWordsIn(text: string): readonly string[] {
  const code = text.replace(/\s+/g, ' ');
  const texts = { code, prose: code.replace(/`[^`]*`/g, '``') };
  return replacedWords.flatMap(({ pattern, within }) =>
    [...texts[within].matchAll(new RegExp(pattern, `${pattern.flags}g`))].map(({ index, 0: found }) =>
      texts[within].slice(Math.max(0, index - 30), index + found.length + 30),
    ),
  );
}
