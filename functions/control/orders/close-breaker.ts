import { closeBreaker as closeRecorded, openBreakersOf } from '../../coordination/breaker-order';
import { authorizeForRule } from '../authorize-order';
import { writeCentralEvent } from '../central-event';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type Reply, refuse } from '../reply';

/** Closes the breaker of a rule in one account or, without one, in all. The rule then acts according to the policy again. */
export async function closeBreaker(order: Orders['close-breaker'], by: string, ports: ControlPorts): Promise<Reply> {
  const { rule: id, account, why } = order;
  const authorized = await authorizeForRule(id, by, ports);
  if ('refusal' in authorized) return authorized.refusal;
  const open = await openBreakersOf(ports.dynamo, ports, { rule: id, account }, ports.clock);
  const where = account === undefined ? '' : ` in account ${account}`;
  const meant = account === undefined ? open : open.filter((one) => one.account === account);
  if (meant.length === 0) {
    const instead = open.length > 0 ? ' It is open in all accounts: close it without --account.' : '';
    return refuse('conflict', 'breaker-not-open', `The breaker of ${id} is not open${where}.${instead}`);
  }
  // Log first: a breaker is never closed without a log entry.
  const closed = { kind: 'breaker-closed', reason: `${by} closed the breaker of ${id}${where}: ${why}.`, actor: by } as const;
  const remediation = await writeCentralEvent(closed, ports, authorized.rule);
  const at = ports.clock.now().toISOString();
  await closeRecorded(ports.dynamo, ports.orders, { rule: id, account }, { by, at, why }, ports.clock);
  return accept(`Closed${where}. ${id} acts according to the policy again.${rest(open, account)}`, remediation);
}

const rest = (open: readonly { readonly account?: string }[], account: string | undefined): string =>
  account !== undefined && open.some((one) => one.account === undefined)
    ? ' It is still open in all accounts: close it without --account.'
    : '';
