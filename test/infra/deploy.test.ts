import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetRolePolicyCommand, IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { loadRules } from '../../functions/catalogue/catalogue';
import { allIndexes } from '../../functions/log/indexes';
import { environment } from '../../functions/rule-function/environment';
import type { Synthesis } from '../../infra/synth';
import { type Account, assumeRole } from '../emulator/account';
import { deployStacks } from '../emulator/deploy-stacks';
import { useEmulator } from '../emulator/use';
import { type DeployedResource, deployedResources } from './deployed-resources';
import { synthesized, temporaryFolder } from './synthesized';

const emulator = useEmulator();
const outdir = temporaryFolder('deploy');
const rules = loadRules().map(({ rule }) => rule.id);

/** What the emulator passes over in silence, with CREATE_COMPLETE. */
const passedOver = [
  'AWS::AppConfig::Application',
  'AWS::AppConfig::ConfigurationProfile',
  'AWS::AppConfig::Deployment',
  'AWS::AppConfig::DeploymentStrategy',
  'AWS::AppConfig::Environment',
  'AWS::AppConfig::HostedConfigurationVersion',
  'AWS::CloudWatch::Alarm',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Url',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::ScheduleGroup',
];

let account: Account;
let synthesis: Synthesis;
let made: readonly DeployedResource[];
beforeAll(async () => {
  synthesis = await synthesized(outdir);
  account = await emulator.account();
  const stacks = ['PostureMember', 'Posture'];
  await deployStacks(account, synthesis.assembly, stacks);
  made = (await Promise.all(stacks.map((stack) => deployedResources(account, stack)))).flat();
});

const counted = (types: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...new Set(types)].toSorted().map((type) => [type, types.filter((one) => one === type).length]));

describe('the roles in an account that is not that of the hub', () => {
  const assume = async (member: Account, as: string, role: string) => {
    const credentials = await assumeRole(emulator.gateway, `arn:aws:iam::${account.account}:role/${as}`);
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

  it('are assumed by the functions of the hub that the parameter names, each by that of its own rule', async () => {
    const [one = '', other = ''] = rules;
    const [named, unnamed] = [await emulator.account(), await emulator.account()];
    await deployStacks(named, synthesis.assembly, ['PostureMember'], { CentralAccount: account.account });
    await deployStacks(unnamed, synthesis.assembly, ['PostureMember']);
    emulator.gateway.enforce({ on: true });
    try {
      expect(await assume(named, `posture-function-${one}`, `posture-${one}`)).toBe('assumed');
      expect(await assume(named, `posture-function-${other}`, `posture-${one}`)).toBe('AccessDenied');
      expect(await assume(unnamed, `posture-function-${one}`, `posture-${one}`)).toBe('AccessDenied');
      expect(await assume(account, `posture-function-${one}`, `posture-${one}`)).toBe('assumed');
    } finally {
      emulator.gateway.enforce({ on: false });
    }
  });
});

describe('the templates, deployed', () => {
  it('make each of their resources, but for those of the types that the emulator passes over', () => {
    // The emulator is of the partition `aws`, and has a function URL instead.
    const deployed = [...synthesis.templates].filter(([stack]) => stack !== 'Posture/httpapi');
    const wanted = deployed.flatMap(([, { Resources }]) =>
      Object.values(Resources).flatMap(({ Type, Condition }) => (Condition === 'HasHttpApi' ? [] : [Type])),
    );
    // The policies in the roles are made as resources of their own: see `deployStacks`.
    const policies = wanted.filter((type) => type === 'AWS::IAM::Role').map(() => 'AWS::IAM::Policy');
    expect(counted(made.map(({ type }) => type))).toEqual(counted([...wanted.filter((type) => !passedOver.includes(type)), ...policies]));
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
    const { Configuration } = await account.client(LambdaClient).send(new GetFunctionCommand({ FunctionName: `posture-${id}` }));
    const role = `arn:aws:iam::${account.account}:role/posture-function-${id}`;
    expect(Configuration).toMatchObject({ Role: role, Timeout: 120, Handler: 'index.handler' });
    expect(environment.parse(Configuration?.Environment?.Variables)).toMatchObject({
      LOG_TABLE: 'posture-log',
      COORDINATION_TABLE: 'posture-coordination',
      CENTRAL_ACCOUNT: account.account,
      ACTOR: role,
      SCHEDULE_GROUP: 'posture',
      SCHEDULE_ROLE: `arn:aws:iam::${account.account}:role/posture-schedule-${id}`,
    });
  });

  it('make three roles a rule, and nothing in their policies is left to be filled in', async () => {
    const iam = account.client(IAMClient);
    const { Roles = [] } = await iam.send(new ListRolesCommand({ MaxItems: 1000 }));
    const names = Roles.map(({ RoleName = '' }) => RoleName).filter((name) => name.startsWith('posture-'));
    expect(names.toSorted()).toEqual(
      [
        'posture-automation',
        'posture-function-control',
        'posture-function-notify',
        'posture-policy-validator',
        'posture-schedule-notify',
        ...rules.flatMap((id) => [`posture-${id}`, `posture-function-${id}`, `posture-schedule-${id}`]),
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
