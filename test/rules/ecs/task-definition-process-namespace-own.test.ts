import rule from '../../../rules/ecs/task-definition-process-namespace-own';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { container, newRevision, newService, revision, runBy, standInForDeployments } from './task-definition/seed';

standInForDeployments();

async function run(world: World): Promise<string> {
  const arn = await newRevision(world, [container('web')], { pidMode: 'host', ipcMode: 'none' });
  await newService(world, 'shop', arn);
  return arn;
}

describeRule(rule, {
  violations: {
    'a revision in the process namespace of its host': {
      seed: run,
      async fixed(world) {
        expect(await revision(world, 'web:2')).toMatchObject({ pidMode: 'task', ipcMode: 'none', containerDefinitions: [{ name: 'web' }] });
        expect(await runBy(world, 'shop')).toBe('web:2');
      },
    },
    'a revision to whose copy somebody points another service before the rollback': {
      seed: run,
      meanwhile: (world) => newService(world, 'new', 'web:2'),
      async rolledBack(world) {
        expect(await Promise.all(['shop', 'new'].map((cluster) => runBy(world, cluster)))).toEqual(['web:1', 'web:2']);
        expect(await revision(world, 'web:2')).toMatchObject({ status: 'ACTIVE' });
      },
    },
  },
  compliant: {
    'a revision whose containers see each other': { seed: (world) => newRevision(world, [container('web')], { pidMode: 'task' }) },
    'a revision whose containers see themselves': { seed: (world) => newRevision(world, [container('web')]) },
  },
  missing: 'arn:aws:ecs:{region}:{account}:task-definition/web:1',
  unexercised: { 'iam:PassRole': 'AWS asks for it where a task definition is registered with roles; it is no call.' },
});
