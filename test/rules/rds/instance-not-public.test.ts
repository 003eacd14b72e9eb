import {
  AddTagsToResourceCommand,
  type DBInstance,
  DescribeDBInstancesCommand,
  ListTagsForResourceCommand,
  ModifyDBInstanceCommand,
  type ModifyDBInstanceCommandInput,
  RDSClient,
  StopDBInstanceCommand,
} from '@aws-sdk/client-rds';
import type { Clock } from '../../../functions/clock';
import type { Finding } from '../../../functions/findings/finding';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import { rollback } from '../../../functions/rollback/rollback';
import { dbInstance } from '../../../rules/rds/db-instance/resource';
import rule from '../../../rules/rds/instance-not-public';
import { notFound, type Resource } from '../../../rules/rule';
import { useBench } from '../../contract/bench';
import { describeRule } from '../../contract/describe-rule';
import { mockClient } from '../../emulator/models/mock-client';
import { answering, instanceOf, instanceWith } from './db-instance/seed';

describeRule(rule, {
  violations: {
    'a public instance': {
      seed: instanceWith({ PubliclyAccessible: true }),
      configId: async (world, id) => (await instanceOf(world, id)).DbiResourceId ?? '',
    },
    'a public instance with tags and a backup window': {
      async seed(world) {
        const id = await instanceWith({ PubliclyAccessible: true, PreferredBackupWindow: '03:00-04:00', BackupRetentionPeriod: 7 })(world);
        const { DBInstanceArn: ResourceName } = await instanceOf(world, id);
        await world.send(new AddTagsToResourceCommand({ ResourceName, Tags: [{ Key: 'owner', Value: 'billing' }] }));
        return id;
      },
      async fixed(world, id) {
        expect(await instanceOf(world, id)).toMatchObject({ PreferredBackupWindow: '03:00-04:00', BackupRetentionPeriod: 7 });
      },
    },
  },
  compliant: { 'a private instance': { seed: instanceWith({ PubliclyAccessible: false }) } },
  obstacles: {
    'a public instance that is stopped': {
      async seed(world) {
        const DBInstanceIdentifier = await instanceWith({ PubliclyAccessible: true })(world);
        await world.send(new StopDBInstanceCommand({ DBInstanceIdentifier }));
        return DBInstanceIdentifier;
      },
      outcome: 'unfixable',
      reason: /stopped/,
    },
  },
  missing: 'no-such-instance',
});

