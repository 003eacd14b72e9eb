/** Why a request to a tracker failed. */
export type TrackerFailure =
  /** The credentials are not accepted: expired, or revoked. */
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  /** It is at another address now, which is not followed. */
  | 'moved'
  /** The tracker refuses this request, and would again. */
  | 'rejected'
  /** Too many requests. */
  | 'throttled'
  | 'unavailable'
  /** No answer, or none that can be read. */
  | 'unanswered';

/** A failed request. The message names the vendor, the request and the answer, and never a secret. */
export class TrackerError extends Error {
  override readonly name = 'TrackerError';
  readonly failure: TrackerFailure;
  /** Seconds until the tracker may be asked again, if it says so. */
  readonly retryAfter: number | undefined;

  constructor(
    failure: TrackerFailure,
    message: string,
    { retryAfter, cause }: { readonly retryAfter?: number; readonly cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.failure = failure;
    this.retryAfter = retryAfter;
  }
}

export const isTrackerError = (error: unknown): error is TrackerError => error instanceof TrackerError;

/** Whether the tracker may have carried the request out. */
export const mayBeDone = (error: unknown): boolean =>
  !isTrackerError(error) || error.failure === 'unavailable' || error.failure === 'unanswered';

/** Whether the same request may succeed later. */
export const isWorthRetrying = (error: unknown): boolean =>
  isTrackerError(error) && ['throttled', 'unavailable', 'unanswered', 'unauthorized'].includes(error.failure);
