import type { Resource, Rule } from '../../rules/rule';
import { describe } from '../aws/error';
import { leaseKey } from '../coordination/lease-key';
import { resourceOf } from '../findings/identify';
import { findBreaks } from '../log/chain';
import type { EventInput, LogEvent } from '../log/event';
import { openJournal } from '../log/journal';
import { subjectIn } from '../log/subject';
import { ruleSummary } from '../outcomes/rule-summary';
import type { ControlPorts } from './ports';
import { type RefusalReason, type Reply, refuse } from './reply';

/** The requests about a remediation, with their names in the log. */
const names = { approve: 'approval', reject: 'rejection', release: 'release', rollback: 'rollback' } as const;
export type RemediationOrder = keyof typeof names;

/** A remediation from the log. */
export interface History {
  readonly first: LogEvent;
  readonly events: readonly LogEvent[];
  readonly rule: Rule;
  readonly resource: Resource;
  /** The key of the resource's lease. */
  readonly lease: string;
  /** Adds an event, and publishes it if it has an outcome. */
  write(input: EventInput): Promise<void>;
  /** Logs the refusal of a request, and refuses it. */
  refuse(
    given: { readonly order: RemediationOrder; readonly by: string },
    kind: 'forbidden' | 'conflict',
    why: RefusalReason,
  ): Promise<Reply>;
}

/** The remediation, or why it can't be used. */
export async function historyOf(remediation: string, ports: ControlPorts): Promise<History | { readonly refusal: Reply }> {
  const { log, clock, rules } = ports;
  const events = await log.read(remediation);
  const [first] = events;
  if (!first) return { refusal: refuse('not-found', 'remediation-not-found', `The log has no remediation ${remediation}. Check the id.`) };
  const [broken] = findBreaks(events);
  if (broken) return { refusal: refuse('conflict', 'log-broken', `The hash chain of remediation ${remediation} is broken. ${broken}`) };
  const rule = rules.get(first.rule);
  if (!rule) return { refusal: refuse('conflict', 'rule-not-deployed', `The rule ${first.rule} is not part of this deployment.`) };
  const resource = resourceOf(rule, first);
  const journal = openJournal(log, clock, subjectIn(first), events);
  const write: History['write'] = async (input) => {
    await journal.write(input);
    const event = journal.events.at(-1);
    if (
      event === undefined ||
      !(event.outcome !== undefined || ['approved', 'approval-refused', 'request-refused', 'released'].includes(event.kind))
    )
      return;
    const notice = { event, earlier: journal.events, rule: ruleSummary(rule) };
    // A failure to publish does not affect the request.
    await ports
      .publishOutcome(notice)
      .catch((error: unknown) => ports.warn('The event was not published', { remediation, error: describe(error) }));
  };
  return {
    first,
    events,
    rule,
    resource,
    lease: leaseKey(rule, resource),
    write,
    async refuse({ order, by }, kind, { code, reason }) {
      await write(
        order === 'approve'
          ? { kind: 'approval-refused', reason, code, actor: by }
          : { kind: 'request-refused', reason: `The ${names[order]} was refused: ${reason}`, code, actor: by },
      );
      return { ...refuse(kind, code, reason), logged: true };
    },
  };
}
