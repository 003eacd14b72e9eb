import { parseArgs } from 'node:util';

export interface Options {
  /** One JSON document on standard output, and nothing else. */
  readonly json: boolean;
  /** The emulator stays when all is shown, until it is interrupted. */
  readonly keep: boolean;
  readonly help: boolean;
}

export const usage = `npm run demo -- [--json] [--keep]

Fixes a badly kept account in an emulator of the AWS APIs on this machine. No AWS account, no credentials; Node.js 20 and Python 3 are enough.

  --json   print one JSON document for machines instead of tables for people
  --keep   leave the emulator running at the end, to look around with \`posture\`; Ctrl-C ends it
  --help   print this

Ends with 0 if all is as it should be, and else with 1 and a list of what is not; with 2 if it could not run.
`;

/** Reads the arguments of the command line. Throws on any that it does not know. */
export function readOptions(given: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...given],
    options: {
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false, short: 'h' },
    },
  });
  return values;
}
