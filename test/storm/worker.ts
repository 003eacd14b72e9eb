import { AsyncLocalStorage } from 'node:async_hooks';
import type { Call } from './call';
import type { Step } from './step';

/** One invocation of a function, until it ends or is killed. */
export interface Worker {
  readonly id: number;
  /** The id of the rule, or `control`. */
  readonly writer: string;
  readonly event: unknown;
  /** The ARN of the resource that the event is about, as far as the storm knows. */
  readonly resource: string | undefined;
  readonly startedAt: number;
  readonly deadline: number;
  /** A killed worker gets no more answers. */
  isAlive: boolean;
  /** Whether it takes back a remediation. */
  readonly isRollback: boolean;
  /** What it has called so far. */
  readonly calls: Call[];
  step: Step | undefined;
  /** Whether it logged an intent, and whether it sent a change since. */
  hasIntent: boolean;
  hasChanged: boolean;
  /** When an outage that it sees ends. */
  outage: { readonly kind: 'throttled' | 'failed' | 'reset' | 'lost'; readonly service: string; readonly until: number } | undefined;
  /** Ends it at once, as Lambda does with a process that crashes. */
  kill(why: string): void;
}

/** The worker whose code is running. */
export const workers = new AsyncLocalStorage<Worker>();
