import { Command } from 'commander';
import { findCaller } from '../central/caller';
import { openTables } from '../central/deployed-tables';
import type { GlobalOptions } from '../global-options';
import { secondsOf } from '../log/log-text';
import { print, printable, printJson } from '../print/printed';
import { textTable } from '../print/text-table';
import { type Listed, listOpen } from './list-open';

/** The remediations with changes that are, or may be, in effect, and are neither verified nor reverted. */
export const openCommand = (): Command =>
  new Command('open')
    .description('Lists the open remediations: planned or made changes that are neither verified nor reverted.')
    .action(async (_, command: Command) => {
      const tables = await openTables(await findCaller(), ['coordination']);
      const { listed } = await listOpen(tables);
      if (command.optsWithGlobals<GlobalOptions>().json) printJson(listed);
      else if (listed.length === 0) print('No remediation is open.');
      else printOpen(listed);
    });

function printOpen(listed: readonly Listed[]): void {
  const rows = listed.flatMap((one) =>
    'key' in one
      ? []
      : [[one.remediation, one.resource, secondsOf(one.since), one.user ? `by the command line of ${one.user}` : nextOf(one)]],
  );
  if (rows.length > 0) print(textTable(['remediation', 'resource', 'open since', 'continues'], rows));
  for (const one of listed) if ('key' in one) print(`stranded  ${printable(one.key)}  ${printable(one.stranded)}`);
  if (rows.length > 0) print(seeEach);
  if (listed.some((one) => 'remediation' in one && one.user === undefined)) print(ofFunctions);
  if (listed.some((one) => 'remediation' in one && one.user !== undefined)) print(ofCommandLines);
  if (listed.some((one) => 'key' in one)) print(ofStranded);
}

const seeEach = `
To see how each stands:
  posture log --remediation <rule>/<id>`;

const ofFunctions = `
To finish now what is continued at a time, or to revert its changes:
  posture fix <arn> --rule <rule> --why "..."
  posture rollback <rule>/<id> --deployed --why "..."`;

const ofCommandLines = `
Only the user can finish what a command line made, by its event, or revert its changes, both without --deployed:
  posture replay <event> --rule <rule> --mode fix
  posture rollback <rule>/<id>`;

const ofStranded = `
Nothing continues what is stranded: see "Remediations are stranded" in docs/operate.md.`;

const nextOf = ({ next }: { readonly next?: string }): string =>
  next === undefined ? 'now, or within two hours' : `at ${secondsOf(next)}`;
