interface ReplacedWord {
  readonly word: string;
  readonly pattern: RegExp;
  /** A sentence that has it. */
  readonly planted: string;
}

const word = (pattern: RegExp, planted: string): ReplacedWord => ({ word: pattern.source, pattern, planted });
/** A name of an outcome, a kind or a metric, written as code or as a value. */
const code = (name: string): ReplacedWord => word(new RegExp(`[\`"']${name}[\`"']`), `The name is \`${name}\`.`);
const command = (name: string): ReplacedWord => word(new RegExp(`\\bposture ${name}\\b`), `Run \`posture ${name}\`.`);

/** Terms that others have replaced, as public words: the glossary of CONTRIBUTING names what to write instead. */
export const replacedWords: readonly ReplacedWord[] = [
  ...['asked', 'tripped', 'fight', 'fights', 'pending', 'resource-gone', 'intended', 'undone', 'Untold', 'Rejected'].map(code),
  ...['waiting', 'send', 'start', 'close'].map(command),
  word(/\bnpx posture\b/, 'Run `npx posture log`.'),
  word(/(?<!\bsecurity[ -])\bhub\b(?!\/default)/i, 'Deploy the hub first.'),
  word(/\buntold\b/i, 'Messages that are untold.'),
  word(/\b(told|tells? (people|somebody|them))\b/i, 'People are told by mail.'),
  word(/\bheard\b/i, 'AWS Config is heard in one Region.'),
  word(/\bways? back\b/i, 'Each change has a way back.'),
  word(/\b(take|takes|taken|took|taking)( \w+){0,2} back\b/i, 'The changes before it are taken back.'),
  word(/\bmend(s|ed|ing)?\b/i, 'Mend the cause.'),
  word(/\b(fits|does(n't| not) fit)\b/i, 'The file does not fit.'),
  word(/\b(is|are|was|were) gone\b/i, 'The resource is gone.'),
  word(/\bfaults?\b/i, 'A fault of one resource.'),
  word(/\bwish(es|ed)?\b/i, 'The wished state is there.'),
  word(/\borders?\b(?<!\bin order)(?! (of|in which|to)\b)/i, 'The order was refused.'),
  word(/\bordered\b/i, 'What was ordered is logged.'),
  word(/\bpeople\b/i, 'A message for people.'),
];

/** Sentences that only look as if they had one. */
export const allowed: readonly string[] = [
  'AWS Security Hub and `arn:aws:securityhub:eu-west-1:111122223333:hub/default` are in a GitHub repository.',
  'By default, changes are made in order; the finding came from security-hub.',
  'The outcome is `rejected`, and `posture breaker close` closes the breaker.',
  'The benefits of going back are recommended amendments.',
];

export const replacedWordsIn = (text: string): readonly string[] => {
  const plain = text.replace(/\s+/g, ' ');
  return replacedWords.flatMap(({ pattern }) =>
    [...plain.matchAll(new RegExp(pattern, `${pattern.flags}g`))].map((match) => around(plain, match)),
  );
};

/** The match with some words on both sides. */
const around = (text: string, { index, 0: found }: RegExpExecArray): string =>
  text.slice(Math.max(0, index - 30), index + found.length + 30);
