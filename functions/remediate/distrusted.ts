import { leaseKey } from '../coordination/lease-key';
import type { UnreadableItem } from '../coordination/open-remediation';
import { days } from '../duration';
import { findBreaks } from '../log/chain';
import type { LogEvent } from '../log/event';
import type { PreventionCode } from './codes';
import { type AttemptContext, end, type RemediationContext, type Result } from './context';

/** The remediation to continue has a broken hash chain: nothing that its log says is believed. */
export class BrokenLog extends Error {
  override readonly name = 'BrokenLog';
}

/** Throws if the hash chain is broken. */
export function checkChain(events: readonly LogEvent[], remediation: string): void {
  const [broken] = findBreaks(events);
  if (broken) throw new BrokenLog(`The hash chain of remediation ${remediation} is broken, so it is not continued. ${broken}`);
}

/** Records it in a remediation of its own: a repeated delivery would find the same. */
export function endBroken(fresh: AttemptContext, { message }: BrokenLog): Promise<Result> {
  fresh.ports.count({ ForgedRecords: 1 });
  const code: PreventionCode = 'log-broken';
  return end(fresh, [{ kind: 'failed', outcome: 'failed', code, reason: message }]);
}

/** Nobody knows what is half done, so nothing is changed until an operator has removed the item. */
export function endUnreadable(fresh: AttemptContext, { message }: UnreadableItem): Promise<Result> {
  fresh.ports.count({ StrandedRemediations: 1 });
  const code: PreventionCode = 'open-item-unreadable';
  const reason = `${message} Its changes may be in effect. This attempt made no changes. An operator has to remove the item, see the runbook "Remediations are stranded".`;
  return end(fresh, [{ kind: 'failed', outcome: 'failed', code, reason }]);
}

/** The open remediation keeps the resource from being changed, and is tried again once a day. */
export async function endOpenBroken(fresh: RemediationContext, broken: BrokenLog): Promise<Result> {
  const { ports, resource } = fresh;
  const { rule, openRemediations, clock } = ports;
  const item = await openRemediations.find(rule.id, leaseKey(rule, resource));
  if (item) await openRemediations.put({ ...item, next: new Date(clock.now().getTime() + days(1)).toISOString() });
  return endBroken(fresh, broken);
}
