import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { mayWrite } from '../../../rules/ecs/task-definition/execution-role';
import { taskDefinition } from '../../../rules/ecs/task-definition/resource';
import rule from '../../../rules/ecs/task-definition-containers-logged';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { standIn } from '../../contract/stand-in';
import { container, newRevision, newService, revision, runBy, standInForDeployments } from './task-definition/seed';

standInForDeployments();

// moto simulates no policies.
standIn(IAMClient, async (command, send) => {
  if (!(command instanceof SimulatePrincipalPolicyCommand)) return send(command);
  const EvalDecision = command.input.PolicySourceArn?.endsWith('role/writer') ? 'allowed' : 'implicitDeny';
  return { EvaluationResults: (command.input.ActionNames ?? []).map((EvalActionName) => ({ EvalActionName, EvalDecision })) };
});

const fargate = ({ account }: World, role: 'writer' | 'reader') => ({
  requiresCompatibilities: ['FARGATE' as const],
  networkMode: 'awsvpc' as const,
  cpu: '256',
  memory: '512',
  executionRoleArn: `arn:aws:iam::${account}:role/${role}`,
});
const theirs = { logConfiguration: { logDriver: 'splunk' as const, options: { 'splunk-url': 'https://logs.example.com' } } };
const ours = {
  logDriver: 'awslogs',
  options: { 'awslogs-group': '/posture/ecs/web', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ecs' },
};

describeRule(rule, {
  clients: [CloudWatchLogsClient],
  violations: {
    'a revision on Fargate without logs': {
      async seed(world) {
        const arn = await newRevision(world, [container('web'), container('agent', theirs)], fargate(world, 'writer'));
        await newService(world, 'shop', arn);
        return arn;
      },
      async fixed(world) {
        expect(await revision(world, 'web:2')).toMatchObject({
          containerDefinitions: [
            { name: 'web', logConfiguration: ours },
            { name: 'agent', ...theirs },
          ],
        });
        expect(await runBy(world, 'shop')).toBe('web:2');
        expect(await logGroupOf(world)).toMatchObject({ retentionInDays: 365, tags: { 'posture:rule': rule.id } });
      },
      rolledBack: async (world) => expect(await logGroupOf(world)).toBeUndefined(),
    },
    'a revision of which somebody has made the next one before the rollback': {
      seed: (world) => newRevision(world, [container('web')], fargate(world, 'writer')),
      async meanwhile(world) {
        const { containerDefinitions = [] } = await revision(world, 'web:2');
        await newRevision(world, containerDefinitions, fargate(world, 'writer'));
      },
      rolledBack: async (world) => expect(await logGroupOf(world)).toMatchObject({ retentionInDays: 365 }),
      rollback: 'rolled-back',
    },
    'a revision on EC2 whose instances may write': {
      seed: (world) => newRevision(world, [container('web')]),
      parameters: { instancesMayWrite: true, retentionDays: 30 },
      fixed: async (world) => expect(await logGroupOf(world)).toMatchObject({ retentionInDays: 30 }),
    },
    'a revision of whose family the log group was half made before': {
      async seed(world) {
        await world.send(new CreateLogGroupCommand({ logGroupName: '/posture/ecs/web', tags: { 'posture:rule': rule.id } }));
        return newRevision(world, [container('web')], fargate(world, 'writer'));
      },
      fixed: async (world) => expect(await logGroupOf(world)).toMatchObject({ retentionInDays: 365 }),
      async rolledBack(world) {
        const group = await logGroupOf(world);
        expect(group).toBeDefined();
        expect(group?.retentionInDays).toBeUndefined();
      },
    },
  },
  compliant: { 'a revision whose containers log elsewhere': { seed: (world) => newRevision(world, [container('web', theirs)]) } },
  obstacles: {
    'a role that may not write': {
      seed: (world) => newRevision(world, [container('web')], fargate(world, 'reader')),
      outcome: 'unfixable',
      reason: /role\/reader is not allowed to write to the log group \/posture\/ecs\/web/,
    },
    'no role': {
      seed: (world) => newRevision(world, [container('web')], { ...fargate(world, 'writer'), executionRoleArn: undefined }),
      outcome: 'unfixable',
      reason: /no execution role/,
    },
    'instances of which nobody has said that they may write': {
      seed: (world) => newRevision(world, [container('web')]),
      outcome: 'unfixable',
      reason: /set instancesMayWrite/,
    },
    'a revision for Fargate that runs on instances, too, of which nobody has said that they may write': {
      seed: (world) => newRevision(world, [container('web')], { ...fargate(world, 'writer'), requiresCompatibilities: ['FARGATE', 'EC2'] }),
      outcome: 'unfixable',
      reason: /set instancesMayWrite/,
    },
    "a log group of somebody else's with the name of ours": {
      async seed(world) {
        await world.send(new CreateLogGroupCommand({ logGroupName: '/posture/ecs/web' }));
        return newRevision(world, [container('web')], fargate(world, 'writer'));
      },
      outcome: 'unfixable',
      reason: /exists with a different configuration/,
    },
  },
  missing: 'arn:aws:ecs:{region}:{account}:task-definition/web:1',
});

const arn = 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:1';
const resource = { partition: 'aws', account: '111122223333', region: 'eu-west-1', type: taskDefinition.type, id: '1', arn };
const found = {
  misconfiguration: { containers: ['web'], fargate: true, instances: false, writer: 'arn:role' },
  latest: arn,
  ours: false,
  around: { group: 'absent' as const, allowed: true },
  services: [],
  leaving: [],
  moved: [],
};

it('takes back the log group where nothing more was done, and it is there', () => {
  const now = { ...found, around: { group: { retention: 365 }, allowed: true } };
  const context = { before: found, after: now, parameters: { retentionDays: 365 as const, instancesMayWrite: false } };
  const commands = rule.revertOwnPart?.(resource, now, context) ?? [];
  expect(commands.map(({ constructor: { name } }) => name)).toEqual(['DeleteRetentionPolicyCommand', 'DeleteLogGroupCommand']);
  expect(rule.revertOwnPart?.(resource, found, context)).toEqual([]);
});

it('makes the log group first', () => {
  const plan = rule.plan(resource, found, {
    parameters: { retentionDays: 7, instancesMayWrite: false },
    detectedBy: 'ECS.9',
    now: new Date(0),
  });
  expect(plan).toMatchObject([
    { do: { input: { logGroupName: '/posture/ecs/web', tags: { 'posture:rule': rule.id } } } },
    { do: { input: { retentionInDays: 7 } } },
    { do: { input: { family: 'web', containers: { web: { set: { logConfiguration: ours } } } } } },
  ]);
});

it.each([
  ['both are allowed', ['allowed', 'allowed'], true],
  ['one is denied', ['allowed', 'explicitDeny'], false],
  ['nothing is said', [], false],
])('takes a role for one that may write where %s', async (_, decisions, may) => {
  const answer = { EvaluationResults: decisions.map((EvalDecision) => ({ EvalDecision })) };
  expect(await mayWrite('arn:role', 'arn:group', { send: async () => answer as never })).toBe(may);
});

it('asks about a log as ECS names it', async () => {
  const send = jest.fn(async () => ({}) as never);
  await mayWrite('arn:role', 'arn:group', { send });
  expect(send).toHaveBeenCalledWith(
    expect.objectContaining({ input: expect.objectContaining({ ResourceArns: ['arn:group:log-stream:ecs/container/task'] }) }),
  );
});

it('knows that a role that is not there writes nothing', async () => {
  const send = () => Promise.reject(Object.assign(new Error(), { name: 'NoSuchEntityException' }));
  expect(await mayWrite('arn:role', 'arn:group', { send })).toBe(false);
});

async function logGroupOf(world: World) {
  const { logGroups: [group] = [] } = await world.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/posture/ecs/web' }));
  if (!group) return undefined;
  const resourceArn = `arn:aws:logs:${world.region}:${world.account}:log-group:/posture/ecs/web`;
  const { tags } = await world.send(new ListTagsForResourceCommand({ resourceArn }));
  return { ...group, tags };
}
