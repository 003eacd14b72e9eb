import { revisedRule } from './task-definition/revised';

export default revisedRule({
  id: 'ecs-task-definition-process-namespace-own',
  title: 'ECS tasks do not see the processes of their host',
  why: 'In the process namespace of the host a container sees all that runs there, other tasks among it, and can stop or trace it.',
  impact:
    'A new revision is registered, whose containers see each other and no more, and the services that run the old one are deployed with it. What watches the host from a container no longer sees it. Tasks that run without a service, and what names the old revision, stay as they are. A rollback deploys the old revision again.',
  severity: 'high',
  property: 'PidMode',
  detectedBy: { securityHub: ['ECS.3'], config: ['ecs-task-definition-pid-mode-check'] },
  faultOf: ({ pidMode }) => (pidMode === 'host' ? { pidMode } : undefined),
  amend: () => ({ task: { pidMode: 'task' } }),
});
