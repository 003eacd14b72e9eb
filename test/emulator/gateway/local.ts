import type { Operation } from './operation';
import type { AwsRequest } from './request';
import type { Answer } from './upstream';

/** Where and when a call is made. */
export interface Place {
  readonly account: string;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** Answers, by `service:Operation`, for what moto lacks. */
export type LocalOperations = Readonly<
  Record<string, (operation: Operation, place: Place, request: AwsRequest) => Answer | Promise<Answer>>
>;
