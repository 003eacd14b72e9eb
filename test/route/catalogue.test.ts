import { loadRules } from '../../functions/catalogue/catalogue';
import { readEvent } from '../../functions/sources/read-event';
import { eventPatterns } from '../../infra/route/event-pattern';
import { overlaps } from '../../infra/route/overlap';
import { detectorsOf } from '../../rules/detectors';
import { type Rule, toArray } from '../../rules/rule';
import { matcherOf } from '../emulator/event-pattern';
import { eventsOf, exampleOf } from '../events/of-rule';
import { securityHubImported } from '../events/security-hub';

const catalogue = loadRules().map(({ rule }) => rule);
const known = overlaps(catalogue);

const patterns = new Map(catalogue.map((rule) => [rule, eventPatterns(rule)]));
const goesTo = (rule: Rule, isMatch: ReturnType<typeof matcherOf>) => patterns.get(rule)?.some(isMatch);

test('there are rules', () => {
  expect(catalogue.map(({ id }) => id)).toContain('s3-bucket-versioning-enabled');
});

describe.each(catalogue.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  const events = eventsOf(rule).map((one) => ({ ...one, isMatch: matcherOf(one.event) }));

  test.each(events.map(({ name, ...rest }) => [name, rest] as const))(
    'gets %s, and reads one finding in it',
    (_, { event, isMatch, detectedBy }) => {
      expect(goesTo(rule, isMatch)).toBe(true);
      expect(readEvent(rule, event, {})).toEqual({ findings: [expect.objectContaining({ detectedBy })], refusals: [] });
    },
  );

  test('shares its events with no other rule, but as the overlaps tell', () => {
    for (const other of catalogue.filter((each) => each !== rule)) {
      const shared = events.filter(({ isMatch }) => goesTo(other, isMatch));
      const told = shared.filter(({ detectedBy }) =>
        known.some(({ rule: one, other: two, on }) => on === detectedBy && [one, two].includes(other.id)),
      );
      expect([other.id, shared.map(({ name }) => name)]).toEqual([other.id, told.map(({ name }) => name)]);

      const alsoTheirs = (detectedBy: string) => detectorsOf(other.detectedBy).includes(detectedBy);
      for (const { event, detectedBy } of shared.filter((each) => !alsoTheirs(each.detectedBy))) {
        expect([other.id, detectedBy, readEvent(other, event, {}).findings]).toEqual([other.id, detectedBy, []]);
      }
    }
  });

  test('does not get the update by which it resolves a finding', () => {
    for (const kind of toArray(rule.resource)) {
      for (const control of rule.detectedBy.securityHub) {
        expect(goesTo(rule, matcherOf(securityHubImported({ control, resource: exampleOf(kind), workflow: 'RESOLVED' })))).toBe(false);
      }
    }
  });
});
