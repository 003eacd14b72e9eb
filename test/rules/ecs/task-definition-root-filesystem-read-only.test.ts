import rule from '../../../rules/ecs/task-definition-root-filesystem-read-only';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { container, newRevision, newService, revision, runBy, standInForDeployments } from './task-definition/seed';

standInForDeployments();

async function run(world: World): Promise<string> {
  const containers = [
    container('web'),
    container('log', { readonlyRootFilesystem: true }),
    container('agent', { readonlyRootFilesystem: false }),
  ];
  const arn = await newRevision(world, containers);
  await newService(world, 'shop', arn);
  return arn;
}

describeRule(rule, {
  violations: {
    'a revision of which two of three containers may write': {
      seed: run,
      async fixed(world) {
        const { containerDefinitions = [] } = await revision(world, 'web:2');
        expect(containerDefinitions.map(({ name, readonlyRootFilesystem }) => [name, readonlyRootFilesystem])).toEqual([
          ['web', true],
          ['log', true],
          ['agent', true],
        ]);
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
    'a revision that may not write': { seed: (world) => newRevision(world, [container('web', { readonlyRootFilesystem: true })]) },
    'a revision for Windows': {
      seed: (world) => newRevision(world, [container('web')], { runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } }),
    },
  },
  missing: 'arn:aws:ecs:{region}:{account}:task-definition/web:1',
  unexercised: { 'iam:PassRole': 'AWS asks for it where a task definition is registered with roles; it is no call.' },
});
