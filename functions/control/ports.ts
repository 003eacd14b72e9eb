import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Place, Rule } from '../../rules/rule';
import type { Clock } from '../clock';
import type { DrillMessageShape } from '../drill/message';
import type { RetryMessage } from '../findings/retry-message';
import type { ForgedRecord } from '../log/read-item';
import type { OutcomeNotice } from '../outcomes/outcome-event';
import type { Policy } from '../policy/policy';

/** A message to the rule's function: a finding, the id of a remediation to roll back, or a drill. */
export type FunctionMessage = RetryMessage | { readonly rollback: string } | DrillMessageShape;

export interface ControlPorts {
  readonly dynamo: DynamoDBClient;
  /** The table with what people said, which only the control function writes. */
  readonly orders: string;
  readonly coordination: string;
  readonly logTable: string;
  /** Counts forged records in the log. */
  readonly countForged: (records: readonly ForgedRecord[]) => void;
  readonly clock: Clock;
  /** The rules of the catalogue, by id. */
  readonly rules: ReadonlyMap<string, Rule>;
  readonly policy: () => Promise<Policy>;
  readonly ousOf: (account: string) => Promise<readonly string[]>;
  /** Invokes the function of the rule asynchronously. */
  readonly invoke: (rule: string, message: FunctionMessage) => Promise<void>;
  readonly publishOutcome: (notice: OutcomeNotice) => Promise<void>;
  /** The central account and region. */
  readonly central: Place;
  /** Version of the deployed code, for the log. */
  readonly version: string;
  /** Counts something for the alarms. */
  readonly count: (values: Readonly<Record<string, number>>) => void;
  readonly warn: (message: string, details: Record<string, unknown>) => void;
}
