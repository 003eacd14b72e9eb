import type { Resource, Rule } from '../../rules/rule';
import { describe } from '../aws/error';
import { leaseKey } from '../coordination/lease-key';
import { resourceOf } from '../findings/identify';
import type { EventInput, LogEvent } from '../log/event';
import type { ForgedRecord } from '../log/read-item';
import { findRecord, type Lookup } from '../log/record';
import { subjectIn } from '../log/subject';
import { parseName } from '../log/trail';
import { ruleSummary } from '../outcomes/rule-summary';
import { openControlJournal } from './control-journal';
import type { ControlPorts } from './ports';
import { type RefusalReason, type Reply, refuse } from './reply';

/** The requests about a remediation, with their names in the log. */
const names = { approve: 'approval', reject: 'rejection', release: 'release', rollback: 'rollback' } as const;
export type RemediationOrder = keyof typeof names;

/** A remediation from the log. */
export interface History {
  readonly remediation: string;
  /** The last event of the rule's function, which names the resource. */
  readonly last: LogEvent;
  /** The events of the rule's function and of the control function, by time. */
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

/** The remediation that a person named, or why it can't be used. Its facts are from the trail of its rule, by the key of the trail. */
export async function historyOf(given: string, ports: ControlPorts): Promise<History | { readonly refusal: Reply }> {
  const { dynamo, logTable, rules } = ports;
  const name = parseName(given);
  const lookup = name === undefined ? 'none' : await findRecord(dynamo, logTable, name, 'deployed');
  const found = usable(given, lookup, ports);
  if ('refusal' in found) return found;
  const { events, last, remediation, own } = found;
  const rule = rules.get(found.rule);
  if (!rule) return { refusal: refuse('conflict', 'rule-not-deployed', `The rule ${found.rule} is not part of this deployment.`) };
  const resource = resourceOf(rule, last);
  const journal = openControlJournal(ports, subjectIn(last, ports.version), own);
  const write: History['write'] = async (input) => {
    const event = await journal.write(input);
    if (
      !(event.outcome !== undefined || ['approved', 'approval-refused', 'request-refused', 'released', 'review-due'].includes(event.kind))
    )
      return;
    const notice = { event, earlier: events, rule: ruleSummary(rule) };
    // A failure to publish does not affect the request.
    await ports
      .publishOutcome(notice)
      .catch((error: unknown) => ports.warn('The event was not published', { remediation, error: describe(error) }));
  };
  return {
    remediation,
    last,
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

interface Usable {
  readonly rule: string;
  readonly remediation: string;
  /** The last event of the rule's function, which names the resource. */
  readonly last: LogEvent;
  readonly events: readonly LogEvent[];
  /** The events of the control function. */
  readonly own: readonly LogEvent[];
}

/** What the log holds, if it is unambiguous, complete, and not forged. */
function usable(given: string, lookup: Lookup, { countForged }: ControlPorts): Usable | { readonly refusal: Reply } {
  if (lookup !== 'none' && 'ambiguous' in lookup) {
    const names = lookup.ambiguous.map((rule) => `${rule}/${given}`).join(' and ');
    return { refusal: refuse('conflict', 'remediation-ambiguous', `Several rules have a remediation ${given}. Specify one of ${names}.`) };
  }
  const record = lookup === 'none' ? undefined : lookup.record;
  if (record) countForged(record.forged);
  const ofRule = record?.trails.find(({ trail }) => trail.by === 'rule');
  const [forged] = record?.trails.flatMap((content) => content.forged) ?? [];
  if (forged)
    return { refusal: refuse('conflict', 'record-forged', `The log of remediation ${given} has a forged record: ${textOf(forged)}`) };
  const last = ofRule?.events.at(-1);
  if (!record || !last)
    return { refusal: refuse('not-found', 'remediation-not-found', `The log has no remediation ${given}. Check the id.`) };
  const [broken] = record.breaks;
  if (broken) return { refusal: refuse('conflict', 'log-broken', `The hash chain of remediation ${given} is broken. ${broken}`) };
  const own = record.trails.find(({ trail }) => trail.by === 'control')?.events ?? [];
  return { rule: record.rule, remediation: record.remediation, last, events: record.events, own };
}

const textOf = ({ trail, sequence, why }: ForgedRecord): string => `item ${sequence} of the trail ${trail}. ${why}`;
