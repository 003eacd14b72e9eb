import type { Reading, Refusal, RefusalCode } from '../findings/finding';

/** A reading without findings, and why. */
export const refuse = (kind: Refusal['kind'], code: RefusalCode, reason: string, findingId?: string): Reading => ({
  findings: [],
  refusals: [{ kind, code, reason, ...(findingId === undefined ? {} : { findingId }) }],
});
