import type { Logger } from '@aws-lambda-powertools/logger';
import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { STSClient } from '@aws-sdk/client-sts';
import type { ClientClass } from '../../rules/rule';
import { connections } from '../aws/connection';
import { functionNameOf } from '../aws/function-name';
import { memberRoles } from '../aws/member-role';
import type { Clock } from '../clock';
import { policyOfFunction } from '../coordination/policy-of-function';
import { describedRules } from '../sources/config/deployed-rule';
import type { DispatchPorts } from './dispatch';
import type { DispatchEnvironment } from './environment';

const retries = { retryMode: 'adaptive', maxAttempts: 6 } as const;

export interface ReaderOptions {
  /** The name of the function, in metrics and sessions. */
  readonly name: string;
  readonly logger: Pick<Logger, 'warn'>;
  readonly clock: Clock;
  /** Those that its member role is for. */
  readonly clients?: readonly ClientClass[];
}

/** What the dispatcher, the reconciliation and the sweep share: the clients live as long as the function instance. */
export function createReader(settings: DispatchEnvironment, { name, logger, clock, clients = [ConfigServiceClient] }: ReaderOptions) {
  const dynamo = new DynamoDBClient(retries);
  const lambda = new LambdaClient(retries);
  const warn = (message: string, details: Record<string, unknown>) => logger.warn(message, { details });
  const credentialsFor = memberRoles(new STSClient(retries), settings.MEMBER_ROLE, name, clock);
  const connect = connections(clients, credentialsFor);
  const policy = policyOfFunction(name, settings, { dynamo, appConfig: new AppConfigDataClient({ maxAttempts: 3 }) }, { clock, warn });
  const invoke: DispatchPorts['invoke'] = async (rule, event) => {
    const Payload = Buffer.from(JSON.stringify(event));
    await lambda.send(new InvokeCommand({ FunctionName: functionNameOf(rule), InvocationType: 'Event', Payload }));
  };
  return { dynamo, credentialsFor, connect, invoke, warn, policy, identification: { describe: describedRules(connect, clock), policy } };
}
