import { EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { CreateDBSubnetGroupCommand, DescribeDBSnapshotsCommand } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { rollback } from '../../functions/rollback/rollback';
import { readEvent } from '../../functions/sources/read-event';
import { eventPatterns } from '../../infra/route/event-pattern';
import type { Threats } from '../../rules/detectors';
import instanceIsolated from '../../rules/ec2/instance-isolated';
import functionStopped from '../../rules/lambda/function-stopped';
import databaseIsolated from '../../rules/rds/instance-isolated';
import { type Rule, toArray } from '../../rules/rule';
import { useBench } from '../contract/bench';
import type { World } from '../contract/scenario';
import { matcherOf } from '../emulator/event-pattern';
import { guardDutyFinding } from '../events/service-finding';
import { clients, instanceIn, network, quarantineGroup } from '../rules/ec2/instance/compromised';
import { evidenceOf } from '../rules/ec2/instance/evidence';
import { groupPaths, pathsOf } from '../rules/ec2/instance/paths';
import { newFunction } from '../rules/lambda/new-function';
import { instanceOf, instanceWith } from '../rules/rds/db-instance/seed';

/** What an attacker can still use of a resource, judged by what AWS shows: nothing, once it is contained. */
type Judge = (world: World, id: string) => Promise<readonly string[]>;

interface Case {
  readonly rule: Rule;
  readonly clients: readonly Rule['clients'][number][];
  readonly seed: (world: World) => Promise<string>;
  readonly arn: (world: World, id: string) => string;
  readonly judge: Judge;
  /** What is kept as evidence, one line for each thing that has to be, which ends with the number of copies. */
  readonly kept?: Judge;
  readonly types: readonly (readonly [type: string, role: Threats['resourceRole']])[];
}

const typesOf = (rule: Rule): Case['types'] =>
  toArray(rule.detectedBy.guardDuty ?? []).flatMap(({ types, resourceRole }) => types.map((type) => [type, resourceRole] as const));

const cases: Readonly<Record<string, Case>> = {
  'an instance': {
    rule: instanceIsolated as unknown as Rule,
    clients,
    async seed(world) {
      const own = await network(world);
      await quarantineGroup(world, own, { tagged: true, egress: false });
      return instanceIn(world, own);
    },
    arn: ({ account, region }, id) => `arn:aws:ec2:${region}:${account}:instance/${id}`,
    judge: pathsOf,
    kept: evidenceOf,
    // All types go through the route in test/route/catalogue.test.ts; here, each fourth goes all the way.
    types: typesOf(instanceIsolated as unknown as Rule).filter((_, index) => index % 4 === 0),
  },
  'a function': {
    rule: functionStopped as unknown as Rule,
    clients: [IAMClient, S3Client],
    seed: newFunction,
    arn: ({ account, region }, id) => `arn:aws:lambda:${region}:${account}:function:${id}`,
    async judge(world, FunctionName) {
      const { ReservedConcurrentExecutions = 'unreserved' } = await world.send(new GetFunctionConcurrencyCommand({ FunctionName }));
      return ReservedConcurrentExecutions === 0 ? [] : [`runs ${ReservedConcurrentExecutions}`];
    },
    types: typesOf(functionStopped as unknown as Rule),
  },
  'a database': {
    rule: databaseIsolated as unknown as Rule,
    clients: [EC2Client],
    async seed(world) {
      const own = await network(world);
      await quarantineGroup(world, own, { tagged: true, egress: false });
      const group = { DBSubnetGroupName: 'data', DBSubnetGroupDescription: 'data', SubnetIds: [...own.subnets] };
      await world.send(new CreateDBSubnetGroupCommand(group));
      return instanceWith({ DBSubnetGroupName: 'data', VpcSecurityGroupIds: [...own.groups], PubliclyAccessible: true })(world);
    },
    arn: ({ account, region }, id) => `arn:aws:rds:${region}:${account}:db:${id}`,
    async judge(world, id) {
      const { VpcSecurityGroups = [], PubliclyAccessible } = await instanceOf(world, id);
      const paths: string[] = PubliclyAccessible ? ['public'] : [];
      for (const { VpcSecurityGroupId = '' } of VpcSecurityGroups) paths.push(...(await groupPaths(world, id, VpcSecurityGroupId)));
      return paths.sort();
    },
    async kept(world, id) {
      const { DBSnapshots = [] } = await world.send(new DescribeDBSnapshotsCommand({ DBInstanceIdentifier: id, SnapshotType: 'manual' }));
      return [`${id} ${DBSnapshots.length}`];
    },
    types: typesOf(databaseIsolated as unknown as Rule),
  },
};

const eventFor = ({ rule, arn }: Case, place: World, id: string, [type, role]: Case['types'][number]) => {
  const [kind] = toArray(rule.resource);
  return guardDutyFinding({
    partition: place.partition,
    account: place.account,
    region: place.region,
    type,
    resource: { type: kind?.type ?? '', arn: arn(place, id) },
    ...(role && { resourceRole: role }),
  });
};

const reaches = (rule: Rule, event: object): boolean => eventPatterns(rule).some(matcherOf(event));

describe.each(Object.entries(cases))('%s', (_, one) => {
  const bench = useBench(one.rule, { clients: one.clients });
  let shared: Promise<{ readonly world: World; readonly id: string; readonly before: readonly string[] }> | undefined;

  const seeded = () =>
    (shared ??= (async () => {
      const world = await bench.world();
      const id = await one.seed(world);
      return { world, id, before: await one.judge(world, id) };
    })());

  test.each(one.types.map((type) => [type[0], type] as const))(
    'of which GuardDuty finds %s is contained, and released',
    async (name, type) => {
      const { world, id, before } = await seeded();
      expect(before.length).toBeGreaterThan(0);
      const event = eventFor(one, world, id, type);
      expect(reaches(one.rule, event)).toBe(true);
      const { findings, refusals } = readEvent(one.rule, event, {});
      expect(refusals).toEqual([]);
      const [finding, ...others] = findings;
      if (!finding) throw new Error('The event has no finding.');
      expect([finding.detectedBy, others]).toEqual([name, []]);

      const asked = await bench.handle(finding, { mode: 'ask', parameters: {} });
      expect(asked).toMatchObject({ outcome: 'awaiting-approval' });
      expect(await one.judge(world, id)).toEqual(before);

      const contained = await bench.handle(finding, { mode: 'fix', parameters: {} });
      expect(contained).toMatchObject({ outcome: 'fixed' });
      expect(await one.judge(world, id)).toEqual([]);

      const { resource } = bench.finding(world, id);
      expect(await rollback({ remediation: contained.remediation, force: false }, bench.rollbackTools(resource))).toMatchObject({
        outcome: 'rolled-back',
      });
      expect(await one.judge(world, id)).toEqual(before);
      // Also after the release.
      const kept = one.kept && (await one.kept(world, id));
      expect(kept?.length).not.toBe(0);
      expect(kept?.filter((line) => line.endsWith(' 0')) ?? []).toEqual([]);
    },
  );
});

const home = { partition: 'aws', account: '111122223333', region: 'eu-west-1' } as World;
const instance = cases['an instance'] as Case;

test.each(typesOf(instance.rule).filter(([, role]) => role === 'ACTOR'))('an instance that is the target of %s is not isolated', (type) => {
  for (const role of ['TARGET', undefined] as const) {
    const event = eventFor(instance, home, 'i-0123456789abcdef0', [type, role]);
    expect(reaches(instance.rule, event)).toBe(false);
    expect(readEvent(instance.rule, event, {}).findings).toEqual([]);
  }
});

test.each(['EKSCluster', 'ECSCluster', 'Container'])('an instance is not isolated for what a container on it does (%s)', (resourceType) => {
  const event = eventFor(instance, home, 'i-0123456789abcdef0', ['Execution:Runtime/ReverseShell', undefined]);
  expect(readEvent(instance.rule, event, {}).findings).toHaveLength(1);
  const container = { ...event, detail: { ...event.detail, resource: { ...event.detail.resource, resourceType } } };
  expect(readEvent(instance.rule, container, {})).toMatchObject({ findings: [], refusals: [{ code: 'other-resource-type' }] });
});

describe('an attack sequence', () => {
  const event = eventFor(instance, home, 'i-0a', ['AttackSequence:EC2/CompromisedInstanceGroup', undefined]);
  const withResources = (resources: unknown) => ({
    ...event,
    detail: { ...event.detail, service: { ...event.detail.service, detection: { sequence: { resources } } } },
  });
  const member = (id: string, over: object = {}) => ({
    uid: `arn:aws:ec2:eu-west-1:111122223333:instance/${id}`,
    resourceType: 'EC2_INSTANCE',
    accountId: '111122223333',
    region: 'eu-west-1',
    ...over,
  });

  it('is a finding of each of its instances, and of nothing else', () => {
    const { findings } = readEvent(
      instance.rule,
      withResources([member('i-0a'), member('i-0b'), member('i-0c', { resourceType: 'ACCESS_KEY' })]),
      {},
    );
    expect(findings.map(({ resource: { reported } }) => reported)).toEqual([
      { arn: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0a' },
      { arn: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0b' },
    ]);
  });

  it('leaves the instances of another account or Region to their own findings', () => {
    const elsewhere = [member('i-0a', { accountId: '999999999999' }), member('i-0b', { region: 'us-east-1' })];
    expect(readEvent(instance.rule, withResources(elsewhere), {})).toMatchObject({
      findings: [],
      refusals: [{ code: 'other-resource-type' }],
    });
  });

  it.each([
    [
      'names an ARN of another account',
      [member('i-0a', { uid: 'arn:aws:ec2:eu-west-1:999999999999:instance/i-0a' })],
      'contradictory-event',
    ],
    ['has too many resources', Array.from({ length: 401 }, (_, index) => member(`i-${index}`)), 'malformed-event'],
    ['has no list', 'all', 'malformed-event'],
    ['has a resource that is none', [7], 'malformed-event'],
  ])('is refused where it %s', (_, resources, code) => {
    expect(readEvent(instance.rule, withResources(resources), {})).toMatchObject({ findings: [], refusals: [{ code }] });
  });
});
