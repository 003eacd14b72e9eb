import type { Reading, Refusal } from '../findings/finding';

/** A reading that found nothing to act upon, and why. */
export const refuse = (kind: Refusal['kind'], reason: string, findingId?: string): Reading => ({
  findings: [],
  refusals: [{ kind, reason, ...(findingId === undefined ? {} : { findingId }) }],
});
