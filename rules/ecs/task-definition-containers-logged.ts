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
      'Whether the container instances have a role that lets them write to the log groups /posture/ecs/*. On EC2 they write the logs, and a container does not start whose log can not be written.',
    ),
});

/** The containers without a log, and where they may run; `writer` is the role that writes the logs on Fargate, null where there is none. */
type Found = {
  readonly containers: readonly string[];
  readonly fargate: boolean;
  readonly instances: boolean;
  readonly writer: string | null;
};

type Around = { readonly group: OwnLogGroup; readonly allowed: boolean };

export default revisedRule<Found, Around, z.infer<typeof parameters>>({
  id,
  title: 'ECS containers write a log',
  why: 'What a container without a log has printed is gone with it: nobody can tell why it failed, or what was done to it.',
  impact:
    'A log group is made for the family, which CloudWatch Logs bills by what is written. A new revision is registered, whose containers write there what they print, and the services that run the old one are deployed with it; the old tasks stay where the new ones do not start. Tasks that run without a service, and what names the old revision, stay as they are. A rollback deploys the old revision again, and deletes the log group.',
  severity: 'high',
  property: 'ContainerDefinitions.LogConfiguration',
  detectedBy: { securityHub: ['ECS.9'], config: ['ecs-task-definition-log-configuration'] },
  parameters,

  faultOf(definition) {
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
        unfixable: `There is a log group ${name} which is not as this rule makes it, so it is not used. Delete it, or configure the logs by hand.`,
      };
    if (fargate && !writer)
      return { unfixable: 'The task definition has no execution role, by which Fargate writes logs. Give it one that may.' };
    if (fargate && !allowed)
      return {
        unfixable: `The execution role ${writer} may not write to the log group ${name}. Allow it logs:CreateLogStream and logs:PutLogEvents.`,
      };
    if (instances && !instancesMayWrite)
      return {
        unfixable: `On EC2 the container instances write the logs, and nothing says that they may: see to it that their role may write to ${name}, and set \`instancesMayWrite\`.`,
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
    permissions: { inspect: [...familyLogGroups.reading, roleReading], change: [familyLogGroups.changing] },
    clients: [CloudWatchLogsClient, ...roleClients],
    commands: logGroupCommands,
  },
});
