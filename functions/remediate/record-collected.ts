import type { Collected, CollectedFor } from '../../rules/rule';
import { describe } from '../aws/error';
import { poll } from '../backoff';
import type { LogEvent, LoggedChange } from '../log/event';
import { intentsIn } from '../plan/intents';
import type { EvidenceCode } from './codes';
import { type EventBody, type RemediationContext, write } from './context';

/** Milliseconds between two looks: AWS may not show right away what it has begun. */
const pauses = [250, 500, 1000, 2000];

/**
 * Logs which evidence AWS shows of the remediation: who collected what, when, its ID and key. Undefined if the log has it already, or there is none to collect; else
 * the sentence for the end. Never throws: evidence holds nothing up.
 */
export async function recordCollected(context: RemediationContext, uncollected: readonly string[] = []): Promise<string | undefined> {
  const { journal, ports } = context;
  const sought = soughtIn(journal.events);
  if (sought.length === 0) return undefined;
  try {
    const body = await collectedBody(context, sought, uncollected);
    await write({ ...context, effects: undefined }, body);
    if (body.code !== undefined) ports.count({ EvidenceMissing: 1 });
    return body.reason;
  } catch (error) {
    ports.warn('The evidence was not logged', { remediation: journal.subject.remediation, error: describe(error) });
    return undefined;
  }
}

/** The evidence of the last intent with any, unless it is logged. */
function soughtIn(events: readonly LogEvent[]): readonly LoggedChange[] {
  const planned = events.findLastIndex(({ kind, changes = [] }) => kind === 'planned' && changes.some((change) => 'evidence' in change));
  if (planned < 0 || events.slice(planned).some(({ kind, code }) => kind === 'collected' && code === undefined)) return [];
  return intentsIn(events.slice(0, planned + 1)).at(-1)?.changes.filter((change) => 'evidence' in change) ?? [];
}

async function collectedBody(
  { aws, journal, ports: { rule, clock }, resource }: RemediationContext,
  sought: readonly LoggedChange[],
  uncollected: readonly string[],
): Promise<EventBody> {
  const { remediation } = journal.subject;
  const look = () => rule.collected?.(resource, aws, remediation) ?? Promise.resolve([]);
  const isExpected = uncollected.length < sought.length;
  const seen = await poll(look, (found) => found.length > 0 || !isExpected, { clock, pauses }).catch((error: unknown) => ({ error }));
  const found = 'error' in seen ? [] : seen;
  const unread = 'error' in seen ? [`What was collected can't be read (${describe(seen.error)}).`] : [];
  const unseen = found.length === 0 && !('error' in seen) && isExpected ? ['AWS shows none of it yet.'] : [];
  const problems = [...uncollected, ...unread, ...unseen];
  return {
    kind: 'collected',
    reason: [...collectedText(found), ...(problems.length > 0 ? ['Evidence is missing, which held nothing up.', ...problems] : [])].join(' '),
    ...(problems.length > 0 && { code: 'evidence-missing' satisfies EvidenceCode }),
    ...(found.length > 0 && { collected: found }),
  };
}

const collectedText = (found: readonly Collected[]): readonly string[] =>
  found.length === 0 ? [] : [`Evidence: ${found.map(({ id, of }) => `${id} of ${of}`).join(', ')}.`];

/** What the evidence of a remediation is labeled with. */
export const collectedForOf = ({ remediation, finding }: CollectedFor): CollectedFor => ({ remediation, finding });
