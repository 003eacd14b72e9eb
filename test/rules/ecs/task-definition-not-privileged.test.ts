import { DeregisterTaskDefinitionCommand, RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { listLatest } from '../../../rules/ecs/task-definition/list';
import { familyOf, taskDefinition } from '../../../rules/ecs/task-definition/resource';
import { ReviseTaskDefinitionCommand } from '../../../rules/ecs/task-definition/revise';
import { readUse } from '../../../rules/ecs/task-definition/use';
import rule from '../../../rules/ecs/task-definition-not-privileged';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { container, newRevision, newService, revision, runBy, standInForDeployments } from './task-definition/seed';

standInForDeployments();

const noncompliant = [container('agent', { privileged: true }), container('web', { privileged: false })];
const sound = [container('agent')];

describeRule(rule, {
  violations: {
    'a revision with a privileged container, which services of two clusters run': {
      seed: seedWithServices,
      async fixed(world) {
        expect(await Promise.all(['shop', 'stock', 'other'].map((cluster) => runBy(world, cluster)))).toEqual([
          'web:2',
          'web:2',
          'other:1',
        ]);
        expect(await revision(world, 'web:2')).toMatchObject({
          status: 'ACTIVE',
          containerDefinitions: [
            { name: 'agent', privileged: false, environment: [{ name: 'STAGE', value: 'only-for-tests' }] },
            { name: 'web', privileged: false },
          ],
          networkMode: 'host',
          volumes: [{ name: 'data' }],
          taskRoleArn: `arn:aws:iam::${world.account}:role/task`,
          tags: [
            { key: 'team', value: 'red' },
            { key: 'posture:rule', value: rule.id },
            { key: 'posture:copy-of', value: '1' },
          ],
        });
        expect(await revision(world, 'web:1')).toMatchObject({ status: 'ACTIVE' });
      },
      async rolledBack(world) {
        expect(await Promise.all(['shop', 'stock', 'other'].map((cluster) => runBy(world, cluster)))).toEqual([
          'web:1',
          'web:1',
          'other:1',
        ]);
        expect(await revision(world, 'web:2')).toMatchObject({ status: 'INACTIVE' });
      },
    },
    'a revision that no service runs': {
      seed: (world) => newRevision(world, noncompliant),
      fixed: async (world) => expect(await revision(world, 'web:2')).toMatchObject({ status: 'ACTIVE' }),
    },
    'a revision of whose copy somebody makes the next one, tags and all, and deploys it before the rollback': {
      seed: seedWithServices,
      async meanwhile(world) {
        const { tags = [], containerDefinitions = [] } = await revision(world, 'web:2');
        const taskDefinition = await newRevision(world, containerDefinitions, { tags });
        await world.send(new UpdateServiceCommand({ cluster: 'stock', service: 'web', taskDefinition }));
      },
      async rolledBack(world) {
        expect(await Promise.all(['shop', 'stock'].map((cluster) => runBy(world, cluster)))).toEqual(['web:2', 'web:3']);
        expect(await revision(world, 'web:3')).toMatchObject({ status: 'ACTIVE' });
      },
      rollback: 'rolled-back',
    },
    'a revision to whose copy somebody points another service before the rollback': {
      seed: seedWithServices,
      meanwhile: (world) => newService(world, 'new', 'web:2'),
      async rolledBack(world) {
        expect(await Promise.all(['shop', 'stock', 'new'].map((cluster) => runBy(world, cluster)))).toEqual(['web:1', 'web:1', 'web:2']);
        expect(await revision(world, 'web:2')).toMatchObject({ status: 'ACTIVE' });
      },
      rollback: 'rolled-back',
    },
    'a revision whose service somebody deploys anew before the rollback': {
      seed: seedWithServices,
      async meanwhile(world) {
        const taskDefinition = await newRevision(world, sound);
        await world.send(new UpdateServiceCommand({ cluster: 'stock', service: 'web', taskDefinition }));
      },
      async rolledBack(world) {
        expect(await Promise.all(['shop', 'stock'].map((cluster) => runBy(world, cluster)))).toEqual(['web:2', 'web:3']);
      },
      rollback: 'rolled-back',
    },
  },
  compliant: {
    'a revision without privileges': { seed: (world) => newRevision(world, [container('web', { privileged: false })]) },
    'a revision that is inactive': {
      async seed(world) {
        const taskDefinition = await newRevision(world, noncompliant);
        await world.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
        return taskDefinition;
      },
    },
    'a revision that is not the latest, and that no service runs': {
      async seed(world) {
        const arn = await newRevision(world, noncompliant);
        await newService(world, 'shop', await newRevision(world, sound));
        return arn;
      },
    },
  },
  obstacles: {
    'a revision that a service runs, and that is not the latest': {
      async seed(world) {
        const arn = await newRevision(world, noncompliant);
        await newRevision(world, sound);
        await newService(world, 'shop', arn);
        return arn;
      },
      outcome: 'unfixable',
      reason: /latest revision is \S+web:2, and \S+shop\/web still run this one/,
    },
    'a copy that another rule made': {
      async seed(world) {
        const arn = await newRevision(world, noncompliant);
        await newRevision(world, sound, { tags: [{ key: 'posture:rule', value: 'another' }, ...ownTags('1').slice(1)] });
        await newService(world, 'shop', arn);
        return arn;
      },
      outcome: 'unfixable',
    },
    'a copy of another revision': {
      async seed(world) {
        await newRevision(world, sound);
        const arn = await newRevision(world, noncompliant);
        await newRevision(world, sound, { tags: ownTags('1') });
        await newService(world, 'shop', arn);
        return arn;
      },
      outcome: 'unfixable',
    },
    'a service that AWS CodeDeploy deploys': {
      async seed(world) {
        const arn = await newRevision(world, noncompliant);
        await newService(world, 'shop', arn, { deploymentController: { type: 'CODE_DEPLOY' } });
        return arn;
      },
      outcome: 'unfixable',
      reason: /AWS CodeDeploy or another controller/,
    },
  },
  missing: 'arn:aws:ecs:{region}:{account}:task-definition/web:1',
});

function ownTags(copyOf: string) {
  return [
    { key: 'posture:rule', value: rule.id },
    { key: 'posture:copy-of', value: copyOf },
  ];
}

async function seedWithServices(world: World): Promise<string> {
  const roles = { taskRoleArn: `arn:aws:iam::${world.account}:role/task` };
  const arn = await newRevision(world, noncompliant, { ...roles, networkMode: 'host', volumes: [{ name: 'data' }] });
  await newService(world, 'shop', arn);
  await newService(world, 'stock', arn);
  await newService(world, 'other', await newRevision(world, noncompliant, { family: 'other' }));
  return arn;
}

const arnOf = (name: string) => `arn:aws:ecs:eu-west-1:111122223333:task-definition/${name}`;
const resource = {
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  type: taskDefinition.type,
  id: '7',
  arn: arnOf('web:7'),
};
const context = { parameters: {}, detectedBy: 'ECS.4', now: new Date(0) };
const found = { misconfiguration: ['web'], latest: resource.arn, ours: false, around: null, services: [], leaving: [], moved: [] };

it('waits until a service has no tasks of the old revision left', () => {
  const state = { ...found, latest: arnOf('web:8'), ours: true, leaving: ['arn:service'] };
  expect(rule.plan(resource, state, context)).toEqual({
    blocked: expect.stringContaining('arn:service still has tasks'),
    code: 'deployment-in-progress',
  });
});

it('points each service in its own cluster', () => {
  const state = { ...found, services: [{ service: 'arn:aws:ecs:eu-west-1:111122223333:service/shop/web', controller: 'ECS' }] };
  const service = { cluster: 'shop', service: 'web' };
  expect(rule.plan(resource, state, context)).toMatchObject([
    {
      do: { input: { family: 'web', copyOf: resource.arn, containers: { web: { set: { privileged: false } } } } },
      undo: 'revert-own-part',
    },
    { do: { input: { ...service, taskDefinition: 'web' } }, undo: { input: { ...service, taskDefinition: resource.arn } } },
  ]);
});

it('leaves services of ECS Express Mode to their owner', () => {
  const state = { ...found, services: [{ service: 'arn:service', controller: 'EXPRESS' }] };
  expect(rule.plan(resource, state, context)).toEqual({
    unfixable: expect.stringContaining('arn:service'),
    code: 'deployed-by-other-controller',
  });
});

describe('where a copy was made before, when a service was left', () => {
  const service = 'arn:aws:ecs:eu-west-1:111122223333:service/shop/web';
  const before = { ...found, latest: arnOf('web:8'), ours: true, services: [{ service, controller: 'ECS' }] };

  it('the service alone is pointed to it', () => {
    expect(rule.plan(resource, before, context)).toMatchObject([
      { do: { input: { cluster: 'shop', service: 'web', taskDefinition: 'web' } } },
    ]);
  });

  it('the copy stays after a rollback, and services that it does not know of', () => {
    const now = { ...before, services: [], moved: [service, 'arn:aws:ecs:eu-west-1:111122223333:service/shop/new'] };
    const commands = rule.revertOwnPart?.(resource, now, { before, after: now, parameters: {} }) ?? [];
    expect(commands.map(({ input }) => input)).toEqual([{ cluster: 'shop', service: 'web', taskDefinition: resource.arn }]);
  });
});

it('leaves the revision itself alone where no copy of it was made', () => {
  expect(rule.revertOwnPart?.(resource, found, { before: found, after: found, parameters: {} })).toEqual([]);
});

it('takes back nothing where the revision is inactive since: no service could run it again', () => {
  expect(rule.revertOwnPart?.(resource, 'inactive', { before: found, after: found, parameters: {} })).toBeUndefined();
});

it('knows the family of a revision', () => {
  expect(familyOf(resource)).toBe('web');
});

it('lists the latest active revision of each family, of all pages', async () => {
  const aws = {
    async send({ input }: { input: { nextToken?: string } }) {
      return input.nextToken
        ? { taskDefinitionArns: ['f/web:9', 'f/web:2'] }
        : { taskDefinitionArns: ['f/web:1', 'f/web:10', 'f/job:3'], nextToken: 'more' };
    },
  } as never;
  expect(await listLatest(aws)).toEqual(['f/web:10', 'f/job:3']);
});

it('sees which services run a revision, ten at a time, and which are on their way', async () => {
  const arns = Array.from({ length: 12 }, (_, index) => `s${String(index).padStart(2, '0')}`);
  const asked: (readonly string[])[] = [];
  const aws = {
    async send({ input }: { input: { services?: string[]; cluster?: string } }) {
      if (input.services) {
        asked.push(input.services);
        return { services: input.services.toReversed().map(serviceNamed) };
      }
      return input.cluster ? { serviceArns: arns } : { clusterArns: ['shop'] };
    },
  } as never;
  const serviceNamed = (serviceName: string) => ({ serviceName, clusterArn: 'arn:cluster/shop', ...shown(serviceName) });
  // Its ARN may be of the old format, which does not name the cluster.
  const shown = (serviceArn: string) =>
    ({
      s00: { serviceArn, status: 'ACTIVE', taskDefinition: 'old', deploymentController: { type: 'EXTERNAL' } },
      s01: { serviceArn, status: 'ACTIVE', taskDefinition: 'new', deployments: [{ taskDefinition: 'new' }, { taskDefinition: 'old' }] },
      s02: { serviceArn, status: 'ACTIVE', taskDefinition: 'new', deployments: [{ taskDefinition: 'new' }] },
      s03: { serviceArn, status: 'DRAINING', taskDefinition: 'old' },
      s04: { serviceArn, status: 'ACTIVE', deploymentController: { type: 'EXTERNAL' }, taskSets: [{ taskDefinition: 'old' }] },
      s05: { serviceArn, status: 'ACTIVE', taskDefinition: 'old', resourceManagementType: 'ECS' },
      s11: { serviceArn, status: 'ACTIVE', taskDefinition: 'old' },
    })[serviceArn] ?? { serviceArn, status: 'ACTIVE', taskDefinition: 'third' };
  expect(await readUse('old', 'new', aws)).toEqual({
    services: [
      { service: 'arn:service/shop/s00', controller: 'EXTERNAL' },
      { service: 'arn:service/shop/s04', controller: 'EXTERNAL' },
      { service: 'arn:service/shop/s05', controller: 'EXPRESS' },
      { service: 'arn:service/shop/s11', controller: 'ECS' },
    ],
    leaving: ['arn:service/shop/s01'],
    moved: ['arn:service/shop/s01', 'arn:service/shop/s02'],
  });
  expect(asked.map(({ length }) => length)).toEqual([10, 2]);
  expect((await readUse('old', undefined, aws)).moved).toEqual([]);
});

describe('a new revision', () => {
  const registered = async (latest: object, over: object = {}) => {
    const store = jest.spyOn(RegisterTaskDefinitionCommand.prototype, 'resolveMiddleware');
    const inputs: unknown[] = [];
    store.mockImplementation(function (this: { input: unknown }) {
      inputs.push(this.input);
      return async () => ({ response: {}, output: {} }) as never;
    });
    const stack = { concat: () => ({ resolve: () => async () => ({ output: latest }) }) };
    const command = new ReviseTaskDefinitionCommand({ family: 'web', copyOf: resource.arn, tags: { a: 'ours' }, ...over });
    try {
      await command.resolveMiddleware(stack as never, { requestHandler: {} } as never)(command as never);
    } finally {
      store.mockRestore();
    }
    return inputs[0];
  };
  const latest = {
    taskDefinition: {
      family: 'web',
      taskDefinitionArn: resource.arn,
      revision: 7,
      status: 'ACTIVE',
      requiresAttributes: [],
      compatibilities: ['EC2'],
      registeredAt: new Date(0),
      registeredBy: 'somebody',
      enableFaultInjection: true,
      containerDefinitions: [{ name: 'web', environment: [{ name: 'A', value: '1' }], secrets: [{ name: 'B', valueFrom: 'b' }] }],
    },
    tags: [
      { key: 'team', value: 'red' },
      { key: 'aws:cloudformation:stack-name', value: 'web' },
      { key: 'a', value: 'theirs' },
    ],
  };

  it('has all of the latest, without what ECS says of it alone, and no tags of AWS', async () => {
    expect(await registered(latest)).toEqual({
      family: 'web',
      enableFaultInjection: true,
      containerDefinitions: latest.taskDefinition.containerDefinitions,
      tags: [
        { key: 'team', value: 'red' },
        { key: 'a', value: 'ours' },
      ],
    });
  });

  it('has secrets in the place of variables', async () => {
    const secrets = { A: 'secret-a', B: 'secret-b' };
    expect(await registered(latest, { containers: { web: { secrets } } })).toMatchObject({
      containerDefinitions: [
        {
          environment: [],
          secrets: [
            { name: 'A', valueFrom: 'secret-a' },
            { name: 'B', valueFrom: 'secret-b' },
          ],
        },
      ],
    });
  });

  it('is not made where somebody has made one since', async () => {
    const newer = { ...latest, taskDefinition: { ...latest.taskDefinition, taskDefinitionArn: arnOf('web:8') } };
    await expect(registered(newer)).rejects.toThrow(/latest revision is now \S+web:8, not \S+web:7/);
  });
});
