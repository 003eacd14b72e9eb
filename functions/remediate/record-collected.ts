import type { Collected, CollectedFor, Json } from '../../rules/rule';
import { isOfResource } from '../../rules/target';
import { commandOf } from '../aws/call';
import { describe } from '../aws/error';
import { poll } from '../backoff';
import type { LogEvent } from '../log/event';
import { type Intent, intentsIn } from '../plan/intents';
import type { EvidenceCode } from './codes';
import { type EventBody, type RemediationContext, write } from './context';

/** Milliseconds between two looks: AWS may not show right away what it has begun. */
const pauses = [250, 500, 1000, 2000];

/** What is known of the evidence at the end. */
export interface Collection {
  /** A sentence for the end. */
  readonly text: string;
  readonly isMissing: boolean;
}

/**
 * Logs which evidence AWS shows of the remediation: who collected what, when, its ID and key. Undefined if there is none to collect, or the log has all. Never throws:
 * evidence holds nothing up.
 */
export async function recordCollected(context: RemediationContext, uncollected: readonly string[] = []): Promise<Collection | undefined> {
  const { journal, ports } = context;
  const sought = soughtIn(journal.events);
  if (sought === undefined) return undefined;
  try {
    const body = await collectedBody(context, sought, uncollected);
    const isMissing = body.code !== undefined;
    await write({ ...context, effects: undefined }, body);
    if (isMissing) ports.count({ EvidenceMissing: 1 });
    return { text: body.reason, isMissing };
  } catch (error) {
    ports.warn('The evidence was not logged', { remediation: journal.subject.remediation, error: describe(error) });
    return undefined;
  }
}

/**
 * Collects what an earlier run was refused, or had not sent when it was interrupted. The log says what; as with a rollback, only a command of the rule for this resource
 * is sent. Whatever is sent twice collects nothing twice.
 */
export async function collectAgain(context: RemediationContext, now: Json): Promise<Collection | undefined> {
  const { aws, journal, ports, resource } = context;
  const sought = soughtIn(journal.events);
  if (sought === undefined) return undefined;
  const { before, changes, effects, parameters } = sought;
  const problems: string[] = [];
  for (const [index, change] of changes.entries()) {
    if (!('evidence' in change) || effects[index] === 'accepted') continue;
    const name = `${change.do.service}:${change.do.operation}`;
    try {
      if (!isOfResource(ports.rule, change.do, resource, { now, before, parameters })) throw new Error('it names another resource');
      await aws.send(commandOf(change.do, ports.rule.commands));
    } catch (error) {
      problems.push(`${name}: ${describe(error).replace(/\.$/, '')}.`);
    }
  }
  return recordCollected(context, problems);
}

/** The last intent with evidence, unless all of it is logged. */
function soughtIn(events: readonly LogEvent[]): Intent | undefined {
  const planned = events.findLastIndex(({ kind, changes = [] }) => kind === 'planned' && changes.some((change) => 'evidence' in change));
  if (planned < 0 || events.slice(planned).some(({ kind, code }) => kind === 'collected' && code === undefined)) return undefined;
  return intentsIn(events).find(({ time, plan }) => time === events[planned]?.time && plan === events[planned]?.plan);
}

async function collectedBody(
  { aws, journal, ports: { rule, clock }, resource }: RemediationContext,
  { changes }: Intent,
  uncollected: readonly string[],
): Promise<EventBody> {
  const { remediation } = journal.subject;
  const look = () => rule.collected?.(resource, aws, remediation) ?? Promise.resolve([]);
  const isExpected = uncollected.length < changes.filter((change) => 'evidence' in change).length;
  const seen = await poll(look, (found) => found.length > 0 || !isExpected, { clock, pauses }).catch((error: unknown) => ({ error }));
  const found = 'error' in seen ? [] : seen;
  const unread = 'error' in seen ? [`What was collected can't be read (${describe(seen.error)}).`] : [];
  const unseen = found.length === 0 && !('error' in seen) && isExpected ? ['AWS shows none of it yet.'] : [];
  const problems = [...uncollected, ...unread, ...unseen];
  return {
    kind: 'collected',
    reason: [...collectedText(found), ...(problems.length > 0 ? ['Evidence is missing, which held nothing up.', ...problems] : [])].join(
      ' ',
    ),
    ...(problems.length > 0 && { code: 'evidence-missing' satisfies EvidenceCode }),
    ...(found.length > 0 && { collected: found }),
  };
}

const collectedText = (found: readonly Collected[]): readonly string[] =>
  found.length === 0 ? [] : [`Evidence: ${found.map(({ id, of }) => `${id} of ${of}`).join(', ')}.`];

/** What the evidence of a remediation is labeled with. */
export const collectedForOf = ({ remediation, finding }: CollectedFor): CollectedFor => ({ remediation, finding });
