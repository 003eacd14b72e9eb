import { containersWhere, settingEach } from './task-definition/containers';
import { revisedRule } from './task-definition/revised';

export default revisedRule({
  id: 'ecs-task-definition-not-privileged',
  title: 'ECS containers are not privileged',
  why: 'A privileged container has root access to its host, and can take over the host and all its tasks.',
  impact:
    'A new revision is registered whose containers are not privileged, and services that run the old revision are updated. Containers that need the privilege (to mount file systems, load kernel modules, or run containers) fail, and the old tasks keep running. Tasks without a service, and other references to the old revision, do not change. A rollback deploys the old revision again.',
  severity: 'high',
  property: 'ContainerDefinitions.Privileged',
  detectedBy: { securityHub: ['ECS.4'], config: ['ecs-containers-nonprivileged'] },
  misconfigurationOf: (definition) => containersWhere(definition, ({ privileged }) => privileged === true),
  amend: (_, names) => settingEach(names, { privileged: false }),
});
