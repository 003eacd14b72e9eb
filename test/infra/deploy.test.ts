import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetRolePolicyCommand, IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { GetFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { loadRules } from '../../functions/catalogue/catalogue';
import { allIndexes } from '../../functions/log/indexes';
import { environment } from '../../functions/rule-function/environment';
import type { Synthesis } from '../../infra/synth';
import { type Account, assumeRole, functionCredentials } from '../emulator/account';
import { deployStacks } from '../emulator/deploy-stacks';
import { useEmulator } from '../emulator/use';
import { type DeployedResource, deployedResources } from './deployed-resources';
import { synthesized, temporaryFolder } from './synthesized';

const emulator = useEmulator();
const outdir = temporaryFolder('deploy');
const rules = loadRules().map(({ rule }) => rule.id);

/** What the emulator passes over in silence, with CREATE_COMPLETE; of event source mappings, see `deployStacks`. */
const passedOver = [
  'AWS::AppConfig::Application',
  'AWS::AppConfig::ConfigurationProfile',
  'AWS::AppConfig::Deployment',
  'AWS::AppConfig::DeploymentStrategy',
  'AWS::AppConfig::Environment',
  'AWS::AppConfig::ExtensionAssociation',
  'AWS::AppConfig::HostedConfigurationVersion',
  'AWS::Athena::NamedQuery',
  'AWS::Athena::WorkGroup',
  'AWS::CloudWatch::Alarm',
  'AWS::Glue::Database',
  'AWS::Glue::Table',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Url',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::ScheduleGroup',
];

let account: Account;
/** Two that the hub names, and one that it does not. */
let others: readonly Account[];
let synthesis: Synthesis;
let made: readonly DeployedResource[];
beforeAll(async () => {
  synthesis = await synthesized(outdir);
  account = await emulator.account();
  const stacks = ['PostureMember', 'Posture'];
  // The accounts are fresh, and their ids are not known before.
  others = [await emulator.account(), await emulator.account(), await emulator.account()];
  const listed = others.slice(0, 2).map((one) => one.account);
  await deployStacks(account, synthesis.assembly, stacks, { Accounts: listed.join() });
  made = (await Promise.all(stacks.map((stack) => deployedResources(account, stack)))).flat();
});

const counted = (types: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...new Set(types)].toSorted().map((type) => [type, types.filter((one) => one === type).length]));

describe('the roles in an account that is not that of the hub', () => {
  const region = 'eu-west-1';
  const assume = async (member: Account, as: string, role: string, name?: string) => {
    const arn = `arn:aws:iam::${account.account}:role/${as}`;
    const credentials = await (name
      ? functionCredentials(emulator.gateway, { role: arn, name })
      : assumeRole(emulator.gateway, arn, region));
    const sts = new STSClient({ ...account.configuration, credentials });
    const RoleArn = `arn:aws:iam::${member.account}:role/${role}`;
    return sts
      .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }))
      .then(
        () => 'assumed',
        (error: Error) => error.name,
      )
      .finally(() => sts.destroy());
  };

  it('are assumed by the functions of the hub that the parameter names, each by that of its own rule, in the accounts that the hub names', async () => {
    const [one = '', other = ''] = rules;
    const [named, unnamed, unlisted] = others as readonly [Account, Account, Account];
    await deployStacks(named, synthesis.assembly, ['PostureMember'], { CentralAccount: account.account });
    await deployStacks(unnamed, synthesis.assembly, ['PostureMember']);
    await deployStacks(unlisted, synthesis.assembly, ['PostureMember'], { CentralAccount: account.account });
    emulator.gateway.enforce({ on: true });
    try {
      const [role, name] = [`posture-function-${one}`, `posture-rule-${one}`];
      expect(await assume(named, role, `posture-${one}`, name)).toBe('assumed');
      expect(await assume(account, role, `posture-${one}`, name)).toBe('assumed');
      expect(await assume(named, `posture-function-${other}`, `posture-${one}`, `posture-rule-${other}`)).toBe('AccessDenied');
      expect(await assume(unnamed, role, `posture-${one}`, name)).toBe('AccessDenied');
      expect(await assume(unlisted, role, `posture-${one}`, name)).toBe('AccessDenied');
    } finally {
      emulator.gateway.enforce({ on: false });
    }
  });

  it('are not assumed with credentials of the function that somebody uses elsewhere, or in another function', async () => {
    const [one = '', other = ''] = rules;
    emulator.gateway.enforce({ on: true });
    try {
      expect(await assume(account, `posture-function-${one}`, `posture-${one}`)).toBe('AccessDenied');
      expect(await assume(account, `posture-function-${one}`, `posture-${one}`, `posture-rule-${other}`)).toBe('AccessDenied');
    } finally {
      emulator.gateway.enforce({ on: false });
    }
  });
});

