import { Logger } from '@aws-lambda-powertools/logger';
import { AppConfigClient } from '@aws-sdk/client-appconfig';
import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context } from 'aws-lambda';
import type { Rule } from '../../rules/rule';
import { functionNameOf } from '../aws/function-name';
import { type Clock, systemClock } from '../clock';
import { policyOfFunction } from '../coordination/policy-of-function';
import { organizationalUnits } from '../facts/organization';
import { countForged } from '../log/count-forged';
import { metric } from '../metric';
import { eventBridgePublisher, publishOutcome } from '../outcomes/publish-outcome';
import { appConfigPoll } from '../policy/app-config';
import { readSettings } from '../settings';
import { answerAction } from './answer-action';
import { readAnswer } from './answer-request';
import { readAutomation } from './automation-request';
import { carryOut } from './carry-out';
import { type Channel, channelOf } from './channel';
import { readCustomActionOrders } from './custom-action-request';
import { controlEnvironment } from './environment';
import type { RoutePorts } from './hourly/check-routes';
import { type HourlyReport, hourlyCheck } from './hourly/hourly-check';
import type { OrderRequest } from './order-request';
import { type CopyPorts, type CopyReport, copyPolicy } from './policy-copy/copy-policy';
import { deployedVersion } from './policy-copy/deployed-version';
import { publisherIn } from './policy-copy/publisher';
import type { ControlPorts } from './ports';
import type { Reply } from './reply';
import { type ExpectedRoute, readRoutes } from './routes/expected';
import { readRequest } from './url-request';

interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const statuses = { invalid: 400, forbidden: 403, 'not-found': 404, conflict: 409 } as const;

/** The dependencies of a channel. */
interface ChannelPorts extends Prepared {
  readonly reply: (request: OrderRequest) => Promise<Reply>;
}

type Answer = HttpAnswer | readonly Reply[] | HourlyReport | CopyReport;

/** The handler of each channel; undefined if the event is not a request of that channel. */
const channels: Readonly<Record<Channel, (event: unknown, ports: ChannelPorts) => Promise<Answer | undefined>>> = {
  async url(event, { reply }) {
    const request = readRequest(event);
    return request && httpAnswer(await reply(request));
  },
  async automations(event, { ssm, reply }) {
    const request = await readAutomation(event, ssm);
    return request && [expectDone(await reply(request))];
  },
  async 'custom-actions'(event, { ports, reply }) {
    const requests = await readCustomActionOrders(event, ports);
    if (!requests) return undefined;
    const replies: Reply[] = [];
    for (const request of requests) {
      const answer = await reply(request);
      if (!answer.done && !answer.logged) await answerAction(answer, request.about, ports);
      replies.push(answer);
    }
    return replies;
  },
  hourly: (event, { ports, routes }) => hourlyCheck(event, ports, routes),
  policy: (event, { copying }) => copyPolicy(event, copying),
  async answers(event, { reply }) {
    const request = readAnswer(event);
    return request && [await reply(request)];
  },
};

/**
 * The Lambda handler for requests of operators: signed requests, custom actions of Security Hub, and SSM automations. `routes` are those of the
 * rules; the settings name the others.
 */
export function controlHandler(
  rules: readonly Rule[],
  clock: Clock = systemClock,
  routes: readonly ExpectedRoute[] = [],
): (event: unknown, context: Pick<Context, 'invokedFunctionArn'>) => Promise<Answer> {
  const logger = new Logger({ serviceName: 'posture-control' });
  let prepared: Prepared | undefined;

  return async function handler(event, { invokedFunctionArn }) {
    prepared ??= prepare(rules, routes, { clock, logger });
    const { ports } = prepared;
    const channel = channelOf(invokedFunctionArn);
    const answer = channel && (await channels[channel](event, { ...prepared, reply }));
    if (!answer) throw new Error(`The event is not a valid request for ${invokedFunctionArn}.`);
    return answer;

    async function reply(request: OrderRequest): Promise<Reply> {
      const { by } = request;
      if ('refusal' in request) return note(request.refusal, { by });
      return note(await carryOut(request.given, by, ports), request);
    }
  };

  function note(reply: Reply, about: object): Reply {
    logger[reply.done ? 'info' : 'warn'](reply.done ? 'Request completed' : 'Request refused', { ...about, reply });
    metric('posture-control', reply.done ? { Requests: 1 } : { RefusedRequests: 1 }, clock);
    return reply;
  }
}

const httpAnswer = (reply: Reply): HttpAnswer => ({
  statusCode: reply.done ? 200 : statuses[reply.refused],
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(reply),
});

/** If the request is refused, the automation execution fails in the console. */
function expectDone(reply: Reply): Reply {
  if (!reply.done) throw new Error(reply.reason);
  return reply;
}

interface Prepared {
  readonly ports: ControlPorts;
  readonly copying: CopyPorts;
  readonly ssm: SSMClient;
  readonly routes: RoutePorts;
}

function prepare(
  rules: readonly Rule[],
  routes: readonly ExpectedRoute[],
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Prepared {
  const set = readSettings(controlEnvironment, process.env);
  const dynamo = new DynamoDBClient({ retryMode: 'adaptive', maxAttempts: 6 });
  const lambda = new LambdaClient({ retryMode: 'adaptive', maxAttempts: 6 });
  const count: ControlPorts['count'] = (values) => metric('posture-control', values, clock);
  const warn: ControlPorts['warn'] = (text, details) => logger.warn(text, { details });
  const appConfig = new AppConfigDataClient({ maxAttempts: 3 });
  const policy = policyOfFunction('posture-control', set, { dynamo, appConfig }, { clock, warn });
  const eventBridge = new EventBridgeClient({ maxAttempts: 4 });
  const put = eventBridgePublisher(eventBridge, set.BUS, clock);
  const ousOf = organizationalUnits(new OrganizationsClient({ retryMode: 'adaptive', maxAttempts: 6 }), clock);
  const versionOf = deployedVersion(new AppConfigClient({ maxAttempts: 3 }), set.POLICY);
  const known = {
    ...{ dynamo, clock, warn },
    logTable: set.LOG_TABLE,
    countForged: countForged('posture-control', clock, (text, details) => logger.error(text, details)),
    rules: new Map(rules.map((rule) => [rule.id, rule])),
    central: { partition: set.CENTRAL_PARTITION, account: set.CENTRAL_ACCOUNT, region: set.AWS_REGION },
    version: set.VERSION,
  };
  return {
    ssm: new SSMClient({ maxAttempts: 4 }),
    routes: { eventBridge, expected: [...routes, ...readRoutes(set.ROUTES)] },
    copying: {
      ...{ dynamo, clock, count, warn, versionOf },
      log: { ...known, versionOf, publisherOf: publisherIn(new CloudTrailClient({ maxAttempts: 3 }), set.POLICY) },
      orders: set.ORDERS_TABLE,
      configuration: set.POLICY,
      poll: appConfigPoll(appConfig, set.POLICY),
      by: `posture-control ${set.VERSION}`,
    },
    ports: {
      ...known,
      orders: set.ORDERS_TABLE,
      coordination: set.COORDINATION_TABLE,
      policy,
      ousOf,
      async invoke(rule, message) {
        await lambda.send(
          new InvokeCommand({ FunctionName: functionNameOf(rule), InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(message)) }),
        );
      },
      publishOutcome: publishOutcome(put, policy),
      count,
    },
  };
}
