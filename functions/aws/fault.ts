import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { isContention } from './contention';

/** Whether the same call may well succeed later: throttling, a fault of the service, of the network. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // The SDK counts it as throttling, and in most services it is a quota that is used up, of which a person has to hear.
  if (error.name === 'LimitExceededException') return statusOf(error) === 429;
  return isContention(error) || isThrottlingError(error as never) || isTransientError(error as never) || isServerError(error as never);
}

const statusOf = (error: object): number | undefined => (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

/** An error as a line of text: its AWS name, its message, and the request id for AWS support. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { requestId } = (error as { $metadata?: { requestId?: string } }).$metadata ?? {};
  return `${error.name}: ${error.message}${requestId ? ` (request ${requestId})` : ''}`;
}
