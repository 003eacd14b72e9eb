/** An error or a warning about a policy. */
export interface PolicyFault {
  /** The place, `modes.clauses[2].rules`; empty for the whole file. */
  readonly path: string;
  /** The line of the text, from 1; undefined if unknown. */
  readonly line?: number | undefined;
  readonly message: string;
}

export type Path = readonly PropertyKey[];

/** The policy is rejected. The message lists all errors; no part of the policy is applied. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly faults: readonly PolicyFault[];

  constructor(faults: readonly PolicyFault[], options?: ErrorOptions) {
    super(`The policy is invalid and was not applied:\n${faults.map((fault) => `✖ ${faultText(fault)}`).join('\n')}`, options);
    this.faults = faults;
  }
}

/** `line 12, modes.clauses[2].rules: there is no rule "s3-x".` */
export const faultText = ({ path, line, message }: PolicyFault): string =>
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
