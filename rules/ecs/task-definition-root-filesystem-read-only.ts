import { containersWhere, settingEach } from './task-definition/containers';
import { revisedRule } from './task-definition/revised';

export default revisedRule({
  id: 'ecs-task-definition-root-filesystem-read-only',
  title: 'ECS containers can not change their own file system',
  why: 'Whoever breaks into a container that can write to its root file system can leave tools there, and change the program itself.',
  impact:
    'A new revision is registered, whose containers write to their volumes alone, and the services that run the old one are deployed with it. What writes elsewhere (`/tmp`, a log file, ECS Exec) fails until it has a volume there; the old tasks stay where the new ones do not start. Tasks that run without a service, and what names the old revision, stay as they are. A rollback deploys the old revision again.',
  severity: 'high',
  property: 'ContainerDefinitions.ReadonlyRootFilesystem',
  detectedBy: { securityHub: ['ECS.5'], config: ['ecs-containers-readonly-access'] },
  faultOf(definition) {
    // Windows has no such thing.
    if (definition.runtimePlatform?.operatingSystemFamily?.startsWith('WINDOWS')) return undefined;
    return containersWhere(definition, ({ readonlyRootFilesystem }) => readonlyRootFilesystem !== true);
  },
  amend: (_, names) => settingEach(names, { readonlyRootFilesystem: true }),
});
