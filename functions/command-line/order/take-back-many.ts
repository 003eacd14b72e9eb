import { dynamoLog } from '../../log/log';
import { findCaller } from '../caller';
import { openTables } from '../deployed-tables';
import { Unable } from '../failure';
import { note, print, printable } from '../printed';
import { isConfirmed } from './confirmed';
import { openControl } from './control';
import { type Filter, isFixed, trailsOf } from './remediations';
import { printTrails } from './trails-text';

interface Options extends Filter {
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly color: boolean;
  readonly deployed?: boolean;
  readonly why?: string;
}

/** Takes several remediations back, the newest first: shows them, asks, and tells how far it is. The exit code. */
export async function takeBackMany(
  ids: readonly string[],
  options: Options,
  one: (remediation: string, options: Options) => Promise<0 | 1>,
): Promise<0 | 1> {
  const { rule, account, since, until, force = false, yes, deployed, why } = options;
  if (ids.length === 0 && [rule, account, since, until].every((given) => given === undefined))
    throw new Unable('Say which: ids of remediations, or --rule, --account, --since, --until. `posture log --outcome fixed` lists them.');
  if (deployed && why === undefined) throw new Unable('What others are to do for you needs a reason: --why.');
  const caller = await findCaller();
  const tables = await openTables(caller, ['log']);
  const named = ids.length > 0 ? await Promise.all(ids.map((id) => dynamoLog(tables.dynamo, tables.log).read(id))) : undefined;
  const missing = ids[named?.findIndex((events) => events.length === 0) ?? -1];
  if (missing !== undefined) throw new Unable(`The log has no remediation ${printable(missing)}. \`posture log\` lists them.`);
  const trails = named ?? (await trailsOf(tables, ['fixed', 'partly-fixed', 'rollback-failed'], options, isFixed));
  if (trails.length === 0) throw new Unable('Nothing that fits was fixed, or all of it was rolled back.');
  printTrails(trails, 'CHANGED');
  if (!yes && !(await isConfirmed(`Take these ${trails.length} back?`))) {
    note('Nothing was changed.');
    return 1;
  }
  const order = deployed ? await openControl(caller) : undefined;
  let failed = 0;
  for (const [index, events] of trails.entries()) {
    const remediation = events[0]?.remediation ?? '';
    print(`${index + 1} of ${trails.length}  ${printable(remediation)}`);
    if (!order) failed += await one(remediation, { ...options, yes: true });
    else {
      const reply = await order({ order: 'rollback', remediation, why: why ?? '', force });
      print(`  ${printable(reply.reason)}`);
      if (!reply.done) failed += 1;
    }
  }
  return failed > 0 ? 1 : 0;
}
