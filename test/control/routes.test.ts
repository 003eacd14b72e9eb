import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { loadRules } from '../../functions/catalogue/catalogue';
import { systemClock } from '../../functions/clock';
import type { HourlyReport } from '../../functions/control/hourly/hourly-check';
import { getRouteCheck } from '../../functions/coordination/route-check';
import { bundleOfCatalogue } from '../../infra/bundle/of-catalogue';
import { type Account, functionCredentials } from '../emulator/account';
import { deployStacks } from '../emulator/deploy-stacks';
import { type LambdaFunction, startLambda } from '../emulator/lambda';
import { useEmulator } from '../emulator/use';
import { synthesized, temporaryFolder } from '../infra/synthesized';

const emulator = useEmulator();
const outdir = temporaryFolder('routes');
// One with two routes among them: `-2` is checked, too.
const entries = loadRules().filter(({ service }) => ['s3', 'guardduty'].includes(service));

let account: Account;
let events: EventBridgeClient;
let control: LambdaFunction;
let linesBefore: number;

beforeAll(async () => {
  const synthesis = await synthesized(outdir, { entries });
  account = await emulator.account();
  events = account.client(EventBridgeClient);
  await deployStacks(account, synthesis.assembly, ['PostureMember', 'Posture']);
  const lambda = account.client(LambdaClient);
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'posture-control' }));
  // Of the rules on a bus that publishes outcomes, the emulator deploys no target: see `deployStacks`.
  const [arn, queue] = [`arn:aws:lambda:${account.region}:${account.account}`, `arn:aws:sqs:${account.region}:${account.account}`];
  const target = { Id: 'function', Arn: `${arn}:function:posture-notify`, DeadLetterConfig: { Arn: `${queue}:posture-undelivered` } };
  await events.send(new PutTargetsCommand({ Rule: 'posture-notify', EventBusName: 'posture', Targets: [target] }));
  const { control: bundled } = await bundleOfCatalogue(entries, path.join(outdir, 'bundles'));
  const { account: id, region } = account;
  const role = { role: `arn:aws:iam::${id}:role/posture-function-control`, name: 'posture-control' };
  control = startLambda({
    ...{ name: 'posture-control', alias: 'hourly', account: id, region, code: bundled.folder, handler: 'index.handler' },
    credentials: await functionCredentials(emulator.gateway, role),
    endpoint: emulator.gateway.url,
    timeoutSeconds: 60,
    environment: Environment?.Variables ?? {},
  });
});
beforeEach(() => {
  linesBefore = control?.logs.length ?? 0;
});
afterAll(() => control?.stop());

const check = async () => {
  // By its own role alone.
  emulator.gateway.enforce({ on: true });
  const answer = await control
    .invoke({ source: 'aws.events', 'detail-type': 'Scheduled Event' })
    .finally(() => emulator.gateway.enforce({ on: false }));
  if (!('result' in answer)) throw new Error(JSON.stringify(answer));
  return (answer.result as HourlyReport).altered;
};
const counted = (name: string) =>
  control.logs.slice(linesBefore).flatMap((line) => {
    if (!line.startsWith('{"_aws"')) return [];
    const metrics = JSON.parse(line) as Record<string, unknown>;
    return name in metrics ? [metrics[name]] : [];
  });

const route = 'posture-rule-s3-bucket-versioning-enabled';

async function asItIs(Name: string, EventBusName?: string) {
  const { Rules = [] } = await events.send(new ListRulesCommand({ NamePrefix: Name, EventBusName }));
  const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: Name, EventBusName }));
  const found = Rules.find((one) => one.Name === Name);
  if (!found) throw new Error(`There is no route ${Name}.`);
  const { EventPattern, ScheduleExpression, State, Description } = found;
  const rule = { Name, EventBusName, EventPattern, ScheduleExpression, State, Description };
  return {
    ...{ rule, Targets },
    async restore() {
      await events.send(new PutRuleCommand(rule));
      await events.send(new PutTargetsCommand({ Rule: Name, EventBusName, Targets }));
    },
  };
}

const own = [
  ...['archive', 'control', 'control-hourly', 'control-policy-deployed', 'control-policy-minutely', 'dispatch', 'notify', 'reconcile'],
  ...['seal', 'sweep', 'watch'],
].map((name) => `posture-${name}`);

const buses: Readonly<Record<string, string>> = { 'posture-notify': 'posture', 'posture-watch': 'posture-changes' };