describe('a change that is accepted at once, and true minutes later', () => {
  const bench = useBench(rule, {});
  const mockRds = () => mockClient(RDSClient);
  let rds: ReturnType<typeof mockRds>;
  const { clock, at } = clockAt(new Date());
  let finding: Finding;
  let resource: Resource;
  /** Looks at the instance that still show the old setting, after the change. */
  let looksUntilTrue = 0;
  let status = 'available';
  let isPublic = true;
  let wanted = true;

  beforeAll(() => {
    rds = mockRds();
  });
  beforeEach(async () => {
    const world = await bench.world();
    ({ finding, resource } = bench.finding(world, `slow-${world.account}`));
    [looksUntilTrue, status, isPublic, wanted] = [0, 'available', true, true];
    bench.scheduled.splice(0);
    rds.reset();
    rds.on(ListTagsForResourceCommand).resolves({ TagList: [] });
    rds.on(ModifyDBInstanceCommand).callsFake(({ PubliclyAccessible }: ModifyDBInstanceCommandInput) => {
      wanted = PubliclyAccessible ?? isPublic;
      status = 'modifying';
    });
    rds.on(DescribeDBInstancesCommand).callsFake(() => {
      if (isPublic !== wanted && looksUntilTrue-- <= 0) [status, isPublic] = ['available', wanted];
      return { DBInstances: [{ DBInstanceStatus: status, PubliclyAccessible: isPublic }] };
    });
  });
  afterAll(() => rds.restore());

  const deliver = () => bench.handle(finding, { mode: 'fix', parameters: {} }, { clock });

  it('is fixed on the second look', async () => {
    looksUntilTrue = 20;
    expect(await deliver()).toMatchObject({ outcome: 'verifying' });
    expect(bench.scheduled).toHaveLength(1);
    expect(bench.scheduled[0]?.again).toMatchObject({ finding, number: 1 });
    at(bench.scheduled[0]?.at);

    looksUntilTrue = 0;
    expect(await deliver()).toMatchObject({ outcome: 'fixed' });
    expect(rds.commandCalls(ModifyDBInstanceCommand)).toHaveLength(1);
    expect(bench.scheduled).toHaveLength(1);
  });

  it('is fixed after many looks, within half an hour', async () => {
    looksUntilTrue = Infinity;
    const start = clock.now().getTime();
    expect(await deliver()).toMatchObject({ outcome: 'verifying' });
    for (let looks = 1; looks < 3; looks += 1) {
      at(bench.scheduled.at(-1)?.at);
      expect(await deliver()).toMatchObject({ outcome: 'verifying' });
    }
    at(bench.scheduled.at(-1)?.at);
    looksUntilTrue = 0;
    expect(await deliver()).toMatchObject({ outcome: 'fixed' });
    expect(clock.now().getTime() - start).toBeLessThan(1800_000);
    expect(rds.commandCalls(ModifyDBInstanceCommand)).toHaveLength(1);
  });

  it('is unverified where it never comes true', async () => {
    looksUntilTrue = Infinity;
    const start = clock.now().getTime();
    let result = await deliver();
    for (let looks = 0; result.outcome === 'verifying' && looks < 10; looks += 1) {
      at(bench.scheduled.at(-1)?.at);
      result = await deliver();
    }
    expect(result).toMatchObject({ outcome: 'unverified', reason: expect.stringContaining('The instance is modifying') });
    expect(clock.now().getTime() - start).toBeGreaterThanOrEqual(1800_000);
    expect(rds.commandCalls(ModifyDBInstanceCommand)).toHaveLength(1);
  });

  it('is rolled back as slowly, which a second request notes', async () => {
    const { remediation } = await deliver();
    status = 'backing-up';
    looksUntilTrue = 20;
    const ports = bench.rollbackTools(resource);
    const early = await rollback({ remediation, force: false }, ports);
    expect(early).toMatchObject({ outcome: 'rollback-failed', reason: expect.stringContaining('30 minutes') });
    looksUntilTrue = 0;
    expect(await rollback({ remediation, force: false }, ports)).toMatchObject({ outcome: 'rolled-back' });
    expect(rds.commandCalls(ModifyDBInstanceCommand, { PubliclyAccessible: true })).toHaveLength(1);
  });

  it('waits first for the change of somebody else', async () => {
    status = 'backing-up';
    expect(await deliver()).toMatchObject({ outcome: 'blocked', reason: expect.stringContaining('The instance is backing-up') });
    expect(rds.commandCalls(ModifyDBInstanceCommand)).toHaveLength(0);
    expect(bench.scheduled).toHaveLength(1);

    at(bench.scheduled[0]?.at);
    status = 'available';
    expect(await deliver()).toMatchObject({ outcome: 'fixed' });
  });
});

