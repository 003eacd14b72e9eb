import type { RemediationRecord } from '../../log/record';
import { nameOf } from '../../log/trail';
import type { Caller } from '../central/caller';
import type { DeployedTables } from '../central/deployed-tables';
import { expectRecord, expectTrustworthy } from '../central/find-record';
import { Unable } from '../failure';
import { printable } from '../print/printed';

/**
 * The record of a remediation that the caller made with the command line. The log says which commands a rollback sends, so the command line
 * uses only the caller's own trails: with anybody else's, that person would choose the commands. Throws an Unable for any other.
 */
export async function expectOwnRecord(
  tables: DeployedTables,
  given: string,
  { userId }: Pick<Caller, 'userId'>,
): Promise<RemediationRecord> {
  const all = await expectRecord(tables, given, 'all');
  const own = all.trails.some(({ trail }) => trail.by === 'local' && trail.user === userId);
  const name = nameOf(all);
  if (!own) {
    const deployed = all.trails.some(({ trail }) => trail.by === 'rule');
    throw new Unable(
      deployed
        ? `Remediation ${printable(given)} was made by the function of its rule, which rolls it back: \`posture rollback ${name} --deployed --why <text>\`.`
        : `Remediation ${printable(given)} was made with the command line by ${usersOf(all)}, who alone can roll it back from there.`,
    );
  }
  const record = await expectRecord(tables, name, { user: userId });
  expectTrustworthy(record);
  return record;
}

const usersOf = ({ trails }: RemediationRecord): string =>
  printable([...new Set(trails.flatMap(({ trail }) => (trail.by === 'local' ? [trail.user] : [])))].join(', ') || 'somebody else');
