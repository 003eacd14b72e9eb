import type { Resource, Rule } from '../../rules/rule';
import { describe } from '../aws/fault';
import { leaseKey } from '../coordination/lease-key';
import { resourceOf } from '../findings/identify';
import { findBreaks } from '../log/chain';
import type { EventInput, LogEvent } from '../log/event';
import { openJournal } from '../log/journal';
import { subjectIn } from '../log/subject';
import { ruleSummary } from '../outcomes/rule-summary';
import type { ControlPorts } from './ports';
import { type Reply, refuse } from './reply';

/** The orders that are about a remediation, with what the log calls each. */
const names = { approve: 'approval', reject: 'rejection', release: 'release', rollback: 'rollback' } as const;
export type RemediationOrder = keyof typeof names;

/** A remediation that an order is about, as the log has it. */
export interface History {
  readonly first: LogEvent;
  readonly events: readonly LogEvent[];
  readonly rule: Rule;
  readonly resource: Resource;
  /** The name of the resource's lease. */
  readonly lease: string;
  /** Adds an event to it, and tells those who listen where it carries an outcome. */
  write(happening: EventInput): Promise<void>;
  /** Writes that the order was refused, and refuses it. */
  refuse(given: { readonly order: RemediationOrder; readonly by: string }, kind: 'forbidden' | 'conflict', reason: string): Promise<Reply>;
}

/** The remediation, or why the order can't be about it. */
export async function historyOf(remediation: string, ports: ControlPorts): Promise<History | { readonly refusal: Reply }> {
  const { log, clock, rules } = ports;
  const events = await log.read(remediation);
  const [first] = events;
  if (!first) return { refusal: refuse('not-found', `The log has no remediation ${remediation}.`) };
  const [broken] = findBreaks(events);
  if (broken)
    return { refusal: refuse('conflict', `The log of remediation ${remediation} can't be trusted, so nothing is done. ${broken}`) };
  const rule = rules.get(first.rule);
  if (!rule) return { refusal: refuse('conflict', `The rule ${first.rule} is not in this deployment any more.`) };
  const resource = resourceOf(rule, first);
  const journal = openJournal(log, clock, subjectIn(first), events);
  const write: History['write'] = async (happening) => {
    await journal.write(happening);
    const event = journal.events.at(-1);
    if (event === undefined || !(event.outcome !== undefined || ['approved', 'approval-refused', 'released'].includes(event.kind))) return;
    const told = { event, earlier: journal.events, rule: ruleSummary(rule) };
    // Who listens is not part of the order.
    await ports
      .publishOutcome(told)
      .catch((error: unknown) => ports.warn('The order was not told', { remediation, error: describe(error) }));
  };
  return {
    first,
    events,
    rule,
    resource,
    lease: leaseKey(rule, resource),
    write,
    async refuse({ order, by }, kind, reason) {
      await write(
        order === 'approve'
          ? { kind: 'approval-refused', reason, actor: by }
          : { kind: 'request-refused', reason: `The ${names[order]} was refused: ${reason}`, actor: by },
      );
      return refuse(kind, reason);
    },
  };
}
