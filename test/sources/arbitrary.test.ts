import { readEvent } from '../../functions/sources/read-event';
import type { Place } from '../../rules/rule';
import { configComplianceChange } from '../events/config';
import { home, resources } from '../events/resources';
import { securityHubCustomAction, securityHubImported } from '../events/security-hub';
import * as fc from '../fast-check';
import { kinds, sought } from './sought';

const central = { account: '999988887777', region: 'us-east-1' };
const elsewhere: Place = { partition: 'aws-cn', account: '444455556666', region: 'cn-north-1' };
const names = ['bucket', 'account', 'user', 'vpc', 'trail'] as const;
const rule = sought(
  names.map((name) => kinds[name]),
  ['EC2.6', 'S3.14'],
  ['vpc-flow-logs-enabled'],
);

const valid = fc
  .record({
    name: fc.constantFrom(...names),
    control: fc.constantFrom('EC2.6', 'S3.14'),
    consolidated: fc.boolean(),
    fromHub: fc.boolean(),
    place: fc.constantFrom(home, elsewhere),
  })
  .chain(({ name, control, consolidated, fromHub, place }) => {
    const resource = resources(place)[name];
    const fault = { ...place, control, consolidated, resource };
    const delivery = fromHub ? central : {};
    return fc.constantFrom<object>(
      securityHubImported(fault, delivery),
      securityHubImported({ ...fault, resource: [resource, resources(place).key, resources(elsewhere)[name]] }, delivery),
      securityHubCustomAction([fault, { ...fault, ...elsewhere }], delivery),
      configComplianceChange({ ...place, rule: 'vpc-flow-logs-enabled', resourceType: resource.type, resourceId: resource.configId }),
    );
  });

/** What an attacker would put in: what is right somewhere else, and what is right nowhere. */
const intruder = fc.oneof(
  fc.constantFrom<unknown>(...Object.values(home), ...Object.values(elsewhere), ...Object.values(central), undefined),
  fc.constantFrom<unknown>(...names.flatMap((name) => [resources()[name].arn, resources(elsewhere)[name].arn, resources()[name].type])),
  fc.constantFrom<unknown>(
    'arn:aws:securityhub:us-east-1::product/aws/securityhub',
    'arn:aws-cn:securityhub:cn-north-1::product/aws/securityhub',
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

const leaves = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] =>
  typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key])) : [path];

const spoilt = fc.tuple(valid, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 }), intruder), { maxLength: 4 })).map(([event, changes]) => {
  const copy = structuredClone(event);
  for (const [index, up, value] of changes) {
    const all = leaves(copy);
    const leaf = all[index % all.length] ?? [];
    const path = up === 0 ? leaf.slice(0, -1) : leaf;
    const parent = path.slice(0, -1).reduce<unknown>((from, key) => Reflect.get(from as object, key), copy);
    if (path.length > 0) Reflect.set(parent as object, path.at(-1) ?? '', value);
  }
  return copy;
});

/** What must hold of the findings of any event at all. */
function expectLawful(event: unknown, centralAccount: string | undefined): void {
  const own = 'aws';
  const { findings, refusals } = readEvent(rule, event, { partition: own, ...(centralAccount === undefined ? {} : { centralAccount }) });
  expect(refusals.map(({ reason }) => reason)).not.toContain('The event can not be read. It must be plain JSON.');
  for (const finding of findings) {
    const { account, region } = event as Place;
    if (account !== centralAccount) expect([finding.account, finding.region]).toEqual([account, region]);
    expect(finding.partition).toBe(own);
    const { reported } = finding.resource;
    const [, partition, , itsRegion = '', itsAccount = ''] =
      'arn' in reported && reported.arn.startsWith('arn:') ? reported.arn.split(':') : [];
    if (partition) expect(partition).toBe(finding.partition);
    if (itsRegion) expect(itsRegion).toBe(finding.region);
    if (itsAccount) expect(itsAccount).toBe(finding.account);
    if (finding.resource.kind === kinds.account)
      expect(Object.values(reported)[0]).toMatch(new RegExp(`^(AWS::::Account:)?${finding.account}$`));
    if (finding.securityHub)
      expect(finding.securityHub.id.split(':').slice(1, 5)).toEqual([finding.partition, 'securityhub', finding.region, finding.account]);
  }
}

test('no JSON at all makes it throw', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (event) => expectLawful(event, undefined)),
    { numRuns: 1_000 },
  );
});

test('no value at all makes it throw', () => {
  fc.assert(
    fc.property(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true }),
      (event) => readEvent(rule, event, {}).findings.length === 0,
    ),
    { numRuns: 1_000 },
  );
});

test('however an event is spoilt, its findings are of its own account, region and partition', () => {
  let acted = 0;
  fc.assert(
    fc.property(spoilt, fc.boolean(), (event, trusted) => {
      expectLawful(event, trusted ? central.account : undefined);
      acted += readEvent(rule, event, { centralAccount: central.account }).findings.length > 0 ? 1 : 0;
    }),
    { numRuns: 1_000 },
  );
  // Were nothing ever found, the law would hold of itself.
  expect(acted).toBeGreaterThan(100);
});
