import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import type { Context } from 'aws-lambda';
import type { Channel } from '../../functions/control/channel';
import { controlHandler } from '../../functions/control/handler';
import type { CopyReport } from '../../functions/control/policy-copy/copy-policy';
import type { Reply } from '../../functions/control/reply';
import type { LogEvent } from '../../functions/log/event';
import { findRecord } from '../../functions/log/record';
import { type OutcomeEvent, outcomeEventShape } from '../../functions/outcomes/outcome-schema';
import type { Result } from '../../functions/remediate/context';
import { type Answer, handlerFor } from '../../functions/rule-function/handler';
import type { Rule } from '../../rules/rule';
import { createTables, environmentOf } from '../cli/central';
import type { Account } from '../emulator/account';
import type { Invocation } from '../emulator/gateway/invocations';
import { type Schedule, type Schedules, schedulesOf } from '../emulator/scheduler';
import { type Emulator, useEmulator } from '../emulator/use';
import { securityHubImported } from '../events/security-hub';
import { type DeployedPolicy, policyIn } from '../policy/deployed-policy';
import planted from '../remediate/planted-rule';
import { type Travel, travelFrom } from './travel';

/** Which changes a test of one guardrail does not bound, and whom it does not ask. */
export const unbounded = { ownership: { lastChange: false }, approvals: { fourEyes: false } } as const;

export interface Central {
  readonly account: Account;
  readonly emulator: Emulator;
  readonly clock: Travel;
  /** Without those that ask a detector, which nothing but its own tests is about. */
  readonly schedules: Schedules;
  /** The schedules that ask a detector. */
  looks(): ReturnType<Schedules['list']>;
  /** Goes to the time of the next of these, and delivers what is due. */
  hear(): Promise<readonly Result[]>;
  readonly policy: DeployedPolicy;
  /** Deploys a policy, and lets the time pass until every function has it. */
  deploy(policy: object): Promise<void>;
  /** Delivers an event to the rule's function; `qualifier` is the version that was invoked by name. */
  send(event: unknown, rule?: Rule, qualifier?: string): Promise<Answer>;
  /** The only ending of what a finding about the bucket comes to. */
  find(bucket: string, options?: Where): Promise<Result>;
  finding(bucket: string, options?: Where): ReturnType<typeof securityHubImported>;
  /** Delivers an event to the control function, by its URL unless by one of its aliases. */
  control(event: unknown, qualifier?: Channel | '' | '$LATEST'): ReturnType<ReturnType<typeof controlHandler>>;
  /** What the control function answers to an order signed by that principal. */
  order(order: object, by?: string): Promise<Reply & { readonly statusCode: number }>;
  /** Has the control function copy the policy, as every minute. */
  copyPolicy(): Promise<CopyReport>;
  /** Takes what the control function had sent to functions, undelivered. */
  messages(): readonly Invocation[];
  /** Delivers what the control function had the rule's function do, and what became of it. */
  delivered(): Promise<readonly Result[]>;
  /** Goes to the time of the next schedule, and delivers what is due. */
  comeBack(): Promise<{ readonly at: Date; readonly results: readonly Result[] }>;
  /** Delivers at once all that is due by now, or so many of it. */
  due(most?: number): Promise<readonly Result[]>;
  /** The events of a remediation by all writers, whose chains are whole. */
  trail(remediation: string): Promise<readonly LogEvent[]>;
  /** The last event. */
  last(remediation: string): Promise<LogEvent | undefined>;
  /** The outcomes told on the bus. */
  told(): readonly OutcomeEvent[];
  /** The metrics of all functions so far. */
  metrics(): readonly Metrics[];
}

type Metrics = Readonly<Record<string, unknown>>;

interface Where {
  readonly account?: string;
  readonly region?: string;
  readonly firstObservedAt?: string;
  /** The last part of the finding's id. */
  readonly uuid?: string;
}

export const plantedRule = planted as unknown as Rule;

const onCall = 'arn:aws:sts::111122223333:assumed-role/OnCall';
/** Sessions of the role that the tests name as approver. */
export const alice = `${onCall}/alice`;
export const bob = `${onCall}/bob`;
export const approvers = [{ principals: [`${onCall}/*`] }];

