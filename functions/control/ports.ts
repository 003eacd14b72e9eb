import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Place, Rule } from '../../rules/rule';
import type { Clock } from '../clock';
import type { RetryMessage } from '../findings/retry-message';
import type { Log } from '../log/log';
import type { OutcomeNotice } from '../outcomes/outcome-event';
import type { Policy } from '../policy/policy';

/** What the rule's function is sent: a finding, or the id of a remediation to take back. */
export type FunctionMessage = RetryMessage | { readonly rollback: string };

export interface ControlPorts {
  readonly dynamo: DynamoDBClient;
  readonly coordination: string;
  readonly logTable: string;
  readonly log: Log;
  readonly clock: Clock;
  /** The rules of the catalogue, by id. */
  readonly rules: ReadonlyMap<string, Rule>;
  readonly policy: () => Promise<Policy>;
  readonly ousOf: (account: string) => Promise<readonly string[]>;
  /** Has the function of the rule handle it, and does not wait. */
  readonly invoke: (rule: string, message: FunctionMessage) => Promise<void>;
  readonly publishOutcome: (told: OutcomeNotice) => Promise<void>;
  /** Where the hub is. */
  readonly central: Place;
  /** Version of the deployed code, for the log. */
  readonly version: string;
  readonly warn: (message: string, details: Record<string, unknown>) => void;
}
