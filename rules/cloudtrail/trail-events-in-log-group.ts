import { CloudTrailClient, UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import * as z from 'zod';
import { type OwnRole, roleCommands } from '../iam/own-role/own-role';
import { keepingParameters, logGroupCommands, type OwnLogGroup } from '../logs/own-group/own-group';
import { defineRule, notFound, type Resource, type Tags } from '../rule';
import { trailLogGroups, trailRoles } from './trail/log-group';
import { elsewhere, listTrails, readTrail, trailReading } from './trail/read';
import { trail, trailUpdating } from './trail/resource';

const id = 'cloudtrail-trail-events-in-log-group';
const tags: Tags = { 'posture:rule': id };

/** `logGroup`: the log group of the trail. `own`: the log group and role of this rule, if the trail has none. */
type State = {
  readonly arn: string;
  readonly logGroup: string | null;
  readonly own?: { readonly logGroup: OwnLogGroup; readonly role: OwnRole };
};

export default defineRule({
  id,
  title: 'CloudTrail trails send their events to CloudWatch Logs',
  why: 'CloudWatch alarms can react to events in CloudWatch Logs within minutes; nobody watches files in a bucket.',
  impact:
    'A log group and a role are created for the trail, and CloudWatch Logs charges for the events by the gigabyte. A rollback deletes both, with all events logged until then.',
  severity: 'medium',
  risk: 'safe',
  resource: trail,
  property: 'CloudWatchLogsLogGroupArn',
  detectedBy: { securityHub: ['CloudTrail.5'], config: ['cloud-trail-cloud-watch-logs-enabled'] },
  detectorParameters: {
    'cloud-trail-cloud-watch-logs-enabled': {
      expectedDeliveryWindowAge: { unmappable: 'The rule does not read when events were delivered last.' },
    },
  },
  permissions: {
    inspect: [trailReading, ...trailLogGroups.reading, trailRoles.reading],
    change: [...trailUpdating, trailLogGroups.changing, ...trailRoles.changing],
  },
  clients: [CloudTrailClient, CloudWatchLogsClient, IAMClient],
  commands: [UpdateTrailCommand, ...logGroupCommands, ...roleCommands],
  parameters: z.strictObject(keepingParameters),

  async inspect(resource, aws): Promise<State | typeof notFound> {
    const found = await readTrail(resource, aws);
    if (!found) return notFound;
    const { TrailARN: arn = '', CloudWatchLogsLogGroupArn: logGroup } = found;
    if (logGroup || arn !== resource.arn) return { arn, logGroup: logGroup || null };
    const own = {
      logGroup: await trailLogGroups.read(resource, tags, aws),
      role: await trailRoles.read(resource, tags, aws),
    };
    return { arn, logGroup: null, own };
  },

  plan(resource, { arn, logGroup, own = nothing }, { parameters: keeping }) {
    if (logGroup !== null) return [];
    if (arn !== resource.arn) return elsewhere(arn, resource.account);
    if (own.logGroup === 'foreign') return foreign('log group', trailLogGroups.nameOf(resource));
    if (own.role === 'foreign') return foreign('role', trailRoles.arnOf(resource));
    return [
      ...trailLogGroups.changes(resource, own.logGroup, keeping, tags),
      ...trailRoles.changes(resource, own.role, tags),
      {
        do: delivery(resource, `${trailLogGroups.arnOf(resource)}:*`, trailRoles.arnOf(resource)),
        undo: delivery(resource, '', ''),
        // CloudTrail checks the new role immediately.
        retryOn: ['InvalidCloudWatchLogsRoleArnException', 'InvalidCloudWatchLogsLogGroupArnException'],
      },
    ];
  },

  targets: (resource) => ({ ...trailLogGroups.targets(resource), ...trailRoles.targets(resource) }),

  list: listTrails,
});

const nothing = { logGroup: 'absent', role: 'absent' } as const;

const foreign = (what: string, name: string) => ({
  unfixable: `A ${what} named ${name} exists with a different configuration. Delete it, or configure CloudWatch Logs for the trail manually.`,
  code: 'name-taken',
});

// Omitted settings do not change; empty strings stop the delivery.
const delivery = ({ arn }: Resource, CloudWatchLogsLogGroupArn: string, CloudWatchLogsRoleArn: string) =>
  new UpdateTrailCommand({ Name: arn, CloudWatchLogsLogGroupArn, CloudWatchLogsRoleArn });