describe('the check of the routes', () => {
  it('finds all routes that the templates deployed as they were deployed, those on other buses and those that are off among them', async () => {
    expect(await check()).toEqual([]);
    const found = await getRouteCheck(account.client(DynamoDBClient), 'posture-coordination', systemClock);
    expect(found).toMatchObject({ altered: 0, problems: [] });
    expect(counted('RoutesChecked')).toEqual([found?.checked]);
    expect(counted('RoutesAltered')).toEqual([]);
    const byRule = found ? found.checked - own.length : 0;
    expect(byRule).toBeGreaterThanOrEqual(entries.length);
  });

  it.each(own.map((name) => [name, buses[name]] as const))('misses %s when it is deleted', async (name, bus) => {
    const { Targets, restore } = await asItIs(name, bus);
    const Ids = Targets.map(({ Id = '' }) => Id);
    await events.send(new RemoveTargetsCommand({ Rule: name, EventBusName: bus, Ids }));
    await events.send(new DeleteRuleCommand({ Name: name, EventBusName: bus }));
    expect(await check()).toEqual([{ route: name, problem: 'does not exist' }]);
    await restore();
    expect(await check()).toEqual([]);
  });

  it('says that a route was disabled, in the metric and in the item for posture status', async () => {
    await events.send(new DisableRuleCommand({ Name: route }));
    const problem = { route, problem: 'is disabled, and was deployed enabled' };
    expect(await check()).toEqual([problem]);
    expect(counted('RoutesAltered')).toEqual([1]);
    const found = await getRouteCheck(account.client(DynamoDBClient), 'posture-coordination', systemClock);
    expect(found).toMatchObject({ altered: 1, problems: [problem] });
    await events.send(new EnableRuleCommand({ Name: route }));
    expect(await check()).toEqual([]);
  });

  it('says that a route which was deployed off was switched on', async () => {
    await events.send(new EnableRuleCommand({ Name: 'posture-watch', EventBusName: 'posture-changes' }));
    expect(await check()).toEqual([{ route: 'posture-watch', problem: 'is enabled, and was deployed disabled' }]);
    await events.send(new DisableRuleCommand({ Name: 'posture-watch', EventBusName: 'posture-changes' }));
  });

  it.each([
    ['another pattern', (pattern: object) => ({ ...pattern, account: ['000000000000'] })],
    ['no pattern for one source', (pattern: { readonly source: readonly string[] }) => ({ ...pattern, source: pattern.source.slice(1) })],
  ])('says that a route was given %s', async (_, alter) => {
    const { rule, restore } = await asItIs(route);
    const pattern = alter(JSON.parse(rule.EventPattern ?? '') as { readonly source: readonly string[] });
    await events.send(new PutRuleCommand({ ...rule, EventPattern: JSON.stringify(pattern) }));
    expect(await check()).toEqual([{ route, problem: 'matches other events, or at other times, than it was deployed for' }]);
    await restore();
    expect(await check()).toEqual([]);
  });

  it('takes the same pattern in other words for the same', async () => {
    const { rule, restore } = await asItIs(route);
    const reordered = Object.fromEntries(Object.entries(JSON.parse(rule.EventPattern ?? '') as object).reverse());
    await events.send(new PutRuleCommand({ ...rule, EventPattern: JSON.stringify(reordered, null, 2) }));
    expect(await check()).toEqual([]);
    await restore();
  });

  it('says that a schedule was slowed down', async () => {
    const { rule, restore } = await asItIs('posture-seal');
    await events.send(new PutRuleCommand({ ...rule, ScheduleExpression: 'rate(30 days)' }));
    expect(await check()).toEqual([
      { route: 'posture-seal', problem: 'matches other events, or at other times, than it was deployed for' },
    ]);
    await restore();
  });

  const elsewhere = 'arn:aws:lambda:eu-west-1:999999999999:function:posture-rule-s3-bucket-versioning-enabled';
  it.each([
    ['has no target', {}, 'does not have the target that it was deployed with'],
    ['delivers to a function of another account', { Arn: elsewhere }, 'does not have the target that it was deployed with'],
    ['delivers a constant', { Input: '{}' }, 'gives its target something else than the event'],
    ['delivers a part', { InputPath: '$.detail' }, 'gives its target something else than the event'],
    ['has no dead-letter queue', { DeadLetterConfig: undefined }, 'does not keep what could not be delivered'],
  ])('says that a route %s', async (sort, change, problem) => {
    const { Targets, restore } = await asItIs(route);
    const [target] = Targets;
    const Ids = Targets.map(({ Id = '' }) => Id);
    await events.send(new RemoveTargetsCommand({ Rule: route, Ids }));
    if (sort !== 'has no target' && target) await events.send(new PutTargetsCommand({ Rule: route, Targets: [{ ...target, ...change }] }));
    expect(await check()).toEqual([{ route, problem }]);
    await restore();
    expect(await check()).toEqual([]);
  });

  it('fails, so that it is delivered again and an alarm follows, if EventBridge refuses to answer', async () => {
    emulator.gateway.fail({ service: 'events', operation: 'ListTargetsByRule', account: account.account, as: 'access-denied' });
    await expect(check()).rejects.toThrow();
    expect(counted('RoutesChecked')).toEqual([]);
    expect(await check()).toEqual([]);
  });
});
