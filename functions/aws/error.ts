import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { firstIssueText } from '../shape-issue';
import { isContention } from './contention';

/** Whether the same call may succeed later: throttling, or an error of the service or the network. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // The SDK treats it as throttling, but in most services it is an exhausted quota, which an operator has to know about.
  if (error.name === 'LimitExceededException') return statusOf(error) === 429;
  return isContention(error) || isThrottlingError(error as never) || isTransientError(error as never) || isServerError(error as never);
}

const statusOf = (error: object): number | undefined => (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

/** An error on one line: its name, its message, and the request id for AWS Support. An error of a library that only checks or parses has no such line: it gets one. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'ZodError' || error.name === '$ZodError')
    return `UnexpectedAnswer: ${firstIssueText((error as { issues?: Parameters<typeof firstIssueText>[0] }).issues ?? [])}`;
  if (error.name === 'SyntaxError') return 'UnexpectedAnswer: the text is not valid JSON';
  const { requestId } = (error as { $metadata?: { requestId?: string } }).$metadata ?? {};
  return `${error.name}: ${error.message}${requestId ? ` (request ${requestId})` : ''}`;
}
