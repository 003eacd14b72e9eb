import { AthenaClient, GetWorkGroupCommand, ListWorkGroupsCommand, UpdateWorkGroupCommand } from '@aws-sdk/client-athena';
import { undefinedOn } from '../absence';
import { collect } from '../pages';
import { defineRule, notFound } from '../rule';
import { workGroup, workGroups } from './work-group/resource';

export default defineRule({
  id: 'athena-work-group-metrics-published',
  title: 'Athena workgroups publish query metrics to CloudWatch',
  why: 'Without metrics, unusually large or failing queries show up only on the bill.',
  impact: 'None for clients. Publishing the metrics has no charge; alarms on them have the usual charge.',
  severity: 'medium',
  risk: 'safe',
  resource: workGroup,
  independentUndo: true,
  property: 'WorkGroupConfiguration.PublishCloudWatchMetricsEnabled',
  detectedBy: { securityHub: ['Athena.4'], config: ['athena-workgroup-logging-enabled'] },
  permissions: {
    inspect: [
      { actions: ['athena:GetWorkGroup'], on: workGroups },
      // IAM offers no resource-level permission for it.
      { actions: ['athena:ListWorkGroups'], on: '*' },
    ],
    change: { actions: ['athena:UpdateWorkGroup'], on: workGroups },
  },
  clients: [AthenaClient],
  commands: [UpdateWorkGroupCommand],

  async inspect({ id }, aws) {
    // Athena has no specific error for a workgroup that does not exist.
    const answer = await undefinedOn(['InvalidRequestException'], aws.send(new GetWorkGroupCommand({ WorkGroup: id })));
    if (!answer?.WorkGroup) return notFound;
    return { published: answer.WorkGroup.Configuration?.PublishCloudWatchMetricsEnabled ?? false };
  },

  plan: ({ id }, { published }) => (published ? [] : [{ do: publishing(id, true), undo: publishing(id, false) }]),

  async list(_, aws) {
    const groups = await collect(
      (NextToken) => aws.send(new ListWorkGroupsCommand({ MaxResults: 50, NextToken })),
      ({ WorkGroups }) => WorkGroups,
      ({ NextToken }) => NextToken,
    );
    return groups.flatMap(({ Name }) => Name ?? []);
  },
});

/** An update leaves omitted settings unchanged. */
const publishing = (WorkGroup: string, PublishCloudWatchMetricsEnabled: boolean) =>
  new UpdateWorkGroupCommand({ WorkGroup, ConfigurationUpdates: { PublishCloudWatchMetricsEnabled } });
