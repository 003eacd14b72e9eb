import type { Written } from './aws/dynamodb/table';
import type { Call } from './call';
import type { Worker } from './worker';

/** A change of a resource that took effect, with the resource before and after as JSON. */
export interface Changed {
  readonly call: Call;
  readonly worker: Worker;
  readonly before: string;
  readonly after: string;
}

/** Sees what happens while it happens. */
export interface Watch {
  onWrite?(written: Written, call: Call, worker: Worker | undefined): void;
  onChange?(changed: Changed): void;
  /** Others changed a resource; `mark` is a text that it contains since. */
  onOthers?(arn: string, mark: string, now: number): void;
  /** The workflow status of a finding was set. `fails`: what its detector says at this moment. */
  onWorkflow?(
    finding: { readonly id: string; readonly resource: string; readonly workflow: string; readonly fails: boolean },
    now: number,
  ): void;
  onEnd?(worker: Worker): void;
}

/** A check that failed. */
export interface Violation {
  readonly check: string;
  readonly what: string;
  readonly resource: string;
  readonly at: number;
}

export type Report = (violation: Violation) => void;
