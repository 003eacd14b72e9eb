import { Command } from 'commander';
import { systemClock } from '../../clock';
import { findCaller } from '../central/caller';
import { openTables } from '../central/deployed-tables';
import { Unable } from '../failure';
import type { GlobalOptions } from '../global-options';
import { note, print, printJson } from '../print/printed';
import { textTable } from '../print/text-table';
import { timeText } from '../print/time-text';
import { readOrders } from '../status/policy-status';
import { instant } from '../time-option';
import type { Exemption, Exemptions } from './exemption';
import { readExemptions } from './read-exemptions';

interface ExemptionsOptions extends GlobalOptions {
  readonly since: string;
  readonly expired?: boolean;
}

const afterwards = `
The entries of the policy and the holds after rejections and rollbacks are read where they are in force. Tags and suppressions are kept at the
resources and in the detectors: listed are those that the log shows, as of their last hit. A report that changes nothing is logged again after
seven days, so a last hit can be as much older.

Examples:
  posture exemptions
  posture exemptions --since 365d --expired --json`;

export const exemptionsCommand = (): Command =>
  new Command('exemptions')
    .description('Lists what keeps rules from changing resources: the policy, tags, suppressions, rejections, and rollbacks.')
    .option('--since <time>', 'read hits from this time on: 2026-03-01, 24h, 7d', '90d')
    .option('--expired', 'also list what has expired')
    .addHelpText('after', afterwards)
    .action(async (_, command: Command) => {
      const { since, expired, json } = command.optsWithGlobals<ExemptionsOptions>();
      const from = instant('--since', since, { end: false, now: systemClock.now() });
      const tables = await openTables(await findCaller(), ['log', 'orders']);
      const { inForce, policy } = await readOrders(tables, systemClock);
      if (!inForce) throw new Unable(`The policy in force is not known: ${policy.problem}`);
      const all = await readExemptions(tables, { policy: inForce, since: from, clock: systemClock });
      const listed = { ...all, exemptions: all.exemptions.filter(({ state }) => expired || state !== 'expired') };
      if (json) printJson({ version: '1', ...listed });
      else printExemptions(listed);
    });

function printExemptions({ exemptions, isMore }: Exemptions): void {
  if (exemptions.length === 0) print('No exemption is in force.');
  else
    print(
      textTable(
        ['kind', 'for', 'owner', 'expires', 'last hit', 'reason'],
        exemptions.map((one) => [
          one.state === 'expired' ? `${one.kind} (expired)` : one.kind,
          subjectOf(one),
          one.owner ?? '',
          one.expires === undefined ? '' : timeText(one.expires),
          one.lastHit === undefined ? 'none' : timeText(one.lastHit),
          one.reason,
        ]),
      ),
    );
  if (isMore) note('The log has more exempt results than were read: older hits are missing. Specify a later --since.');
}

const subjectOf = ({ scope, rule = '', account = '', resource = '' }: Exemption): string => scope ?? `${rule} ${account} ${resource}`;