describe('the control function', () => {
  const signedBy = (userArn: string) => ({
    version: '2.0',
    body: JSON.stringify({ order: 'stop', why: 'forged' }),
    requestContext: { http: { method: 'POST' }, authorizer: { iam: { userArn } } },
  });

  /** What comes of an invocation by a role of ours: in its function, or of a schedule. */
  const invoked = async (as: string, FunctionName: string, by: 'function' | 'schedule' = 'function') => {
    const role = `arn:aws:iam::${account.account}:role/${as}`;
    const name = as.replace(/^posture-function-(?!control|notify)/, 'posture-rule-').replace('-function-', '-');
    const credentials = await (by === 'schedule'
      ? assumeRole(emulator.gateway, role)
      : functionCredentials(emulator.gateway, { role, name }));
    const lambda = new LambdaClient({ ...account.configuration, credentials });
    const Payload = Buffer.from(JSON.stringify(signedBy(`arn:aws:iam::${account.account}:user/admin`)));
    return lambda
      .send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }))
      .then(
        () => 'invoked',
        (error: Error) => error.name,
      )
      .finally(() => lambda.destroy());
  };

  it('is reached with a forged signer by none of our roles: not by a schedule, an automation, a rule, nor itself', async () => {
    const [one = '', other = ''] = rules;
    const scheduling = [`posture-function-${one}`, 'posture-function-notify'];
    emulator.gateway.enforce({ on: true });
    try {
      const invoking = ['posture-function-control', 'posture-secretsmanager-secret-rotated-in-time'];
      const callers = [
        ...scheduling.map((role) => [role, 'schedule'] as const),
        ...['posture-automation', ...scheduling, ...invoking].map((role) => [role, 'function'] as const),
      ];
      for (const [role, by] of callers)
        for (const qualifier of ['', ':url', ':$LATEST', ':custom-actions', ':hourly']) {
          const end = await invoked(role, `posture-control${qualifier}`, by);
          expect([role, by, qualifier, end]).toEqual([role, by, qualifier, 'AccessDeniedException']);
        }
      expect(await invoked(`posture-function-${one}`, `posture-rule-${one}`, 'schedule')).toBe('invoked');
      expect(await invoked(`posture-function-${one}`, `posture-rule-${other}`, 'schedule')).toBe('AccessDeniedException');
      expect(await invoked('posture-automation', 'posture-control:automations')).toBe('invoked');
      expect(await invoked('posture-function-control', `posture-rule-${other}`)).toBe('invoked');
    } finally {
      emulator.gateway.enforce({ on: false });
    }
  });
});

describe('the templates, deployed', () => {
  it('make each of their resources, but for those of the types that the emulator passes over', () => {
    // The emulator is of the partition `aws`, and has a function URL instead. The sweep is off, and the archive has no auditors and no copy.
    const deployed = [...synthesis.templates].filter(([stack]) => !['Posture/httpapi', 'PostureWatch'].includes(stack));
    const wanted = deployed.flatMap(([, { Resources }]) =>
      Object.values(Resources).flatMap(({ Type, Condition }) =>
        ['HasHttpApi', 'Sweeps', 'HasAuditors', 'ReplicatesArchive', 'HasDashboard', 'Watches'].includes(Condition ?? '') ? [] : [Type],
      ),
    );
    // The policies in the roles are made as resources of their own: see `deployStacks`.
    const policies = wanted.filter((type) => type === 'AWS::IAM::Role').map(() => 'AWS::IAM::Policy');
    // It reads the queue of changes, and no stream.
    const taken = made.map(({ type }) => type).filter((type) => !passedOver.includes(type));
    expect(counted(taken)).toEqual(counted([...wanted.filter((type) => !passedOver.includes(type)), ...policies]));
    expect(passedOver.filter((type) => !wanted.includes(type))).toEqual([]);
  });

  it('make the tables under the names that the command line knows', async () => {
    const dynamo = account.client(DynamoDBClient);
    const { Table: log } = await dynamo.send(new DescribeTableCommand({ TableName: 'posture-log' }));
    expect(log).toMatchObject({ TableStatus: 'ACTIVE', DeletionProtectionEnabled: true });
    expect(log?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName).toSorted()).toEqual(
      allIndexes.map(({ name }) => name).toSorted(),
    );
    expect(await dynamo.send(new DescribeTableCommand({ TableName: 'posture-coordination' }))).toMatchObject({
      Table: { KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }] },
    });
  });

  it.each(rules)('make a function for %s, with a role, and an environment that the function can read', async (id) => {
    const { Configuration } = await account.client(LambdaClient).send(new GetFunctionCommand({ FunctionName: `posture-rule-${id}` }));
    const role = `arn:aws:iam::${account.account}:role/posture-function-${id}`;
    expect(Configuration).toMatchObject({ Role: role, Timeout: 120, Handler: 'index.handler' });
    expect(environment.parse(Configuration?.Environment?.Variables)).toMatchObject({
      LOG_TABLE: 'posture-log',
      ORDERS_TABLE: 'posture-orders',
      COORDINATION_TABLE: 'posture-coordination',
      CENTRAL_ACCOUNT: account.account,
      ACTOR: role,
      SCHEDULE_GROUP: 'posture',
      SCHEDULE_ROLE: role,
    });
  });

  it('make two roles a rule, and nothing in their policies is left to be filled in', async () => {
    const iam = account.client(IAMClient);
    const { Roles = [] } = await iam.send(new ListRolesCommand({ MaxItems: 1000 }));
    const names = Roles.map(({ RoleName = '' }) => RoleName).filter((name) => name.startsWith('posture-'));
    expect(names.toSorted()).toEqual(
      [
        'posture-automation',
        'posture-dispatch',
        'posture-function-control',
        'posture-function-dispatch',
        'posture-function-notify',
        'posture-function-reconcile',
        'posture-function-seal',
        'posture-function-sweep',
        'posture-function-watch',
        'posture-function-archive',
        'posture-policy-validator',
        'posture-reconcile',
        ...rules.flatMap((id) => [`posture-${id}`, `posture-function-${id}`]),
      ].toSorted(),
    );

    const id = rules[0] ?? '';
    const { PolicyDocument = '' } = await iam.send(
      new GetRolePolicyCommand({ RoleName: `posture-function-${id}`, PolicyName: 'function' }),
    );
    const policy = decodeURIComponent(PolicyDocument);
    expect(policy).toContain(`arn:aws:dynamodb:eu-west-1:${account.account}:table/posture-log`);
    expect(policy).toContain(`arn:aws:sqs:eu-west-1:${account.account}:posture-failed`);
    expect(policy).not.toMatch(/Fn::|"Ref"|\$\{/);
  });
});
