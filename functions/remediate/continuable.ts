import type { LogEvent } from '../log/event';

/** Whether a plan of the remediation was to be approved: then a message that continues it claims the approval. */
export const claimsApproval = (events: readonly Pick<LogEvent, 'kind' | 'outcome'>[]): boolean =>
  events.some(({ kind, outcome }) => kind === 'approval-requested' || outcome === 'partly-fixed');

/** Whether a message can continue the remediation: for an approval, or because it comes back. What ended otherwise is a new finding. */
export const isContinuable = (events: readonly Pick<LogEvent, 'kind' | 'outcome'>[]): boolean =>
  claimsApproval(events) || comesBack(events.findLast(({ outcome }) => outcome !== undefined)?.outcome);

const comesBack = (outcome: LogEvent['outcome']): boolean => outcome === 'deferred' || outcome === 'blocked';
