import { deepStrictEqual as equal, match, ok } from 'node:assert';
import path from 'node:path';
import { AppConfigClient, ListApplicationsCommand, UpdateApplicationCommand } from '@aws-sdk/client-appconfig';
import { DescribeTableCommand, DynamoDBClient, GetResourcePolicyCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetBucketVersioningCommand } from '@aws-sdk/client-s3';
import { loadRules } from '../../functions/catalogue/catalogue';
import { eachOf } from '../../functions/cli/concurrency';
import { names } from '../../infra/names';
import type { Rule } from '../../rules/rule';
import type { World } from '../contract/scenario';
import '../emulator/localhost.cjs';
import { isolate } from '../demo/isolate';
import { ownersWorld } from '../demo/world';
import type { ReportedResource } from '../events/resources';
import { type Cdk, cdkAt, synthesizeApp } from './cdk';
import { type Checks, newChecks } from './checks';
import { commandLine, jsonOf, type Posture } from './command-line';
import { outcomes, type Recorded, type Reported, recorded, report } from './findings';
import { leftOver } from './left-over';
import { type Fault, type Ministack, startMinistack } from './ministack/start';
import { documentedPermissions, newUser } from './operator';
import { environmentOf, owner, place } from './place';
import { added, becomeSecondVersion } from './second-version';
import { twentyRules } from './twenty-rules';

const folder = path.resolve(__dirname, '../../build/deployed');
const assembly = path.join(folder, 'cdk.out');

interface Stage {
  readonly checks: Checks;
  readonly faults: readonly Fault[];
  readonly cdk: Cdk;
  readonly world: World;
  readonly rules: readonly Rule[];
  readonly events: EventBridgeClient;
  readonly dynamo: DynamoDBClient;
  readonly posture: Posture;
}

