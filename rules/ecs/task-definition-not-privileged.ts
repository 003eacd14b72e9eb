import { containersWhere, settingEach } from './task-definition/containers';
import { revisedRule } from './task-definition/revised';

export default revisedRule({
  id: 'ecs-task-definition-not-privileged',
  title: 'ECS containers are not root on their host',
  why: 'A privileged container can do all that root can do on its host, and so take over the host and every task on it.',
  impact:
    'A new revision is registered, whose containers have no such rights, and the services that run the old one are deployed with it. What needs them (to mount, to load modules, to run containers in containers) fails, and the old tasks stay. Tasks that run without a service, and what names the old revision, stay as they are. A rollback deploys the old revision again.',
  severity: 'high',
  property: 'ContainerDefinitions.Privileged',
  detectedBy: { securityHub: ['ECS.4'], config: ['ecs-containers-nonprivileged'] },
  faultOf: (definition) => containersWhere(definition, ({ privileged }) => privileged === true),
  amend: (_, names) => settingEach(names, { privileged: false }),
});
