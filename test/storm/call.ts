import type { Request } from './aws/request';

/** One attempt of a call, as the storm saw it. */
export interface Call extends Request {
  readonly id: number;
  /** The ARN of the resource in a member account that it is about. */
  readonly resource: string | undefined;
  /** Whether it changes that resource. */
  readonly isChange: boolean;
  /** When it took effect; undefined if it did not. */
  applied?: number;
}
