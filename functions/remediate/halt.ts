import type { notFound } from '../../rules/rule';
import type { EventBody, OutcomeDetails, RemediationContext, Result } from './context';
import { end, sentBefore } from './context';
import type { Inspection } from './inspect-and-plan';
import { scheduleOpen } from './open-item';
import { type Standing, standingOf } from './standing';

/** What keeps a remediation from going on. */
export interface Obstacle {
  /** An `IncompleteCode`, or the code of the rule. People are notified once for each. */
  readonly code: string;
  /** Sentences. */
  readonly why: string;
  /** What happens then, as a sentence with the time of the next attempt; left out, it goes on. */
  readonly outlook?: (until: string) => string;
  /** The decision path, if there was a decision. */
  readonly decision?: readonly string[] | undefined;
  readonly details?: OutcomeDetails;
  /** The resource, if it was looked at just now. */
  readonly seen?: Inspection | typeof notFound;
}

/**
 * Ends an attempt that can't go on. `otherwise` is its end if no change of the remediation is in effect. If one is, or may be, the remediation
 * stays open: that is recorded with how the resource stands, and the next attempt is scheduled.
 */
export async function halt(
  context: RemediationContext,
  obstacle: Obstacle,
  otherwise: (context: RemediationContext) => Promise<Result>,
): Promise<Result> {
  const standing = await standingOf(context, obstacle.seen);
  switch (standing.status) {
    case 'not-open':
      return otherwise(context);
    case 'nothing-made':
      return otherwise({ ...context, effects: standing.effects, ...(sentBefore(context.journal) && { earlier: noneInEffect }) });
    case 'not-found':
      return end(context, [absent], obstacle.details);
    case 'half-done':
      return endIncomplete(context, obstacle, standing);
  }
}

/** After a revert by others, such as the rollback of another rule on the same resource, or where an unanswered change was never made. */
const noneInEffect = 'The resource shows none of the changes of earlier attempts.';

export const absent = { kind: 'skipped', outcome: 'resource-not-found', reason: 'The resource does not exist.' } as const;

/** Records that changes are in effect and neither verified nor reverted. */
export async function endIncomplete(
  context: RemediationContext,
  { code, why, outlook = goesOn(context), decision, details }: Obstacle,
  { effects, state, text }: Pick<Extract<Standing, { readonly status: 'half-done' }>, 'effects' | 'state' | 'text'>,
): Promise<Result> {
  const { journal, ports } = context;
  ports.count({ Incomplete: 1 });
  const next = await scheduleOpen(context);
  const until = next.toISOString();
  const reason = `${why} ${text} ${outlook(until)}`;
  const body: EventBody & { readonly outcome: 'incomplete' } = {
    kind: 'incomplete',
    outcome: 'incomplete',
    code,
    reason,
    effects,
    until,
    ...(decision && { decision }),
    ...(state !== undefined && { after: state }),
  };
  const before = journal.events.findLast(({ outcome }) => outcome !== undefined);
  const repeated = before?.outcome === 'incomplete' && before.code === code;
  return end(context, [body], { ...details, ...(repeated && { repeated }) });
}

const goesOn =
  ({ ports }: Pick<RemediationContext, 'ports'>) =>
  (until: string): string =>
    ports.openRemediations.user
      ? 'To finish it, replay the event; or roll it back.'
      : `The remediation continues by itself, next at ${until}, or can be rolled back.`;
