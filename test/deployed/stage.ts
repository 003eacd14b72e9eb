import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Rule } from '../../rules/rule';
import type { World } from '../contract/scenario';
import type { Cdk } from './cdk';
import type { Checks } from './checks';
import type { Posture } from './command-line';
import type { Fault } from './ministack/start';

/** The deployed app, and those who work with it: the owner of the account, and an operator with the command line. */
export interface Stage {
  readonly url: string;
  /** The folder of the cloud assembly. */
  readonly assembly: string;
  readonly checks: Checks;
  readonly faults: readonly Fault[];
  readonly cdk: Cdk;
  readonly world: World;
  readonly rules: readonly Rule[];
  readonly events: EventBridgeClient;
  readonly dynamo: DynamoDBClient;
  readonly posture: Posture;
}
