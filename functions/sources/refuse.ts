import type { Reading, Refusal, RefusalCode } from '../findings/finding';
import { sanitize } from '../untrusted-text';

/** An alarm is raised for what contradicts itself, and so may be forged; what can't be read is ignored, and recorded. */
export const kindOf = (code: RefusalCode): Refusal['kind'] => (contradictions.includes(code) ? 'invalid' : 'ignored');

const contradictions: readonly RefusalCode[] = ['contradictory-event', 'untrusted-product', 'foreign-account', 'foreign-action'];

/** Whether nobody can tell what was reported: it contradicts itself, or can't be read. */
export const isUnread = ({ kind, code }: Pick<Refusal, 'kind' | 'code'>): boolean => kind === 'invalid' || unreadable.includes(code);

const unreadable: readonly RefusalCode[] = ['malformed-event', 'unsupported-event', 'invalid-resource-id', 'untrusted-product'];

/** A reading without findings, and why. */
export const refuse = (kind: Refusal['kind'], code: RefusalCode, reason: string, findingId?: string): Reading => ({
  findings: [],
  refusals: [{ kind, code, reason, ...(findingId === undefined ? {} : { findingId: sanitize(findingId, 3000) }) }],
});
