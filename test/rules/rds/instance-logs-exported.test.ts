import { ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import rule from '../../../rules/rds/instance-logs-exported';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { answering, instanceOf, instanceWith, place, planFor, stoppedInstanceWith } from './db-instance/seed';

const exportsOf = async (world: World, id: string) => (await instanceOf(world, id)).EnabledCloudwatchLogsExports?.toSorted();
const whole = ['audit', 'error', 'general', 'slowquery'];

describeRule(rule, {
  violations: {
    'an instance of MySQL that exports some of its logs': {
      seed: instanceWith({ EnableCloudwatchLogsExports: ['error'] }),
      configId: async (world, id) => (await instanceOf(world, id)).DbiResourceId ?? '',
      fixed: async (world, id) => expect(await exportsOf(world, id)).toEqual(whole),
      rolledBack: async (world, id) => expect(await exportsOf(world, id)).toEqual(['error']),
    },
    'an instance of PostgreSQL, by its own control': {
      seed: instanceWith({ Engine: 'postgres', EnableCloudwatchLogsExports: ['upgrade'] }),
      detectedBy: 'RDS.36',
      fixed: async (world, id) => expect(await exportsOf(world, id)).toEqual(['postgresql', 'upgrade']),
    },
    'an instance of SQL Server': {
      seed: instanceWith({ Engine: 'sqlserver-se' }),
      detectedBy: 'RDS.40',
      fixed: async (world, id) => expect(await exportsOf(world, id)).toEqual(['agent', 'error']),
    },
    'an instance whose owner wants the error log alone': {
      seed: instanceWith({}),
      parameters: { logTypes: ['error'] },
      fixed: async (world, id) => expect(await exportsOf(world, id)).toEqual(['error']),
    },
    'an instance of which somebody ends an export before the rollback': {
      seed: instanceWith({ EnableCloudwatchLogsExports: ['general'] }),
      async meanwhile(world, DBInstanceIdentifier) {
        const CloudwatchLogsExportConfiguration = { DisableLogTypes: ['general', 'audit'] };
        await world.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier, CloudwatchLogsExportConfiguration }));
      },
      rolledBack: async (world, id) => expect(await exportsOf(world, id)).toEqual([]),
    },
  },
  compliant: {
    'an instance that exports all its logs': { seed: instanceWith({ EnableCloudwatchLogsExports: whole }) },
    'a stopped instance that exports all its logs': { seed: stoppedInstanceWith({ EnableCloudwatchLogsExports: whole }) },
  },
  obstacles: {
    'an instance that is stopped': { seed: stoppedInstanceWith({}), outcome: 'unfixable', reason: /The instance is stopped/ },
  },
  missing: 'no-such-instance',
});

const orders = { ...place, type: 'AWS::RDS::DBInstance', id: 'orders', arn: 'arn:aws:rds:eu-west-1:123456789012:db:orders' };

describe('the plan', () => {
  const begun = (engine: string, detectedBy = 'RDS.9') =>
    rule.plan(orders, { engine, exported: [] }, { parameters: {}, detectedBy, now: new Date(0) });
  const exports = (EnableLogTypes: readonly string[]) => [{ do: { input: { CloudwatchLogsExportConfiguration: { EnableLogTypes } } } }];

  it.each([
    ['oracle-se2', ['alert', 'audit', 'listener', 'trace']],
    ['oracle-ee-cdb', ['alert', 'audit', 'listener', 'trace']],
    ['postgres', ['postgresql', 'upgrade']],
    ['mariadb', whole],
    ['sqlserver-web', ['agent', 'error']],
    ['sqlserver-ex', ['error']],
  ])('exports the logs of %s', (engine, logs) => {
    expect(begun(engine)).toMatchObject(exports(logs));
  });

  it.each(['RDS.42', 'mariadb-publish-logs-to-cloudwatch-logs'])('exports of MariaDB what %s asks for', (detectedBy) => {
    expect(begun('mariadb', detectedBy)).toMatchObject(exports(['audit', 'error']));
  });

  it('exports of SQL Server Express no log of the agent, which it has not', () => {
    expect(begun('sqlserver-ex', 'RDS.40')).toMatchObject(exports(['error']));
    expect(begun('sqlserver-se', 'RDS.40')).toMatchObject(exports(['agent', 'error']));
  });

  it.each(['RDS.40', 'RDS.9'])('never calls SQL Server Express compliant with %s, which requires the log of the agent', (detectedBy) => {
    const of = (parameters: object) =>
      rule.plan(orders, { engine: 'sqlserver-ex', exported: ['error'] }, { parameters, detectedBy, now: new Date(0) });
    expect(of({})).toEqual({ unfixable: expect.stringContaining('has no log agent'), code: 'log-not-supported' });
    // The owner, or the detector, may ask for what it has.
    expect(of({ logTypes: ['error'] })).toEqual([]);
  });

  it('does not guess the logs of other engines', () => {
    expect(begun('db2-se')).toEqual({ unfixable: expect.stringContaining('logTypes'), code: 'log-types-not-set' });
  });

  it.each([
    ['a member of a cluster', { Engine: 'aurora-mysql', DBClusterIdentifier: 'orders-cluster' }, 'orders-cluster', 'cluster-member'],
    ['RDS Custom', { Engine: 'custom-oracle-ee' }, 'custom-oracle-ee', 'not-supported'],
  ])('can do nothing for %s', async (_, instance, named, code) => {
    expect(await planFor(rule, instance)).toEqual({ unfixable: expect.stringContaining(named), code });
    expect(await rule.list?.(place, answering({ DBInstanceIdentifier: 'x', ...instance }))).toEqual([]);
  });

  it('waits while an instance is modifying', async () => {
    expect(await planFor(rule, { Engine: 'mysql', DBInstanceStatus: 'modifying' })).toEqual({
      blocked: expect.stringContaining('modifying'),
      code: 'being-modified',
    });
  });
});
