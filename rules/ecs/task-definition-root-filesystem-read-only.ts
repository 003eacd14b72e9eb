import { containersWhere, settingEach } from './task-definition/containers';
import { revisedRule } from './task-definition/revised';

export default revisedRule({
  id: 'ecs-task-definition-root-filesystem-read-only',
  title: 'ECS containers have a read-only root file system',
  why: 'An attacker in a container with a writable root file system can install tools, and modify its programs.',
  impact:
    'A new revision is registered whose containers can write only to their volumes, and services that run the old revision are updated. Programs that write elsewhere (`/tmp`, log files, ECS Exec) fail until a volume is mounted there; old tasks keep running if new ones do not start. Tasks without a service, and other references to the old revision, do not change. A rollback deploys the old revision again.',
  severity: 'high',
  property: 'ContainerDefinitions.ReadonlyRootFilesystem',
  detectedBy: { securityHub: ['ECS.5'], config: ['ecs-containers-readonly-access'] },
  misconfigurationOf(definition) {
    // Windows containers do not support it.
    if (definition.runtimePlatform?.operatingSystemFamily?.startsWith('WINDOWS')) return undefined;
    return containersWhere(definition, ({ readonlyRootFilesystem }) => readonlyRootFilesystem !== true);
  },
  amend: (_, names) => settingEach(names, { readonlyRootFilesystem: true }),
});
