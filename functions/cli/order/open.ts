import { Command } from 'commander';
import { loadRules } from '../../catalogue/catalogue';
import { openItems } from '../../coordination/open-items';
import { openItemOf } from '../../coordination/open-remediation';
import { strandedOr } from '../../coordination/overdue';
import { nameOf } from '../../log/trail';
import { findCaller } from '../central/caller';
import { openTables } from '../central/deployed-tables';
import type { GlobalOptions } from '../global-options';
import { secondsOf } from '../log/log-text';
import { print, printable, printJson } from '../print/printed';
import { textTable } from '../print/text-table';

/** An open remediation, as the command prints it. */
type Listed =
  | {
      readonly remediation: string;
      readonly resource: string;
      /** ISO 8601. */
      readonly since: string;
      readonly next?: string;
      /** Whose command line makes it; left out: the function of the rule. */
      readonly user?: string;
    }
  /** Nothing continues it. */
  | { readonly key: string; readonly stranded: string };

/** The remediations with changes that are, or may be, in effect, and are neither verified nor reverted. */
export const openCommand = (): Command =>
  new Command('open')
    .description('Lists the open remediations: planned or made changes that are neither verified nor reverted.')
    .action(async (_, command: Command) => {
      const listed = await openRemediations();
      if (command.optsWithGlobals<GlobalOptions>().json) printJson(listed);
      else if (listed.length === 0) print('No remediation is open.');
      else printOpen(listed);
    });

async function openRemediations(): Promise<readonly Listed[]> {
  const tables = await openTables(await findCaller(), ['coordination']);
  const rules = new Set(loadRules().map(({ rule }) => rule.id));
  const listed: Listed[] = [];
  for await (const item of openItems(tables.dynamo, tables.coordination, { kind: 'remediation' })) {
    const one = strandedOr(() => openItemOf(item), rules);
    if ('why' in one) listed.push({ key: one.key, stranded: one.why });
    else {
      const { resource, since, next, user } = one;
      listed.push({ remediation: nameOf(one), resource, since, ...(next !== undefined && { next }), ...(user !== undefined && { user }) });
    }
  }
  return listed;
}

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
