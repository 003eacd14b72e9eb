import { parseArgs } from 'node:util';

export interface Options {
  /** One JSON document on standard output, and nothing else. */
  readonly json: boolean;
  /** Keeps the emulator running at the end, until it is interrupted. */
  readonly keep: boolean;
  /** The file for a report of what the log holds at the end. */
  readonly html?: string;
  readonly help: boolean;
}

export const usage = `npm run demo -- [--json] [--keep] [--html FILE]

Fixes a misconfigured account in a local emulator of the AWS APIs. Requires Node.js 20 and Python 3, but no AWS account and no credentials.

  --json   print one JSON document instead of tables
  --keep   keep the emulator running at the end, to explore it with \`posture\`; stop it with Ctrl-C
  --html   write the report of what happened to this file, as \`posture report\` does
  --help   print this help

Exit codes: 0 if all checks passed, 1 if a check failed, 2 if the demo could not run.
`;

/** Reads the arguments of the command line. Throws on any that it does not know. */
export function readOptions(given: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...given],
    options: {
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      html: { type: 'string' },
      help: { type: 'boolean', default: false, short: 'h' },
    },
  });
  return values;
}