async function main(): Promise<void> {
  isolate();
  const started = Date.now();
  const checks = newChecks((line) => console.log(line));
  const progress = (line: string) => console.log(`      ${line}`);
  let emulator: Ministack | undefined;
  try {
    console.log('The app, deployed to an emulator of AWS that others wrote (ministack), with IAM enforced');
    const synthesized = synthesizeApp(assembly);
    synthesized.catch(() => undefined);
    emulator = await checks.step('start the emulator on loopback', () =>
      startMinistack({ ...place, folder: path.join(folder, 'emulator'), progress }),
    );
    console.log(`      mended, in its process alone: ${emulator.mended.map(({ name }) => name).join(', ')}`);
    Object.assign(process.env, environmentOf(emulator.url, owner));
    const { url } = emulator;
    const cdk = cdkAt(url);
    await checks.step('cdk bootstrap', () => cdk.bootstrap());
    await checks.step('cdk synth', () => synthesized);
    await checks.step('cdk deploy --all', () => cdk.deploy(assembly));
    const onCall = await newUser(new IAMClient({}), 'on-call', documentedPermissions());
    const rules = loadRules().map(({ rule }) => rule);
    const world = ownersWorld({ ...place, credentials: owner } as never, rules);
    await tellStory({
      checks,
      faults: emulator.mended,
      cdk,
      world,
      rules,
      events: new EventBridgeClient({}),
      dynamo: new DynamoDBClient({}),
      posture: commandLine(url, onCall),
    });
  } catch (error) {
    console.log(`  ✗ ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  } finally {
    await emulator?.stop();
  }
  if (checks.failed > 0) process.exitCode = 1;
  console.log(`deployed: ${checks.passed} passed, ${checks.failed} failed in ${Math.round((Date.now() - started) / 1000)} s`);
}

async function tellStory(stage: Stage): Promise<void> {
  await fixTwenty(stage);
  await obeyPeople(stage);
  await stopAndResume(stage);
  await becomeNext(stage);
  await endAndReturn(stage);
}

/** Twenty findings on the bus, and nothing else, change twenty resources. */
async function fixTwenty({ checks, faults, world, rules, events, dynamo, posture }: Stage): Promise<void> {
  console.log('Twenty findings on the default event bus');
  await checks.check('they are of twenty rules over ten services, at most five of which need a call of the emulator mended', async () => {
    const ids = twentyRules.map(({ control }) => ruleFor(rules, control).id);
    equal(new Set(ids).size, 20);
    ok(new Set(ids.map((id) => id.split('-')[0])).size >= 10);
    const mended = ids.filter((id) => faults.some((fault) => fault.rules.includes(id)));
    ok(mended.length <= 5, mended.join(', '));
  });
  const cases = await checks.step('make twenty resources that violate twenty rules', () =>
    eachOf(twentyRules, 4, async ({ control, resource }) => ({ control, reported: await resource(world) })),
  );
  const ends = await checks.step('report them, and wait for the deployed functions', async () => {
    await report(events, cases);
    return outcomes(
      dynamo,
      cases.map(({ reported }) => reported.arn),
    );
  });
  for (const { control, reported } of cases) {
    const rule = ruleFor(rules, control);
    await checks.check(`${control} ${rule.id}`, async () => {
      const { outcome, reason } = ends.get(reported.arn) ?? {};
      equal({ outcome, reason: outcome === 'fixed' ? '' : reason }, { outcome: 'fixed', reason: '' });
    });
  }
  await checks.check('posture log lists them as fixed', async () => {
    const listed = await jsonOf<{ readonly entries: readonly Recorded[] }>(posture, 'log', '--outcome', 'fixed');
    equal(new Set(listed.entries.map(({ resource }) => resource)), new Set(cases.map(({ reported }) => reported.arn)));
  });
}

function ruleFor(rules: readonly Rule[], control: string): Rule {
  const rule = rules.find(({ detectedBy }) => detectedBy.securityHub.includes(control));
  if (!rule) throw new Error(`No rule fixes ${control}.`);
  return rule;
}

async function bucketWithoutVersions(
  world: World,
  name: string,
): Promise<Reported & { readonly versioning: () => Promise<string | undefined> }> {
  await world.send(new CreateBucketCommand({ Bucket: name }));
  const reported: ReportedResource = { type: 'AWS::S3::Bucket', arn: `arn:${world.partition}:s3:::${name}`, configId: name };
  return {
    control: 'S3.14',
    reported,
    versioning: async () => (await world.send(new GetBucketVersioningCommand({ Bucket: name }))).Status,
  };
}

/** An approval, and a rollback, as an operator types them. */
async function obeyPeople({ checks, world, events, dynamo, posture }: Stage): Promise<void> {
  console.log('An operator, with the permissions of the documentation');
  const asked = await bucketWithoutVersions(world, 'asks-first-invoices');
  const arn = asked.reported.arn;
  await report(events, [asked]);
  await outcomes(dynamo, [arn]);
  let remediation = '';
  let plan = '';
  await checks.check('posture approvals lists the plan, and nothing is changed', async () => {
    const [waiting] = await jsonOf<readonly (Recorded & { readonly plan?: string })[]>(posture, 'approvals');
    equal(waiting?.resource, arn);
    equal(await asked.versioning(), undefined);
    remediation = waiting?.remediation ?? '';
    plan = waiting?.plan ?? '';
  });
  await checks.check('posture approve has it fixed', async () => {
    const since = new Date().toISOString();
    ok(plan !== '', 'posture approvals tells no plan');
    const { code, stdout, stderr } = await posture('approve', remediation, '--plan', plan);
    equal(code, 0, stderr || stdout);
    const end = (await outcomes(dynamo, [arn], { since })).get(arn);
    equal(end?.outcome, 'fixed', end?.reason);
    equal(await asked.versioning(), 'Enabled');
  });
  await checks.check('posture log --remediation shows the whole trail', async () => {
    const { stdout } = await posture('log', '--remediation', remediation);
    for (const part of ['approv', 'on-call', 'PutBucketVersioning']) match(stdout, new RegExp(part));
  });
  await checks.check('posture rollback --deployed takes it back', async () => {
    const { code, stdout, stderr } = await posture('rollback', remediation, '--deployed', '--yes', '--why', 'Too expensive.');
    equal(code, 0, stderr || stdout);
    const since = new Date(Date.now() - 60_000).toISOString();
    await outcomes(dynamo, [arn], { since });
    equal(await asked.versioning(), 'Suspended');
  });
  await checks.check('a user with the same permissions who is no approver is refused', async () => {
    const other = commandLine(process.env.AWS_ENDPOINT_URL ?? '', await newUser(new IAMClient({}), 'intern', documentedPermissions()));
    const { code, stderr } = await other('resume', '--why', 'I would like to.');
    equal(code, 1);
    match(stderr, /refused \(forbidden\)/);
  });
}

/** Nothing is changed while all is stopped. */
async function stopAndResume({ checks, world, events, dynamo, posture }: Stage): Promise<void> {
  console.log('Stop and resume');
  const bucket = await bucketWithoutVersions(world, 'while-stopped');
  const { arn } = bucket.reported;
  await checks.check('posture stop: a finding changes nothing, and the log says why', async () => {
    const { code, stdout, stderr } = await posture('stop', '--why', 'An incident.');
    equal(code, 0, stderr || stdout);
    await report(events, [bucket]);
    const end = (await outcomes(dynamo, [arn])).get(arn);
    ok(end?.outcome !== undefined && end.outcome !== 'fixed', `${end?.outcome}: ${end?.reason}`);
    match(end?.reason ?? '', /stopped/i);
    equal(await bucket.versioning(), undefined);
  });
  await checks.check('posture resume: the next report of it is fixed', async () => {
    const { code, stdout, stderr } = await posture('resume', '--why', 'The incident is over.');
    equal(code, 0, stderr || stdout);
    const since = new Date().toISOString();
    await report(events, [bucket]);
    const end = (await outcomes(dynamo, [arn], { since })).get(arn);
    equal(end?.outcome, 'fixed', end?.reason);
    equal(await bucket.versioning(), 'Enabled');
  });
}

/** A second version deploys over the first, and keeps what is in the log. */
async function becomeNext({ checks, cdk, dynamo }: Stage): Promise<void> {
  console.log('The next version');
  const before = await recorded(dynamo);
  becomeSecondVersion(assembly);
  await checks.step('cdk deploy --all: an index and a statement more on the table of the log', () => cdk.deploy(assembly));
  await checks.check('the table has both, and every event that it had', async () => {
    const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: names.log }));
    ok(
      Table?.GlobalSecondaryIndexes?.some(({ IndexName }) => IndexName === added.index),
      'no index',
    );
    const { Policy = '' } = await dynamo.send(new GetResourcePolicyCommand({ ResourceArn: Table?.TableArn }));
    match(Policy, new RegExp(added.sid));
    equal(await recorded(dynamo), before);
  });
}

/** What remains of it, and that a stop is among that. */
async function endAndReturn({ checks, cdk, world, events, dynamo, posture }: Stage): Promise<void> {
  console.log('Destroyed, and deployed again');
  const { code, stderr } = await posture('stop', '--why', 'We leave.');
  equal(code, 0, stderr);
  const before = await recorded(dynamo);
  await checks.step('cdk destroy --all', () => cdk.destroy(assembly));
  await checks.check('what remains is what the documentation says', async () => {
    equal(await leftOver(), { tables: [names.log], applications: [names.policy] });
    equal(await recorded(dynamo), before);
  });
  await checks.step('cdk deploy --all --import-existing-resources, after the application of AppConfig is renamed', async () => {
    await renameApplication();
    await cdk.deploy(assembly, ['--import-existing-resources']);
  });
  if (!('orders' in names)) return;
  await checks.check('the stop still holds', async () => {
    const bucket = await bucketWithoutVersions(world, 'after-the-return');
    const since = new Date().toISOString();
    await report(events, [bucket]);
    const end = (await outcomes(dynamo, [bucket.reported.arn], { since })).get(bucket.reported.arn);
    match(end?.reason ?? '', /stopped/i);
    equal(await bucket.versioning(), undefined);
  });
}

async function renameApplication(): Promise<void> {
  const appConfig = new AppConfigClient({});
  const { Items = [] } = await appConfig.send(new ListApplicationsCommand({}));
  const ApplicationId = Items.find(({ Name }) => Name === names.policy)?.Id;
  await appConfig.send(new UpdateApplicationCommand({ ApplicationId, Name: `${names.policy}-old` }));
}

void main();
