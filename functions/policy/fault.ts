/** Something that is wrong in a policy, or that its owner should know. */
export interface PolicyFault {
  /** Where: `modes.clauses[2].rules`; empty for the file as a whole. */
  readonly path: string;
  /** Of the text, from 1; undefined where it can't be told. */
  readonly line?: number | undefined;
  readonly message: string;
}

export type Path = readonly PropertyKey[];

/** The policy is refused. The message lists all that is wrong; nothing of it is used. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly faults: readonly PolicyFault[];

  constructor(faults: readonly PolicyFault[], options?: ErrorOptions) {
    super(`The policy does not fit, so none of it holds:\n${faults.map((fault) => `✖ ${faultText(fault)}`).join('\n')}`, options);
    this.faults = faults;
  }
}

/** `line 12, modes.clauses[2].rules: there is no rule "s3-x".` */
export const faultText = ({ path, line, message }: PolicyFault): string =>
  `${[line === undefined ? '' : `line ${line}`, path].filter((part) => part !== '').join(', ') || 'the file'}: ${message}`;

/** `modes.clauses[2].rules`; a key that is no plain word in brackets and quotes. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const key = String(part);
    if (!/^[\w-]{1,100}$/.test(key)) return `${text}[${JSON.stringify(key.slice(0, 100))}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}
