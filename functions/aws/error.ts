import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { firstIssueText } from '../shape-issue';
import { isContention } from './contention';

interface ErrorLike {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly cause?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string; readonly attempts?: number };
}

/** Not `instanceof`: an error of Node's own modules, such as a connection reset, may be of another realm, and the SDK then wraps it. */
export const isErrorLike = (error: unknown): error is ErrorLike =>
  typeof error === 'object' &&
  error !== null &&
  typeof (error as ErrorLike).message === 'string' &&
  typeof (error as ErrorLike).name === 'string';

const brokenConnection = [
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
];

/** Whether the same call may succeed later: throttling, or an error of the service or the network. */
export function isTransient(error: unknown): boolean {
  if (!isErrorLike(error)) return false;
  // The SDK treats it as throttling, but in most services it is an exhausted quota, which an operator has to know about.
  if (error.name === 'LimitExceededException') return statusOf(error) === 429;
  return (
    isContention(error) ||
    isConnectionBroken(error) ||
    isThrottlingError(error as never) ||
    isTransientError(error as never) ||
    isServerError(error as never)
  );
}

/** The SDK wraps what it does not take for an error in one whose message is its text: `Error: read ECONNRESET`. */
function isConnectionBroken(error: ErrorLike): boolean {
  if (statusOf(error) !== undefined) return false;
  if (brokenConnection.some((code) => error.code === code || new RegExp(`\\b${code}\\b`).test(error.message))) return true;
  return /socket hang up/.test(error.message) || (isErrorLike(error.cause) && isConnectionBroken(error.cause));
}

/** Whether IAM, or a policy of the service, refuses the call to our role. */
export const isAccessDenied = (error: unknown): boolean =>
  isErrorLike(error) &&
  /^(Client\.)?(AccessDenied|UnauthorizedOperation|AuthorizationError|NotAuthorized|UnauthorizedAccess)/.test(error.name);

/** Whether a call that failed may have been applied nevertheless: it was not answered, or not at its first attempt, or the service failed. */
export function mayBeApplied(error: unknown): boolean {
  if (!isErrorLike(error)) return true;
  const { attempts = 1, httpStatusCode: status = 500 } = error.$metadata ?? {};
  return attempts > 1 || status >= 500;
}

/** Whether a policy denies the call expressly, so that no further grant allows it. */
export const isExplicitDeny = (error: unknown): boolean => isAccessDenied(error) && /explicit deny/i.test((error as ErrorLike).message);

const statusOf = ({ $metadata }: ErrorLike): number | undefined => $metadata?.httpStatusCode;

/** An error on one line: its name, its message, and the request id for AWS Support. An error of a library that only checks or parses has no such line: it gets one. */
export function describe(error: unknown): string {
  if (!isErrorLike(error)) return String(error);
  if (error.name === 'ZodError' || error.name === '$ZodError')
    return `UnexpectedAnswer: ${firstIssueText((error as { issues?: Parameters<typeof firstIssueText>[0] }).issues ?? [])}`;
  if (error.name === 'SyntaxError') return 'UnexpectedAnswer: the text is not valid JSON';
  const { requestId } = error.$metadata ?? {};
  return `${error.name}: ${error.message}${requestId ? ` (request ${requestId})` : ''}`;
}
