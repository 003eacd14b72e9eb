import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import * as z from 'zod';
import { keepingParameters, logGroupCommands, type OwnLogGroup } from '../logs/own-group/own-group';
import { containersWhere, settingEach } from './task-definition/containers';
import { mayWrite, roleClients, roleReading } from './task-definition/execution-role';
import { familyLogGroups } from './task-definition/log-group';
import { revisedRule } from './task-definition/revised';

const id = 'ecs-task-definition-containers-logged';
const tags = { 'posture:rule': id };

const parameters = z.strictObject({
  retentionDays: keepingParameters.retentionDays,
  instancesMayWrite: z
    .boolean()
    .default(false)
    .describe(
      'Confirms that the role of the container instances may write to the log groups /posture/ecs/*. On EC2, the instances write the logs, and a container does not start if they cannot.',
    ),
});

/** The containers without a log configuration, and where they may run. `writer`: the execution role, which writes the logs on Fargate; null if there is none. */
type Found = {
  readonly containers: readonly string[];
  readonly fargate: boolean;
  readonly instances: boolean;
  readonly writer: string | null;
};

type Around = { readonly group: OwnLogGroup; readonly allowed: boolean };

export default revisedRule<Found, Around, z.infer<typeof parameters>>({
  id,
  title: 'ECS containers have a log configuration',
  why: 'The output of a container without a log configuration is lost when it stops: nobody can tell why it failed, or what was done to it.',
  impact:
    'A log group is created for the family, and CloudWatch Logs charges for the logs. A new revision is registered whose containers log to it, and services that run the old revision are updated; old tasks keep running if new ones do not start. Tasks without a service, and other references to the old revision, do not change. A rollback deploys the old revision again, and deletes the log group.',
  severity: 'high',
  property: 'ContainerDefinitions.LogConfiguration',
  detectedBy: { securityHub: ['ECS.9'], config: ['ecs-task-definition-log-configuration'] },
  parameters,

  misconfigurationOf(definition) {
    const containers = containersWhere(definition, ({ logConfiguration }) => !logConfiguration?.logDriver);
    if (!containers) return undefined;
    const { requiresCompatibilities = [], executionRoleArn = null } = definition;
    const fargate = requiresCompatibilities.includes('FARGATE');
    const instances = !fargate || requiresCompatibilities.some((one) => one !== 'FARGATE');
    return { containers, fargate, instances, writer: executionRoleArn };
  },

  amend(resource, { containers, fargate, instances, writer }, { instancesMayWrite }, around) {
    const { group, allowed } = around ?? { group: 'absent', allowed: false };
    const name = familyLogGroups.nameOf(resource);
    if (group === 'foreign')
      return {
        unfixable: `A log group named ${name} exists with a different configuration. Delete it, or configure logging manually.`,
        code: 'name-taken',
      };
    if (fargate && !writer)
      return {
        unfixable: 'The task definition has no execution role, which Fargate requires to write logs. Add one with the permission.',
        code: 'no-execution-role',
      };
    if (fargate && !allowed)
      return {
        unfixable: `The execution role ${writer} is not allowed to write to the log group ${name}. Allow logs:CreateLogStream and logs:PutLogEvents.`,
        code: 'execution-role-not-allowed',
      };
    if (instances && !instancesMayWrite)
      return {
        unfixable: `On EC2, the container instances write the logs, and it is not known whether they may. Allow their role to write to ${name}, and set instancesMayWrite.`,
        code: 'instance-permissions-unknown',
      };
    const options = { 'awslogs-group': name, 'awslogs-region': resource.region, 'awslogs-stream-prefix': 'ecs' };
    return settingEach(containers, { logConfiguration: { logDriver: 'awslogs', options } });
  },

  around: {
    inspect: async (resource, { fargate, writer }, aws) => ({
      group: await familyLogGroups.read(resource, tags, aws),
      allowed: fargate && writer !== null && (await mayWrite(writer, familyLogGroups.arnOf(resource), aws)),
    }),
    changes: (resource, { group }, { retentionDays }) => familyLogGroups.changes(resource, group, { retentionDays }, tags),
    targets: familyLogGroups.targets,
    permissions: { inspect: [...familyLogGroups.reading, roleReading], change: [familyLogGroups.changing] },
    clients: [CloudWatchLogsClient, ...roleClients],
    commands: logGroupCommands,
  },
});
