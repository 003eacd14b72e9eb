import { describe, isAccessDenied, isErrorLike, isTransient } from '../aws/error';
import { openIntents } from '../plan/intents';
import type { IncompleteCode } from './codes';
import { end, type RemediationContext, type Result } from './context';
import { halt } from './halt';

/**
 * Logs an error that nobody expected. Without an open intent, a transient one is thrown, for the finding to be delivered again; any other is
 * a refusal by AWS, or a bug, which a retry can't clear. An open remediation comes back by itself in any case.
 */
export async function recordUnexpected(context: RemediationContext, error: unknown): Promise<Result> {
  if (isTransient(error) && openIntents(context.journal.events).length === 0) throw error;
  const stack = isErrorLike(error) && 'stack' in error ? error.stack : undefined;
  context.ports.warn('The finding failed permanently', { error: describe(error), stack });
  return halt(
    context,
    { code: codeOf(error), why: `${isTransient(error) ? 'Interrupted' : 'Failed'}: ${describe(error)}.` },
    async (known) => {
      if (isTransient(error)) throw error;
      return end(known, [{ kind: 'failed', outcome: 'failed', reason: `Failed: ${describe(error)}` }]);
    },
  );
}

/** The code of an error for which a remediation stays open. */
export function codeOf(error: unknown, otherwise: IncompleteCode = 'unexpected-error'): IncompleteCode {
  if (isTransient(error)) return 'temporary-error';
  return isAccessDenied(error) ? 'access-denied' : otherwise;
}
