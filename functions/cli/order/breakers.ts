import { Command } from 'commander';
import { loadRules } from '../../catalogue/catalogue';
import { systemClock } from '../../clock';
import { type ListedBreaker, listOpenBreakers } from '../../coordination/breaker-order';
import { findCaller } from '../central/caller';
import { openTables } from '../central/deployed-tables';
import type { GlobalOptions } from '../global-options';
import { secondsOf } from '../log/log-text';
import { print, printJson } from '../print/printed';
import { textTable } from '../print/text-table';

/** The command group for breakers; without a subcommand, it lists the open ones. */
export const breakersCommand = (): Command =>
  new Command('breaker').description('Lists the open circuit breakers of rules, or closes one.').action(async (_, command: Command) => {
    const open = await openBreakers();
    if (command.optsWithGlobals<GlobalOptions>().json) printJson(open);
    else if (open.length === 0) print('No circuit breaker is open.');
    else printBreakers(open);
  });

async function openBreakers(): Promise<readonly ListedBreaker[]> {
  const tables = await openTables(await findCaller(), ['orders', 'coordination']);
  const rules = loadRules().map(({ rule }) => rule.id);
  return listOpenBreakers(tables.dynamo, tables, rules, systemClock);
}

function printBreakers(open: readonly ListedBreaker[]): void {
  const rows = open.map(({ rule, account = 'all accounts', at, why }) => [rule, account, secondsOf(at), why]);
  print(textTable(['rule', 'account', 'open since', 'why'], rows));
  print(`
These rules only observe there. Find the cause, then close the breaker:
  posture log --rule <rule> --since 1d
  posture breaker close <rule> --why "..."`);
}
