import { describeCacheCluster, listCacheClusters } from '../../rules/elasticache/cache-cluster/describe';
import { describeInstance, listInstances } from '../../rules/rds/db-instance/describe';
import iamAuthentication from '../../rules/rds/instance-iam-authentication-enabled';
import type { Aws } from '../../rules/rule';

const answering = (answer: object): Aws => ({ send: async () => answer }) as unknown as Aws;
const alone = { DBInstanceIdentifier: 'orders', Engine: 'mysql', DBInstanceStatus: 'available', DBClusterIdentifier: '' };

describe('an empty identifier', () => {
  it('of a cluster is no cluster', async () => {
    const aws = answering({ DBInstances: [alone] });
    expect(await describeInstance('orders', aws)).not.toHaveProperty('DBClusterIdentifier');
    expect(await listInstances(aws, ({ DBClusterIdentifier }) => DBClusterIdentifier === undefined)).toEqual(['orders']);
  });

  it('of a replication group is no group', async () => {
    const aws = answering({ CacheClusters: [{ ARN: 'arn', Engine: 'redis', ReplicationGroupId: '' }] });
    expect(await describeCacheCluster('sessions', aws)).not.toHaveProperty('ReplicationGroupId');
    expect(await listCacheClusters(aws, ({ ReplicationGroupId }) => ReplicationGroupId === undefined)).toEqual(['arn']);
  });

  it('keeps no instance from being fixed', async () => {
    const resource = {
      type: 'AWS::RDS::DBInstance',
      id: 'orders',
      arn: 'arn:aws:rds:eu-west-1:111122223333:db:orders',
      partition: 'aws',
      account: '111122223333',
      region: 'eu-west-1',
    };
    const state = await iamAuthentication.inspect(resource, answering({ DBInstances: [alone] }));
    if (typeof state === 'symbol') throw new Error('It is gone.');
    const context = { parameters: iamAuthentication.parameters?.parse({}) ?? {}, detectedBy: 'RDS.10', now: new Date(0) };
    expect(iamAuthentication.plan(resource, state, context as never)).toHaveLength(1);
  });
});