/** A hub of its own for each test: tables, policy, bus and schedules of a fresh account, and the handlers with a clock that the test moves. */
export function useCentral(): {
  open(options?: { readonly rules?: readonly Rule[]; readonly start?: string; readonly account?: Account }): Promise<Central>;
} {
  const emulator = useEmulator();
  const before = { ...process.env };
  // Metrics are lines on standard output, which nobody reads here.
  const { write } = process.stdout;
  const metrics: Metrics[] = [];
  const opened: Central[] = [];
  beforeAll(() => {
    process.stdout.write = ((chunk: string, ...more: never[]) => {
      if (!`${chunk}`.startsWith('{"_aws"')) return write.call(process.stdout, chunk, ...more);
      metrics.push(JSON.parse(chunk) as Metrics);
      return true;
    }) as typeof write;
  });
  afterAll(() => {
    process.stdout.write = write;
  });
  afterEach(() => {
    // Whatever a test is about: what was told is what the schema says.
    for (const event of opened.splice(0).flatMap((central) => central.told())) expect(outcomeEventShape.parse(event)).toEqual(event);
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    const { AWS_ENDPOINT_URL: _, ...own } = before;
    Object.assign(process.env, own);
  });
  return {
    async open(options) {
      metrics.length = 0;
      const central = await openCentral(emulator, metrics, options);
      opened.push(central);
      return central;
    },
  };
}

