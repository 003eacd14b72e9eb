import { isTrackerError } from './tracker-error';

/** Nothing is wrong, or not for long: the event is handled again after this time. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  readonly seconds: number;

  constructor(seconds: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.seconds = Math.max(1, Math.ceil(seconds));
  }
}

/** Seconds until an event that failed is handled again; undefined if only the queue decides. */
export function secondsUntilRetry(error: unknown): number | undefined {
  if (error instanceof RetryLater) return error.seconds;
  if (!isTrackerError(error)) return undefined;
  const { failure, retryAfter } = error;
  if (retryAfter !== undefined) return Math.max(1, retryAfter);
  if (failure === 'throttled' || failure === 'unavailable' || failure === 'unanswered') return 60;
  // Somebody has to change the secret, the permissions or the policy first.
  return failure === 'unauthorized' ? 300 : 900;
}
