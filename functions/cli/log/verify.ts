import { Command, Help } from 'commander';
import { systemClock } from '../../clock';
import { parseName } from '../../log/trail';
import type { Question } from '../../seal/verify/question';
import { quote } from '../../untrusted-text';
import { Unable } from '../failure';
import { instant } from '../time-option';
import type { VerifyOptions } from './verify/options';

const afterwards = `
Without a filter, the whole log is verified: the chains of all trails, the batches of the archive, the seals with their signatures, and the
archive against the table. Each message about a new seal contains its hash, for --head, and the fingerprint of its key, for --key. Take both from
where administrators of the central account have no access: without them, nobody can tell a log that was sealed anew, or cut at its end.

Exit codes:
  0  proven, or consistent: nothing was found
  1  error; the message is on standard error
  2  something is missing, altered, reordered or added

Examples:
  posture log verify
  posture log verify --since 2026-03-01 --until 2026-03-31
  posture log verify --remediation 01K6Z3NDEKTSV4RRFFQ69G5FAV
  posture log verify --archive ./copy --key <fingerprint> --head <hash>`;

export function verifyCommand(): Command {
  const verify = new Command('verify')
    .summary('verify the integrity of the log')
    .description('Verifies that no event was altered, removed, reordered or added. Reads only.')
    .option('--since <time>', 'only what was archived since: 2026-03-01, 2026-03-01T09:30:00Z, 24h, 7d')
    .option('--until <time>', 'the end of it, in the same formats; a date includes that day')
    .option('--remediation <id>', 'only the trails of one remediation; <rule>/<id> if several rules have it')
    .option('--key <fingerprint>', 'the key that has to have signed: the SHA-256 of the public key')
    .option('--head <hash>', 'the hash of a seal that the log has to contain')
    .option('--archive <folder>', 'verify a copy of the bucket, by `aws s3 sync`, without AWS and without the table')
    .option('--bucket <name>', 'the bucket of the archive (default: the output ArchiveBucket of the stack Posture)')
    .addHelpText('after', afterwards)
    .action(async (_, command: Command) => {
      refuseFilters(command.parent);
      const options = command.optsWithGlobals<VerifyOptions>();
      const question = questionOf(options, systemClock.now());
      // Loaded here: a query of the log needs none of it.
      process.exitCode = await (require('./verify/run') as typeof import('./verify/run')).runVerification(question, options);
    });
  // Without those of `log`, which are about queries.
  const visibleGlobalOptions = () => [...(verify.parent?.parent?.options ?? [])];
  verify.createHelp = () => Object.assign(new Help(), verify.configureHelp(), { visibleGlobalOptions });
  return verify;
}

/** Options of `log` are recognized here, too. One that is not followed must not seem to be. */
function refuseFilters(log: Command | null): void {
  const own = ['since', 'until', 'remediation'];
  const given = (log?.options ?? []).filter((option) => log?.getOptionValueSource(option.attributeName()) === 'cli');
  const [other] = given.filter((option) => !own.includes(option.attributeName()));
  if (other)
    throw new Unable(
      `${other.long} can't be combined with verify, which verifies all of a span of time. Remove it, or specify --since, --until or --remediation.`,
    );
}

function questionOf({ since, until, remediation, key, head, archive, bucket }: VerifyOptions, now: Date): Question {
  for (const [name, value] of Object.entries({ key, head }))
    if (value !== undefined && !/^[0-9a-f]{64}$/.test(value))
      throw new Unable(
        `--${name} ${quote(value)} is not a SHA-256 hash. Specify 64 digits in lower-case hexadecimal, as in the message about a seal.`,
      );
  if (archive !== undefined && bucket !== undefined) throw new Unable(`--archive and --bucket can't be combined. Specify one of them.`);
  const of = spanOf(since, until, remediation, now);
  return { of, ...(key !== undefined && { key }), ...(head !== undefined && { head }) };
}

function spanOf(since: string | undefined, until: string | undefined, remediation: string | undefined, now: Date): Question['of'] {
  if (remediation !== undefined) {
    if (since !== undefined || until !== undefined)
      throw new Unable('--remediation is about all of its events. Remove --since and --until.');
    const name = parseName(remediation);
    if (!name)
      throw new Unable(
        `${quote(remediation)} is not a valid remediation id. Specify one such as 01K6Z3NDEKTSV4RRFFQ69G5FAV; \`posture log\` lists them.`,
      );
    return name;
  }
  if (since === undefined && until === undefined) return 'all';
  const from = since === undefined ? new Date(0).toISOString() : instant('--since', since, { end: false, now });
  const to = until === undefined ? now.toISOString() : instant('--until', until, { end: true, now });
  if (from > to) throw new Unable(`--since ${from} is later than --until ${to}. Specify an earlier --since or a later --until.`);
  return { since: from, until: to };
}