async function openCentral(
  emulator: Emulator,
  metrics: readonly Metrics[],
  { rules = [plantedRule], start = '2026-11-24T12:00:00.000Z', account: given }: Parameters<ReturnType<typeof useCentral>['open']>[0] = {},
): Promise<Central> {
  const account = given ?? (await emulator.account());
  const [first] = rules as readonly [Rule];
  const policy = await policyIn(account);
  await createTables(account);
  await account.client(EventBridgeClient).send(new CreateEventBusCommand({ Name: 'posture' }));
  await account.client(SchedulerClient).send(new CreateScheduleGroupCommand({ Name: 'posture' }));
  Object.assign(process.env, environmentOf(account), {
    LOG_TABLE: 'posture-log',
    ORDERS_TABLE: 'posture-orders',
    COORDINATION_TABLE: 'posture-coordination',
    POLICY: policy.configuration,
    BUS: 'posture',
    MEMBER_ROLE: `arn:{partition}:iam::{account}:role/posture-${first.id}`,
    CENTRAL_ACCOUNT: account.account,
    CENTRAL_PARTITION: 'aws',
    ROUTES: '[]',
    ACTOR: `arn:aws:iam::${account.account}:role/posture-function-${first.id}`,
    VERSION: '1.0.0',
    SCHEDULE_GROUP: 'posture',
    SCHEDULE_ROLE: `arn:aws:iam::${account.account}:role/posture-function-${first.id}`,
    UNDELIVERED: `arn:aws:sqs:${account.region}:${account.account}:posture-undelivered`,
    POWERTOOLS_LOG_LEVEL: process.env.POWERTOOLS_LOG_LEVEL ?? 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  const clock = travelFrom(start);
  const handlers = new Map(rules.map((rule) => [rule.id, handlerFor(rule, clock)]));
  const handleOrder = controlHandler(rules, clock);
  const controlled: Central['control'] = (event, qualifier = 'url') => {
    const arn = `arn:aws:lambda:${account.region}:${account.account}:function:posture-control`;
    // The log of a remediation is in the order of time, which else stands still: people order after and before functions act.
    clock.pass(0.001);
    return handleOrder(event, { invokedFunctionArn: qualifier === '' ? arn : `${arn}:${qualifier}` }).finally(() => clock.pass(0.001));
  };
  const all = schedulesOf(account);
  const asksDetector = ({ input }: Pick<Schedule, 'input'>): boolean =>
    (JSON.parse(input) as { readonly look?: number }).look !== undefined;
  const schedules: Schedules = { ...all, list: async () => (await all.list()).filter((one) => !asksDetector(one)) };
  const looks = async () => (await all.list()).filter(asksDetector);
  emulator.gateway.clear();

  const send: Central['send'] = async (event, { id } = first, qualifier) => {
    const handler = handlers.get(id);
    if (!handler) throw new Error(`This hub has no function of ${id}.`);
    const context = contextOf(account, id);
    const invokedFunctionArn = `${context.invokedFunctionArn}${qualifier === undefined ? '' : `:${qualifier}`}`;
    return handler(event, { ...context, invokedFunctionArn });
  };
  const finding: Central['finding'] = (bucket, options = {}) =>
    securityHubImported(
      {
        control: 'S3.999',
        resource: { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` },
        account: account.account,
        firstObservedAt: clock.now().toISOString(),
        ...options,
      },
      { account: account.account },
    );
  const trail: Central['trail'] = async (remediation) => {
    const lookup = await findRecord(account.client(DynamoDBClient), 'posture-log', { remediation }, 'all');
    if (lookup === 'none') return [];
    if ('ambiguous' in lookup) throw new Error(`${remediation} is of several rules: ${lookup.ambiguous.join(', ')}.`);
    expect([lookup.record.breaks, lookup.record.forged]).toEqual([[], []]);
    return lookup.record.events.map(({ trail: _, ...event }) => event);
  };

  /** Tests of a file share the gateway. */
  const messages = () => emulator.gateway.invocations.splice(0).filter((one) => one.account === account.account);

  async function due(most = Number.POSITIVE_INFINITY, withLooks = false): Promise<readonly Result[]> {
    const inputs: Schedule[] = [];
    const fired = schedules.fire(clock.now(), async (schedule) => {
      if (inputs.length === most) throw new Error('Enough for now.');
      inputs.push(schedule);
    });
    await fired.catch((error: unknown) => {
      if (inputs.length < most) throw error;
    });
    const answers = await Promise.all(
      inputs.map(({ input, target }) => {
        const id = target.replace(/^.*:function:posture-rule-/, '');
        return handlers.get(id)?.(JSON.parse(input), contextOf(account, id));
      }),
    );
    return answers.flatMap((answer, index) => (withLooks || !asksDetector(inputs[index] as Schedule) ? (answer?.results ?? []) : []));
  }

  return {
    account,
    emulator,
    clock,
    schedules,
    looks,
    async hear() {
      const [next] = await looks();
      if (!next) throw new Error('No detector is to be asked.');
      clock.goTo(next.at);
      return due(undefined, true);
    },
    policy,
    async deploy(content) {
      await policy.deploy(content);
      clock.pass(46);
    },
    send,
    async find(bucket, options) {
      const { results, refusals } = await send(finding(bucket, options));
      expect({ refusals, results: results.length }).toEqual({ refusals: [], results: 1 });
      return results[0] as Result;
    },
    finding,
    control: controlled,
    async order(order, by = alice) {
      const answer = (await controlled(requestBy(by, order))) as { readonly statusCode: number; readonly body: string };
      return { ...(JSON.parse(answer.body) as Reply), statusCode: answer.statusCode };
    },
    copyPolicy: () => controlled({ source: 'aws.events', 'detail-type': 'Scheduled Event' }, 'policy') as Promise<CopyReport>,
    messages,
    async delivered() {
      const results: Result[] = [];
      for (const { function: name, event } of messages()) {
        const id = name.replace(/^posture-rule-/, '');
        const { results: some } = (await handlers.get(id)?.(event, contextOf(account, id))) ?? { results: [] };
        results.push(...some);
      }
      return results;
    },
    async comeBack() {
      const [next] = await schedules.list();
      if (!next) throw new Error('Nothing is scheduled to come back.');
      clock.goTo(next.at);
      return { at: next.at, results: await due() };
    },
    due: (most) => due(most),
    trail,
    metrics: () => metrics,
    last: async (remediation) => (await trail(remediation)).at(-1),
    told: () =>
      emulator.gateway.calls
        .filter((call) => call.operation === 'PutEvents' && call.account === account.account)
        .flatMap(({ input }) =>
          (input.Entries as readonly { readonly Detail: string }[]).map(({ Detail }) => JSON.parse(Detail) as OutcomeEvent),
        ),
  };
}

/** What a function URL with IAM authorization makes of a request that this principal has signed. Source: Lambda, "Request and response payloads". */
export const requestBy = (userArn: string, body: unknown) => ({
  version: '2.0',
  rawPath: '/',
  rawQueryString: '',
  headers: { 'content-type': 'application/json', 'x-amz-date': '20261124T120000Z' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
  isBase64Encoded: false,
  requestContext: {
    accountId: '999988887777',
    apiId: 'u1',
    authorizer: {
      iam: {
        accessKey: 'ASIAEXAMPLE',
        accountId: userArn.split(':')[4],
        callerId: 'AROAEXAMPLE:session',
        cognitoIdentity: null,
        principalOrgId: 'o-a1b2c3d4e5',
        userArn,
        userId: 'AROAEXAMPLE:session',
      },
    },
    domainName: 'u1.lambda-url.eu-west-1.on.aws',
    domainPrefix: 'u1',
    http: { method: 'POST', path: '/', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'posture' },
    requestId: '00000000-0000-0000-0000-000000000000',
    routeKey: '$default',
    stage: '$default',
    time: '24/Nov/2026:12:00:00 +0000',
    timeEpoch: 1_795_521_600_000,
  },
});

const contextOf = ({ account, region }: Account, id: string): Context =>
  ({
    functionName: `posture-rule-${id}`,
    functionVersion: '$LATEST',
    memoryLimitInMB: '512',
    awsRequestId: '00000000-0000-0000-0000-000000000000',
    invokedFunctionArn: `arn:aws:lambda:${region}:${account}:function:posture-rule-${id}`,
    getRemainingTimeInMillis: () => 120_000,
  }) as unknown as Context;
