import { DescribeLoggingStatusCommand, DisableLoggingCommand, EnableLoggingCommand, RedshiftClient } from '@aws-sdk/client-redshift';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { defineRule, notFound } from '../rule';
import { clusters, describeCluster, listClusters } from './cluster/describe';
import { cluster } from './cluster/resource';
import { hindrance, obstacleBy } from './cluster/status';

const parameters = z
  .strictObject({
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
      .optional()
      .describe(
        'The S3 bucket for the logs, in the Region of the clusters. Its policy must allow redshift.amazonaws.com to write objects and read the bucket ACL (s3:PutObject, s3:GetBucketAcl). Default: the logs go to CloudWatch Logs (/aws/redshift/cluster/...).',
      ),
    prefix: z
      .string()
      .regex(/^[\w.:/=+@-]{1,512}$/)
      .optional()
      .describe('The prefix of the log objects in the bucket.'),
    logs: z
      .array(z.enum(['connectionlog', 'userlog', 'useractivitylog']))
      .min(1)
      .default(['connectionlog', 'userlog'])
      .describe(
        'The logs to send to CloudWatch Logs; a bucket gets all. useractivitylog, the log of SQL statements, is empty unless the parameter group of the cluster sets enable_user_activity_logging.',
      ),
  })
  .refine(({ bucket, prefix }) => bucket !== undefined || prefix === undefined, { message: 'prefix requires bucket.' });

/** `to`: the log destination, `cloudwatch` or a bucket and a prefix. `status`: the status that prevents a change. */
type State = { readonly logging: boolean; readonly to?: string; readonly status?: string };

export default defineRule({
  id: 'redshift-cluster-audit-logged',
  title: 'Redshift clusters have audit logging enabled',
  why: 'Without an audit log, nobody can tell afterward who connected, or tried to, and from where.',
  impact: 'None for clients. CloudWatch Logs charges by the gigabyte, Amazon S3 for storage. Existing logs are kept after a rollback.',
  severity: 'medium',
  risk: 'safe',
  resource: cluster,
  property: 'LoggingProperties',
  detectedBy: { securityHub: ['Redshift.4'], config: ['redshift-cluster-audit-logging-enabled', 'redshift-audit-logging-enabled'] },
  detectorParameters: {
    'Redshift.4': { loggingEnabled: { unmappable: 'The rule enables logging.', except: ['true'] } },
    'redshift-audit-logging-enabled': {
      bucketNames: { unmappable: 'The rule does not move the logs of a cluster to another bucket.' },
    },
  },
  permissions: {
    inspect: { actions: ['redshift:DescribeLoggingStatus', 'redshift:DescribeClusters'], on: clusters },
    change: { actions: ['redshift:EnableLogging', 'redshift:DisableLogging'], on: clusters },
  },
  clients: [RedshiftClient],
  commands: [EnableLoggingCommand, DisableLoggingCommand],
  parameters,
  settle: 600,

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const seen = await undefinedOn(['ClusterNotFoundFault'], aws.send(new DescribeLoggingStatusCommand({ ClusterIdentifier: id })));
    if (!seen) return notFound;
    if (seen.LoggingEnabled) {
      const { LogDestinationType, BucketName = '', S3KeyPrefix = '' } = seen;
      return { logging: true, to: BucketName === '' ? (LogDestinationType ?? 'unknown') : `${BucketName}/${S3KeyPrefix}` };
    }
    const found = await describeCluster(id, aws);
    return found ? { logging: false, ...hindrance(found.ClusterStatus) } : notFound;
  },

  // Redshift checks that the bucket exists in the region and allows it to write; otherwise it rejects the call.
  plan({ id: ClusterIdentifier }, { logging, status }, { parameters: { bucket, prefix, logs } }) {
    if (logging) return [];
    if (status !== undefined) return obstacleBy(status);
    const destination =
      bucket === undefined
        ? { LogDestinationType: 'cloudwatch' as const, LogExports: logs }
        : { LogDestinationType: 's3' as const, BucketName: bucket, ...(prefix !== undefined && { S3KeyPrefix: prefix }) };
    return [
      { do: new EnableLoggingCommand({ ClusterIdentifier, ...destination }), undo: new DisableLoggingCommand({ ClusterIdentifier }) },
    ];
  },

  list: (_, aws) => listClusters(aws),
});
