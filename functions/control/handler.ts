import { Logger } from '@aws-lambda-powertools/logger';
import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context } from 'aws-lambda';
import type { Rule } from '../../rules/rule';
import { type Clock, systemClock } from '../clock';
import { organizationalUnits } from '../facts/organization';
import { dynamoLog } from '../log/log';
import { metric } from '../metric';
import { eventBridgePublisher, publishOutcome } from '../outcomes/publish-outcome';
import { appConfigPolicy } from '../policy/load';
import { readSettings } from '../settings';
import { readAutomation } from './automation-request';
import { carryOut } from './carry-out';
import { channelOf, channels } from './channel';
import { anybodyInSecurityHub, readCustomActionOrders } from './custom-action-request';
import { controlEnvironment } from './environment';
import type { Reply } from './order';
import type { ControlPorts } from './ports';
import { readRequest } from './url-request';

interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const statuses = { invalid: 400, forbidden: 403, 'not-found': 404, conflict: 409 } as const;

/** The Lambda handler by which people give orders: by signed requests, by custom actions of Security Hub, and by SSM automations. */
export function controlHandler(
  rules: readonly Rule[],
  clock: Clock = systemClock,
): (event: unknown, context: Pick<Context, 'invokedFunctionArn'>) => Promise<HttpAnswer | readonly Reply[]> {
  const logger = new Logger({ serviceName: 'posture-control' });
  let prepared: ReturnType<typeof prepare> | undefined;

  return async function handler(event, { invokedFunctionArn }) {
    prepared ??= prepare(rules, clock, logger);
    const { ports, ssm } = prepared;
    const channel = channelOf(invokedFunctionArn);

    const signed = channel === 'url' ? readRequest(event) : undefined;
    if (signed) {
      const reply = 'refusal' in signed ? note(signed.refusal, { by: signed.by }) : await answer(signed.given, signed.by);
      const statusCode = reply.done ? 200 : statuses[reply.refused];
      return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(reply) };
    }
    const automated = channel === channels.automations ? await readAutomation(event, ssm) : undefined;
    if (automated) return [await answer(automated.given, automated.by)].map(expectDone);
    const orders = channel === channels.customActions ? await readCustomActionOrders(event, ports) : undefined;
    if (!orders) throw new Error(`The event, which came by ${invokedFunctionArn}, is none that gives an order there.`);
    const replies: Reply[] = [];
    for (const order of orders) {
      replies.push('refusal' in order ? note(order.refusal, { by: anybodyInSecurityHub }) : await answer(order, anybodyInSecurityHub));
    }
    return replies;

    async function answer(given: unknown, by: string): Promise<Reply> {
      return note(await carryOut(given, by, ports), { by, given });
    }

    function note(reply: Reply, about: object): Reply {
      logger[reply.done ? 'info' : 'warn'](reply.done ? 'Carried out' : 'Refused', { ...about, reply });
      metric('posture-control', reply.done ? { Orders: 1 } : { RefusedRequests: 1 }, clock);
      return reply;
    }
  };
}

/** An automation fails in the console where its order was refused. */
function expectDone(reply: Reply): Reply {
  if (!reply.done) throw new Error(reply.reason);
  return reply;
}

function prepare(rules: readonly Rule[], clock: Clock, logger: Logger): { readonly ports: ControlPorts; readonly ssm: SSMClient } {
  const set = readSettings(controlEnvironment, process.env);
  const dynamo = new DynamoDBClient({ retryMode: 'adaptive', maxAttempts: 6 });
  const lambda = new LambdaClient({ retryMode: 'adaptive', maxAttempts: 6 });
  const policy = appConfigPolicy(new AppConfigDataClient({ maxAttempts: 3 }), set.POLICY, clock);
  const put = eventBridgePublisher(new EventBridgeClient({ maxAttempts: 4 }), set.BUS, clock);
  const ousOf = organizationalUnits(new OrganizationsClient({ retryMode: 'adaptive', maxAttempts: 6 }), clock);
  return {
    ssm: new SSMClient({ maxAttempts: 4 }),
    ports: {
      dynamo,
      coordination: set.COORDINATION_TABLE,
      logTable: set.LOG_TABLE,
      log: dynamoLog(dynamo, set.LOG_TABLE, clock),
      clock,
      rules: new Map(rules.map((rule) => [rule.id, rule])),
      policy,
      ousOf,
      async invoke(rule, message) {
        await lambda.send(
          new InvokeCommand({ FunctionName: `posture-${rule}`, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(message)) }),
        );
      },
      publishOutcome: publishOutcome(put, policy),
      central: { partition: set.HUB_PARTITION, account: set.CENTRAL_ACCOUNT, region: set.AWS_REGION },
      version: set.VERSION,
      warn: (text, details) => logger.warn(text, { details }),
    },
  };
}