describe('the plan', () => {
  const place = { partition: 'aws', account: '1', region: 'eu-west-1' };
  const resource = { ...place, type: dbInstance.type, id: 'orders', arn: 'arn:aws:rds:eu-west-1:1:db:orders' };
  const plan = async (instance: Partial<DBInstance>) => {
    const state = await rule.inspect(resource, answering({ PubliclyAccessible: true, DBInstanceStatus: 'available', ...instance }));
    if (state === notFound) throw new Error('It is gone.');
    const changes = rule.plan(resource, state, { parameters: {}, detectedBy: 'RDS.2', now: new Date() });
    return isChanges(changes) ? changes.map(loggedChange) : changes;
  };

  it('leaves to their maintenance window the changes that wait for it', async () => {
    const changes = await plan({ PendingModifiedValues: { DBInstanceClass: 'db.r6g.16xlarge' } });
    const input = { DBInstanceIdentifier: 'orders' };
    expect(changes).toMatchObject([
      { do: { input: { ...input, PubliclyAccessible: false } }, undo: { input: { ...input, PubliclyAccessible: true } } },
    ]);
    expect(JSON.stringify(changes)).not.toContain('ApplyImmediately');
  });

  it.each(['available', 'storage-optimization', 'storage-initialization'])('changes an instance that is %s', async (DBInstanceStatus) => {
    expect(await plan({ DBInstanceStatus })).toHaveLength(1);
  });

  it.each(['creating', 'modifying', 'backing-up', 'rebooting', 'deleting', 'a-status-of-tomorrow'])(
    'waits while an instance is %s',
    async (DBInstanceStatus) => {
      expect(await plan({ DBInstanceStatus })).toEqual({
        blocked: expect.stringContaining(DBInstanceStatus),
        code: 'being-modified',
      });
    },
  );

  it.each([
    'failed',
    'stopped',
    'restore-error',
    'upgrade_failed',
    'insufficient-capacity',
    'incompatible-network',
    'incompatible-parameters',
    'inaccessible-encryption-credentials',
    'inaccessible-encryption-credentials-recoverable',
  ])('leaves an instance that is %s to somebody who can help it', async (DBInstanceStatus) => {
    expect(await plan({ DBInstanceStatus })).toEqual({
      unfixable: expect.stringContaining(DBInstanceStatus),
      code: DBInstanceStatus === 'stopped' ? 'instance-stopped' : 'resource-failed',
    });
  });

  it('changes an instance of Aurora, though it is in a cluster', async () => {
    expect(await plan({ Engine: 'aurora-postgresql', DBClusterIdentifier: 'orders-cluster' })).toHaveLength(1);
  });

  it('changes a read replica', async () => {
    const replica = {
      ReadReplicaSourceDBInstanceIdentifier: 'orders-primary',
      StatusInfos: [{ StatusType: 'read replication', Normal: true }],
    };
    expect(await plan({ Engine: 'postgres', ...replica })).toHaveLength(1);
  });

  it('can do nothing about a member of a Multi-AZ DB cluster', async () => {
    const unfixable = expect.stringContaining('Multi-AZ DB cluster orders-cluster');
    expect(await plan({ Engine: 'postgres', DBClusterIdentifier: 'orders-cluster' })).toEqual({ unfixable, code: 'cluster-member' });
  });

  it('finds a private instance compliant, whatever it is doing', async () => {
    const busy = { PubliclyAccessible: false, DBInstanceStatus: 'modifying' };
    expect(await plan(busy)).toEqual([]);
    expect(await rule.inspect(resource, answering(busy))).toEqual({ publiclyAccessible: false });
  });
});

it("takes for AWS Config's instance none but the one with that very resource id", async () => {
  const instance = { DbiResourceId: 'db-BBBBBBBBBBBBBBBBBBBBBBBBBB', DBInstanceArn: 'arn:aws:rds:eu-west-1:1:db:two' };
  const place = { partition: 'aws', account: '1', region: 'eu-west-1' };
  expect(await dbInstance.resolve?.('db-BBBBBBBBBBBBBBBBBBBBBBBBBB', place, answering(instance))).toEqual([instance.DBInstanceArn]);
  expect(await dbInstance.resolve?.('db-AAAAAAAAAAAAAAAAAAAAAAAAAA', place, answering(instance))).toEqual([]);
});

/** A clock that passes the time of a sleep by itself, and can be put forward. */
function clockAt(start: Date): { readonly clock: Clock; readonly at: (time: Date | undefined) => void } {
  let now = start.getTime();
  return {
    clock: {
      now: () => new Date(now),
      async sleep(milliseconds) {
        now += milliseconds;
      },
    },
    at(time) {
      if (!time) throw new Error('No time to come again.');
      now = Math.max(now, time.getTime());
    },
  };
}
