import type { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock';
import { metric } from '../metric';
import { appConfigPoll } from '../policy/app-config';
import type { Policy } from '../policy/policy';
import { policyInForce } from './policy-in-force';

/** Where a function reads the policy: by its settings. */
interface Settings {
  readonly ORDERS_TABLE: string;
  readonly POLICY: string;
}

export interface Clients {
  readonly dynamo: DynamoDBClient;
  readonly appConfig: AppConfigDataClient;
}

/** The policy in force, for the function with this name: that of its rule, or `notify`. That AppConfig has to be asked is logged and counted. */
export function policyOfFunction(
  name: string,
  { ORDERS_TABLE: orders, POLICY: configuration }: Settings,
  { dynamo, appConfig }: Clients,
  { clock, warn }: { readonly clock: Clock; readonly warn: (message: string, details: { readonly reason: string }) => void },
): () => Promise<Policy> {
  const poll = appConfigPoll(appConfig, configuration);
  return policyInForce({
    ...{ dynamo, orders, configuration, poll, clock },
    onUnusable(reason) {
      warn('AppConfig is asked for the policy', { reason });
      metric(name, { PolicyNotCopied: 1 }, clock);
    },
  });
}
