import { revisedRule } from './task-definition/revised';

export default revisedRule({
  id: 'ecs-task-definition-process-namespace-own',
  title: 'ECS task definitions do not share the process namespace of the host',
  why: 'In the process namespace of the host, a container can see, stop and trace all its processes, including those of other tasks.',
  impact:
    'A new revision is registered whose containers see only the processes of their task, and services that run the old revision are updated. Containers that monitor the host no longer see its processes. Tasks without a service, and other references to the old revision, do not change. A rollback deploys the old revision again.',
  severity: 'high',
  property: 'PidMode',
  detectedBy: { securityHub: ['ECS.3'], config: ['ecs-task-definition-pid-mode-check'] },
  misconfigurationOf: ({ pidMode }) => (pidMode === 'host' ? { pidMode } : undefined),
  amend: () => ({ task: { pidMode: 'task' } }),
});
