import { AthenaClient, GetWorkGroupCommand, ListWorkGroupsCommand, UpdateWorkGroupCommand } from '@aws-sdk/client-athena';
import { undefinedOn } from '../absence';
import { collect } from '../pages';
import { defineRule, notFound } from '../rule';
import { workGroup, workGroups } from './work-group/resource';

export default defineRule({
  id: 'athena-work-group-metrics-published',
  title: 'Athena workgroups publish what their queries do',
  why: 'Without metrics, queries that read far more than usual, or fail in numbers, are noticed on the bill.',
  impact: 'None for clients. The metrics of the queries go to CloudWatch, at no cost of their own; alarms on them cost what alarms cost.',
  severity: 'medium',
  risk: 'safe',
  resource: workGroup,
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
    // AWS has no error of its own for a workgroup that is not there.
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

/** What an update does not name stays. */
const publishing = (WorkGroup: string, PublishCloudWatchMetricsEnabled: boolean) =>
  new UpdateWorkGroupCommand({ WorkGroup, ConfigurationUpdates: { PublishCloudWatchMetricsEnabled } });
