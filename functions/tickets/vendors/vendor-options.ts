import type { Clock } from '../../clock';

export interface VendorOptions {
  /** Milliseconds until an answer. */
  readonly timeout?: number | undefined;
  readonly clock: Pick<Clock, 'now'>;
}
