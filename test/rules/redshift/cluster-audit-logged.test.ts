import { DescribeLoggingStatusCommand, EnableLoggingCommand } from '@aws-sdk/client-redshift';
import rule from '../../../rules/redshift/cluster-audit-logged';
import type { Aws } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { clusterWith, pausedClusterWith, sales } from './cluster/seed';

const loggingOf = (world: World, ClusterIdentifier: string) => world.send(new DescribeLoggingStatusCommand({ ClusterIdentifier }));

const loggingCluster = async (world: World): Promise<string> => {
  const ClusterIdentifier = await clusterWith({})(world);
  await world.send(new EnableLoggingCommand({ ClusterIdentifier, BucketName: 'audit', S3KeyPrefix: 'sales/' }));
  return ClusterIdentifier;
};

describeRule(rule, {
  violations: {
    'a cluster without an audit log': {
      seed: clusterWith({}),
      async fixed(world, id) {
        expect(await loggingOf(world, id)).toMatchObject({ LoggingEnabled: true, LogDestinationType: 'cloudwatch' });
      },
    },
    'a cluster whose owner names a bucket': {
      detectedBy: 'redshift-audit-logging-enabled',
      seed: clusterWith({}),
      parameters: { bucket: 'audit-logs', prefix: 'redshift/' },
      async fixed(world, id) {
        const logged = { LoggingEnabled: true, LogDestinationType: 's3', BucketName: 'audit-logs', S3KeyPrefix: 'redshift/' };
        expect(await loggingOf(world, id)).toMatchObject(logged);
      },
    },
    'a cluster whose log somebody sends elsewhere before the rollback': {
      seed: clusterWith({}),
      async meanwhile(world, ClusterIdentifier) {
        await world.send(new EnableLoggingCommand({ ClusterIdentifier, BucketName: 'their-own' }));
      },
      rollback: 'rollback-refused',
    },
  },
  compliant: { 'a cluster that logs to a bucket of another name': { seed: loggingCluster, parameters: { bucket: 'audit-logs' } } },
  obstacles: {
    'a paused cluster': { seed: pausedClusterWith({}), outcome: 'unfixable', reason: /The cluster is paused/ },
    'a prefix without a bucket': { seed: clusterWith({}), parameters: { prefix: 'redshift/' }, outcome: 'not-configured' },
  },
  missing: 'no-such-cluster',
});

it('sends the logs that the owner names to CloudWatch Logs', () => {
  const context = { detectedBy: 'Redshift.4', now: new Date(0) };
  const logsSent = (given: object) =>
    rule.plan(sales, { logging: false }, { ...context, parameters: rule.parameters?.parse(given) as never });
  const sent = (LogExports: string[]) => [
    {
      do: { input: { ClusterIdentifier: 'sales', LogDestinationType: 'cloudwatch', LogExports } },
      undo: { input: { ClusterIdentifier: 'sales' } },
    },
  ];
  expect(logsSent({})).toMatchObject(sent(['connectionlog', 'userlog']));
  expect(logsSent({ logs: ['useractivitylog'] })).toMatchObject(sent(['useractivitylog']));
});

it.each([
  ['CloudWatch Logs', { LogDestinationType: 'cloudwatch' }, 'cloudwatch'],
  ['a bucket', { LogDestinationType: 's3', BucketName: 'audit', S3KeyPrefix: 'sales/' }, 'audit/sales/'],
  ['a bucket, without a prefix', { BucketName: 'audit' }, 'audit/'],
])('sees that the log goes to %s', async (_, status, to) => {
  const aws: Aws = { send: async <Output>() => ({ LoggingEnabled: true, ...status }) as Output };
  expect(await rule.inspect(sales, aws)).toEqual({ logging: true, to });
});
