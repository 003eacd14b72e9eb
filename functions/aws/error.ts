import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { isContention } from './contention';

/** Whether the same call may succeed later: throttling, or an error of the service or the network. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // The SDK treats it as throttling, but in most services it is an exhausted quota, which an operator has to know about.
  if (error.name === 'LimitExceededException') return statusOf(error) === 429;
  return isContention(error) || isThrottlingError(error as never) || isTransientError(error as never) || isServerError(error as never);
}

const statusOf = (error: object): number | undefined => (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

/** An error on one line: its name, its message, and the request id for AWS Support. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { requestId } = (error as { $metadata?: { requestId?: string } }).$metadata ?? {};
  return `${error.name}: ${error.message}${requestId ? ` (request ${requestId})` : ''}`;
}
