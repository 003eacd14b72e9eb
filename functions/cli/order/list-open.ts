import { loadRules } from '../../catalogue/catalogue';
import { openItems } from '../../coordination/open-items';
import { openItemOf } from '../../coordination/open-remediation';
import { strandedOr } from '../../coordination/overdue';
import { nameOf } from '../../log/trail';
import type { DeployedTables } from '../central/deployed-tables';

/** An open remediation, as the command prints it. */
export type Listed =
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

/** The open remediations, the oldest first, up to a maximum. */
export async function listOpen(
  { dynamo, coordination }: Pick<DeployedTables, 'dynamo' | 'coordination'>,
  max = Number.POSITIVE_INFINITY,
): Promise<{ readonly listed: readonly Listed[]; readonly isMore: boolean }> {
  const rules = new Set(loadRules().map(({ rule }) => rule.id));
  const listed: Listed[] = [];
  for await (const item of openItems(dynamo, coordination, { kind: 'remediation' })) {
    if (listed.length === max) return { listed, isMore: true };
    const one = strandedOr(() => openItemOf(item), rules);
    if ('why' in one) listed.push({ key: one.key, stranded: one.why });
    else {
      const { resource, since, next, user } = one;
      listed.push({ remediation: nameOf(one), resource, since, ...(next !== undefined && { next }), ...(user !== undefined && { user }) });
    }
  }
  return { listed, isMore: false };
}
