import rule from '../../../rules/rds/instance-minor-upgrades-automatic';
import { describeRule } from '../../contract/describe-rule';
import { answering, instanceOf, instanceWith, place, planFor, stoppedInstanceWith } from './db-instance/seed';

describeRule(rule, {
  violations: {
    'an instance that stays at its minor version': {
      seed: instanceWith({ AutoMinorVersionUpgrade: false, PreferredMaintenanceWindow: 'sun:04:00-sun:04:30' }),
      configId: async (world, id) => (await instanceOf(world, id)).DbiResourceId ?? '',
      async fixed(world, id) {
        expect(await instanceOf(world, id)).toMatchObject({
          AutoMinorVersionUpgrade: true,
          PreferredMaintenanceWindow: 'sun:04:00-sun:04:30',
        });
      },
    },
  },
  compliant: { 'an instance that is upgraded by AWS': { seed: instanceWith({ AutoMinorVersionUpgrade: true }) } },
  obstacles: {
    'an instance that is stopped': {
      seed: stoppedInstanceWith({ AutoMinorVersionUpgrade: false }),
      outcome: 'unfixable',
      reason: /The instance is stopped/,
    },
  },
  missing: 'no-such-instance',
});

describe('the plan', () => {
  it('changes an instance of Aurora, though it is in a cluster, and nothing but this', async () => {
    const input = { DBInstanceIdentifier: 'orders' };
    expect(await planFor(rule, { Engine: 'aurora-postgresql', DBClusterIdentifier: 'orders-cluster' })).toEqual([
      {
        do: expect.objectContaining({ input: { ...input, AutoMinorVersionUpgrade: true } }),
        undo: expect.objectContaining({ input: { ...input, AutoMinorVersionUpgrade: false } }),
      },
    ]);
  });

  it('can do nothing for a member of a Multi-AZ DB cluster', async () => {
    const member = { Engine: 'postgres', DBClusterIdentifier: 'orders-cluster' };
    expect(await planFor(rule, member)).toEqual({
      unfixable: expect.stringContaining('Multi-AZ DB cluster orders-cluster'),
      code: 'cluster-member',
    });
  });

  it('can do nothing for an instance of RDS Custom', async () => {
    expect(await planFor(rule, { Engine: 'custom-oracle-ee' })).toEqual({
      unfixable: expect.stringContaining('custom-oracle-ee'),
      code: 'not-supported',
    });
  });
});

it('lists what it can change', async () => {
  const aws = answering(
    { DBInstanceIdentifier: 'orders', Engine: 'mysql' },
    { DBInstanceIdentifier: 'custom', Engine: 'custom-sqlserver-ee' },
  );
  expect(await rule.list?.(place, aws)).toEqual(['orders']);
});
