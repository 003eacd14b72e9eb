import rule from '../../../rules/ecs/task-definition-process-namespace-own';
import { describeRule } from '../../contract/describe-rule';
import { container, newRevision, newService, revision, runBy, standInForDeployments } from './task-definition/seed';

standInForDeployments();

describeRule(rule, {
  violations: {
    'a revision in the process namespace of its host': {
      async seed(world) {
        const arn = await newRevision(world, [container('web')], { pidMode: 'host', ipcMode: 'none' });
        await newService(world, 'shop', arn);
        return arn;
      },
      async fixed(world) {
        expect(await revision(world, 'web:2')).toMatchObject({ pidMode: 'task', ipcMode: 'none', containerDefinitions: [{ name: 'web' }] });
        expect(await runBy(world, 'shop')).toBe('web:2');
      },
    },
  },
  compliant: {
    'a revision whose containers see each other': { seed: (world) => newRevision(world, [container('web')], { pidMode: 'task' }) },
    'a revision whose containers see themselves': { seed: (world) => newRevision(world, [container('web')]) },
  },
  missing: 'arn:aws:ecs:{region}:{account}:task-definition/web:1',
  unexercised: {
    'ecs:TagResource': 'AWS asks for it where a task definition is registered with tags.',
    'iam:PassRole': 'AWS asks for it where a task definition is registered with roles; it is no call.',
  },
});
