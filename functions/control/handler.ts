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
import { eventBridgeTelling, tellOutcome } from '../outcomes/publish-outcome';
import { appConfigPolicy } from '../policy/load';
import { readSettings } from '../settings';
import { readAutomation } from './automation-request';
import { carryOut } from './carry-out';
import { doorOf, doors } from './channel';
import { anybodyInSecurityHub, readCustomActionOrders } from './custom-action-request';
import { controlEnvironment } from './environment';
import type { Reply } from './order';
import type { ControlTools } from './ports';
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
    const { tools, ssm } = prepared;
    const door = doorOf(invokedFunctionArn);

    const signed = door === 'url' ? readRequest(event) : undefined;
    if (signed) {
      const reply = 'refusal' in signed ? note(signed.refusal, { by: signed.by }) : await answer(signed.given, signed.by);
      const statusCode = reply.done ? 200 : statuses[reply.refused];
      return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(reply) };
    }
    const automated = door === doors.automations ? await readAutomation(event, ssm) : undefined;
    if (automated) return [await answer(automated.given, automated.by)].map(expectDone);
    const orders = door === doors.customActions ? await readCustomActionOrders(event, tools) : undefined;
    if (!orders) throw new Error(`The event, which came by ${invokedFunctionArn}, is none that gives an order there.`);
    const replies: Reply[] = [];
    for (const order of orders) {
      replies.push('refusal' in order ? note(order.refusal, { by: anybodyInSecurityHub }) : await answer(order, anybodyInSecurityHub));
    }
    return replies;

    async function answer(given: unknown, by: string): Promise<Reply> {
      return note(await carryOut(given, by, tools), { by, given });
    }

    function note(reply: Reply, about: object): Reply {
      logger[reply.done ? 'info' : 'warn'](reply.done ? 'Carried out' : 'Refused', { ...about, reply });
      metric('posture-control', reply.done ? { Orders: 1 } : { RefusedOrders: 1 }, clock);
      return reply;
    }
  };
}

/** An automation fails in the console where its order was refused. */
function expectDone(reply: Reply): Reply {
  if (!reply.done) throw new Error(reply.reason);
  return reply;
}

function prepare(rules: readonly Rule[], clock: Clock, logger: Logger): { readonly tools: ControlTools; readonly ssm: SSMClient } {
  const set = readSettings(controlEnvironment, process.env);
  const dynamo = new DynamoDBClient({ retryMode: 'adaptive', maxAttempts: 6 });
  const lambda = new LambdaClient({ retryMode: 'adaptive', maxAttempts: 6 });
  const policy = appConfigPolicy(new AppConfigDataClient({ maxAttempts: 3 }), set.POLICY, clock);
  const put = eventBridgeTelling(new EventBridgeClient({ maxAttempts: 4 }), set.BUS, clock);
  const ousOf = organizationalUnits(new OrganizationsClient({ retryMode: 'adaptive', maxAttempts: 6 }), clock);
  return {
    ssm: new SSMClient({ maxAttempts: 4 }),
    tools: {
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
      tellOutcome: tellOutcome(put, policy),
      hub: { partition: set.HUB_PARTITION, account: set.HUB_ACCOUNT, region: set.AWS_REGION },
      version: set.VERSION,
      warn: (text, details) => logger.warn(text, { details }),
    },
  };
}
