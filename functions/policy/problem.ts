/** An error or a warning about a policy. */
export interface PolicyProblem {
  /** The place, `modes.clauses[2].rules`; empty for the whole file. */
  readonly path: string;
  /** The line of the text, from 1; undefined if unknown. */
  readonly line?: number | undefined;
  readonly message: string;
}

export type Path = readonly PropertyKey[];

/** A problem whose line is not looked up yet. */
export type PlacedProblem = readonly [path: Path, message: string];

/** The policy is rejected. The message lists all errors; no part of the policy is applied. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly problems: readonly PolicyProblem[];

  constructor(problems: readonly PolicyProblem[], options?: ErrorOptions) {
    super(`The policy is invalid and was not applied:\n${problems.map((problem) => `✖ ${problemText(problem)}`).join('\n')}`, options);
    this.problems = problems;
  }
}

/** `line 12, modes.clauses[2].rules: there is no rule "s3-x".` */
export const problemText = ({ path, line, message }: PolicyProblem): string =>
  `${[line === undefined ? '' : `line ${line}`, path].filter((part) => part !== '').join(', ') || 'the file'}: ${message}`;

/** `modes.clauses[2].rules`; a key with special characters stands in brackets and quotes. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const key = String(part);
    if (!/^[\w-]{1,100}$/.test(key)) return `${text}[${JSON.stringify(key.slice(0, 100))}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}
