import { loadRules } from '../../functions/catalogue/catalogue';
import { days } from '../../functions/duration';
import type { Facts } from '../../functions/report/facts';
import { placesBy } from '../../functions/report/make-report';
import { numbersOf } from '../../functions/report/numbers/numbers';
import { oscalDocument } from '../../functions/report/oscal/document';

const span = { since: Date.parse('2026-01-01T00:00:00Z'), until: Date.parse('2026-03-31T23:59:59.999Z') };
const rules = new Map(loadRules().map(({ rule }) => [rule.id, rule]));
const inEachRegion = 'ec2-snapshot-public-sharing-blocked';
const inAll = 's3-account-public-access-blocked';
const resource = 'AWS::::Account:111122223333';
const detected = span.since + days(2);

const factsIn = (region: string, rule: string, outcome: 'fixed' | 'failed', at: number): Facts => ({
  ...{ rule, remediation: `${region} ${at}`, severity: 'high', account: '111122223333', region, resource, partition: 'aws' },
  ...{ resourceType: 'AWS::::Account', source: 'config', control: 'none', finding: region, reason: 'Because.' },
  ...{ stamps: { detected, received: detected, decided: at, ...(outcome === 'fixed' && { fixed: at, verified: at }) } },
  ...{ outcome, category: outcome, trail: rule, sequence: 1, hash: '0'.repeat(64), at, answers: [] },
});
const numbersFor = (facts: readonly Facts[]) =>
  numbersOf({ facts, central: [], span, controlsOf: () => ['EC2.182'], placeOf: placesBy(rules) });

describe('a setting of an account', () => {
  const both = (rule: string) => [
    factsIn('us-east-1', rule, 'failed', detected + 1000),
    factsIn('eu-west-1', rule, 'fixed', detected + 2000),
  ];

  it('that each Region has is open in one Region although it is fixed in another', () => {
    const numbers = numbersFor(both(inEachRegion));
    expect(numbers.all.counts).toMatchObject({ fixed: 1, failed: 1 });
    expect(numbers.open.total).toBe(1);
    expect(numbers.all.times.decide.n).toBe(2);
    expect(numbers.misconfigurations.map(({ last: { region } }) => region).toSorted()).toEqual(['eu-west-1', 'us-east-1']);
  });

  it('that each Region has does not come back because another Region is reported', () => {
    const numbers = numbersFor([
      factsIn('eu-west-1', inEachRegion, 'fixed', detected),
      { ...factsIn('us-east-1', inEachRegion, 'failed', detected + 5000), stamps: { detected, received: detected + 4000 } },
    ]);
    expect(numbers.all.recurrence).toMatchObject({ fixes: 1, recurred: 0 });
  });

  it('that is the same in all Regions is one', () => {
    const numbers = numbersFor(both(inAll));
    expect(numbers.all).toMatchObject({ found: 1, counts: { fixed: 1, failed: 0 }, times: { decide: { n: 1 } } });
  });

  it('has an observation and a subject of its own in OSCAL for each Region', () => {
    const integrity = { remediations: 2, trails: 2, events: 2, broken: [], forged: [] };
    const report = {
      numbers: numbersFor(both(inEachRegion)),
      integrity,
      scope: 'all accounts',
      made: span.until,
      version: '1',
      log: 'arn',
    };
    const text = JSON.stringify(oscalDocument(report), (_, value: unknown) =>
      typeof value === 'object' && value !== null && Symbol.iterator in value ? [...(value as Iterable<unknown>)] : value,
    );
    const { results } = (JSON.parse(text) as { 'assessment-results': { results: { observations: { uuid: string }[] }[] } })[
      'assessment-results'
    ];
    for (const { observations } of results) expect(new Set(observations.map(({ uuid }) => uuid)).size).toBe(2);
    expect(results.length).toBeGreaterThan(0);
  });
});
