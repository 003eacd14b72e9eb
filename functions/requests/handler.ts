import { Logger } from '@aws-lambda-powertools/logger';
import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Rule } from '../../rules/rule';
import { describe } from '../aws/error';
import { functionNameOf } from '../aws/function-name';
import { type Clock, systemClock } from '../clock';
import { policyOfFunction } from '../coordination/policy-of-function';
import { metric } from '../metric';
import { eventBridgePublisher, publishOutcome } from '../outcomes/publish-outcome';
import { readSettings } from '../settings';
import { requestsEnvironment } from './environment';
import { type Received, type ReceivePorts, receive } from './receive';
import { type RefusalPorts, recordRefusal } from './record-refusal';

const name = 'requests';
const retries = { retryMode: 'adaptive', maxAttempts: 6 } as const;

/** The Lambda handler of requests of other tools: it checks them, and gives them to the functions of the rules. */
export function requestsHandler(rules: readonly Rule[], clock: Clock = systemClock): (event: unknown) => Promise<Received> {
  const logger = new Logger({ serviceName: name });
  let ports: (ReceivePorts & RefusalPorts) | undefined;

  return async function handler(event) {
    ports ??= prepare(rules, clock, logger);
    try {
      const result = await receive(event, ports);
      if (!('code' in result)) {
        logger.info('Request dispatched', { ...result });
        return result;
      }
      const remediation = await recordRefusal(result, ports);
      logger.warn('Request refused', { ...result, remediation });
      metric(name, { RefusedRequests: 1 }, clock);
      return result;
    } catch (error) {
      logger.error('The request was not handled', { error: describe(error) });
      throw error;
    }
  };
}

function prepare(rules: readonly Rule[], clock: Clock, logger: Logger): ReceivePorts & RefusalPorts {
  const set = readSettings(requestsEnvironment, process.env);
  const dynamo = new DynamoDBClient(retries);
  const lambda = new LambdaClient(retries);
  const warn: RefusalPorts['warn'] = (message, details) => logger.warn(message, { details });
  const policy = policyOfFunction(name, set, { dynamo, appConfig: new AppConfigDataClient({ maxAttempts: 3 }) }, { clock, warn });
  const put = eventBridgePublisher(new EventBridgeClient({ maxAttempts: 4 }), set.BUS, clock);
  return {
    rules: new Map(rules.map((rule) => [rule.id, rule])),
    partition: set.CENTRAL_PARTITION,
    policy,
    async invoke(rule, event) {
      const Payload = Buffer.from(JSON.stringify(event));
      await lambda.send(new InvokeCommand({ FunctionName: functionNameOf(rule), InvocationType: 'Event', Payload }));
    },
    dynamo,
    logTable: set.LOG_TABLE,
    central: { partition: set.CENTRAL_PARTITION, account: set.CENTRAL_ACCOUNT, region: set.AWS_REGION },
    version: set.VERSION,
    actor: set.ACTOR,
    clock,
    publishOutcome: publishOutcome(put, policy),
    warn,
  };
}
