import { loadRules } from '../../functions/catalogue/catalogue';
import { days } from '../../functions/duration';
import { chain } from '../../functions/log/chain';
import type { TrailContent } from '../../functions/log/read-trail';
import { type RemediationRecord, recordOf } from '../../functions/log/record';
import { trailKey } from '../../functions/log/trail';
import { type Collected, collect } from '../../functions/report/collect';
import type { Facts } from '../../functions/report/facts';
import type { Group } from '../../functions/report/numbers/groups';
import { type Numbers, numbersOf } from '../../functions/report/numbers/numbers';
import type { Span } from '../../functions/report/numbers/span';
import { trailsOf } from '../history/events';
import {
  deadlineOf,
  expectedRecurrence,
  expectedRequirements,
  expectedTimes,
  openSince,
  type Spot,
  spotsOf,
  stoodIn,
  tally,
} from '../history/expected';
import { generate } from '../history/generate';
import type { Script } from '../history/script';
import { standardsText, writtenStandards } from './standards-file';

const catalogue = loadRules().map(({ rule }) => rule);
const rules = catalogue.filter(({ detectedBy: { securityHub, config } }) => securityHub.length + config.length > 0);
const severities = new Map(catalogue.map(({ id, severity }) => [id, severity]));
const controlsOf = (rule: string) => catalogue.find(({ id }) => id === rule)?.detectedBy.securityHub ?? [];

const from = new Date('2026-01-01T00:00:00Z');
const scripts = [...generate({ seed: 15, events: 12_000, from, days: 365, rules })];
const recordOfScript = (script: Script): RemediationRecord =>
  recordOf(
    script,
    trailsOf(script).map(({ trail, events }) => ({ trail, events, forged: [] })),
  );

const periods: readonly (readonly [string, Span])[] = [
  ['the year', { since: from.getTime(), until: from.getTime() + days(365) }],
  ['a quarter', { since: Date.parse('2026-04-01T00:00:00Z'), until: Date.parse('2026-06-30T23:59:59.999Z') }],
  ['a week', { since: Date.parse('2026-09-07T00:00:00Z'), until: Date.parse('2026-09-13T23:59:59.999Z') }],
];

describe.each(periods)('the numbers of %s, compared with what the generator decided', (_, span) => {
  let numbers: Numbers;
  let collected: Collected;
  const stood = stoodIn(scripts, span);
  const spots = spotsOf(stood);

  beforeAll(async () => {
    // What has no event in the period isn't read.
    const read = scripts.filter(({ moments }) => moments.some(({ at }) => at >= span.since && at <= span.until));
    collected = await collect(read.map(recordOfScript), {
      until: span.until,
      severityOf: (rule) => severities.get(rule) ?? 'unknown',
    });
    numbers = numbersOf({ ...collected, span, controlsOf });
  });

  const expectGroup = (group: Group | undefined, some: readonly Spot[]) => {
    const all = some.flatMap((spot) => spot.all);
    expect(group?.found).toBe(some.length);
    expect(nonzero(group?.counts ?? {})).toEqual(tally(some.map(({ counts }) => counts.group)));
    expect(group?.recurrence).toEqual(expectedRecurrence(some, span));
    expect(group?.times).toEqual(expectedTimes(all, span));
    expect(group?.detectorDisagrees).toBe(all.filter(({ detectorSays }) => detectorSays === 'disputed').length);
  };
  const expectGroups = (groups: readonly Group[], keyOf: (spot: Spot) => string) => {
    const keys = [...new Set(spots.map(keyOf))];
    expect(groups.map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
    for (const key of keys) {
      expectGroup(
        groups.find((group) => group.key === key),
        spots.filter((spot) => keyOf(spot) === key),
      );
    }
  };

  it('has a mix worth comparing', () => {
    expect(stood.length).toBeGreaterThan(20);
    expect(Object.keys(tally(stood.map(({ group }) => group))).length).toBeGreaterThan(6);
  });

  it('counts all, and by severity, rule, control, account and source', () => {
    expect(numbers.remediations).toBe(stood.length);
    expectGroup(numbers.all, spots);
    expectGroups(numbers.bySeverity, ({ counts }) => counts.script.severity);
    expectGroups(numbers.byRule, ({ counts }) => counts.script.rule);
    expectGroups(numbers.byControl, ({ counts }) => counts.script.detectedBy);
    expectGroups(numbers.byAccount, ({ counts }) => counts.script.account);
    expectGroups(numbers.bySource, ({ counts }) => counts.script.source);
    expectGroups(numbers.byOccurrence, ({ counts }) => counts.script.occurrence ?? 'unknown');
  });

  it('counts by owner, and of one owner what is counted in its group', () => {
    const owners = [...new Set(spots.flatMap(({ counts }) => counts.script.owner ?? []))];
    expect(numbers.byOwner.map(({ key }) => key).toSorted()).toEqual(owners.toSorted());
    for (const owner of owners) {
      const some = spots.filter(({ counts }) => counts.script.owner === owner);
      expectGroup(
        numbers.byOwner.find(({ key }) => key === owner),
        some,
      );
      const own = numbersOf({ ...collected, span, controlsOf, owner });
      expectGroup(own.all, some);
      expect(own.byOwner.map(({ key }) => key)).toEqual([owner]);
    }
  });

  it('says which deadlines passed, and which end within a day', () => {
    const all = spots.map((spot) => ({ spot, ...deadlineOf(spot, span.until) }));
    const nameOf = ({ counts: { script } }: Spot) => `${script.rule} ${script.remediation}`;
    const listed = (due: Numbers['open']['deadlineMissed']) =>
      due.map(({ of: { last }, deadline }) => `${last.rule} ${last.remediation} ${deadline}`).toSorted();
    const missed = all.flatMap(({ spot, missed: at }) => (at === undefined ? [] : [`${nameOf(spot)} ${at}`]));
    expect(listed(numbers.open.deadlineMissed)).toEqual(missed.toSorted());
    const soon = all.flatMap(({ spot, missed: passed, last: at }) =>
      passed === undefined && at !== undefined && at > span.until && at <= span.until + days(1) ? [`${nameOf(spot)} ${at}`] : [],
    );
    expect(listed(numbers.open.deadlineSoon)).toEqual(soon.toSorted());
    if (span.until - span.since > days(30)) expect(missed.length).toBeGreaterThan(10);
  });

  it('counts by standard and requirement', () => {
    const known = new Map(spots.map((spot) => [spot, expectedRequirements(spot.counts.script, rules)]));
    const requirementsOf = (spot: Spot) => known.get(spot) ?? [];
    const requirements = [...new Set(spots.flatMap(requirementsOf))];
    expect(numbers.byRequirement.map(({ standard, requirement }) => `${standard} ${requirement}`).toSorted()).toEqual(
      requirements.toSorted(),
    );
    for (const group of numbers.byRequirement) {
      expectGroup(
        group,
        spots.filter((spot) => requirementsOf(spot).includes(`${group.standard} ${group.requirement}`)),
      );
    }
    const standardsOf = (spot: Spot) => [...new Set(requirementsOf(spot).map((text) => text.split(' ')[0] ?? ''))];
    const standards = [...new Set(spots.flatMap(standardsOf))];
    expect(numbers.byStandard.map(({ key }) => key).toSorted()).toEqual(standards.toSorted());
    for (const group of numbers.byStandard) {
      expectGroup(
        group,
        spots.filter((spot) => standardsOf(spot).includes(group.key)),
      );
    }
  });

  it('says what is open, by age', () => {
    const open = spots.filter(({ counts }) => !['fixed', 'exempt', 'compliant'].includes(counts.group));
    const ages = open.map((spot) => {
      const age = (span.until - (openSince(spot) ?? 0)) / days(1);
      const group = [1, 7, 30, 90].filter((limit) => age >= limit).length;
      return `${spot.counts.script.severity} ${group}`;
    });
    const found = Object.entries(numbers.open.bySeverity).flatMap(([severity, row]) =>
      row.map((count, group) => [`${severity} ${group}`, count] as const),
    );
    expect(numbers.open.total).toBe(open.length);
    expect(nonzero(Object.fromEntries(found))).toEqual(tally(ages));
    const waiting = open.filter(({ counts }) => counts.group === 'waiting');
    expect(numbers.open.overdue).toHaveLength(
      waiting.filter(({ counts }) => counts.until !== undefined && counts.until < span.until).length,
    );
    expect(numbers.open.awaitingApproval.map(({ last }) => last.remediation)).toEqual(
      waiting
        .filter(({ counts }) => counts.outcome === 'awaiting-approval')
        .toSorted((a, b) => a.counts.at - b.counts.at)
        .map(({ counts }) => counts.script.remediation),
    );
  });

  it('says who answered, which exemptions end, what came back, and when all was stopped', () => {
    const answers = scripts
      .filter(({ rule }) => rule !== 'posture')
      .flatMap(({ moments }) => moments)
      .filter(({ by, kind, at }) => by === 'control' && ['approved', 'rejected'].includes(kind) && at >= span.since && at <= span.until);
    // Of a plan that was approved in the period, and has no outcome in it yet, the answer counts, too.
    const counted = numbers.answers.flatMap(({ by, approved, rejected }) => [
      ...Array.from({ length: approved }, () => `${by} approved`),
      ...Array.from({ length: rejected }, () => `${by} rejected`),
    ]);
    expect(tally(counted)).toEqual(tally(answers.map(({ person, kind }) => `${person} ${kind}`)));

    const ending = spots.filter(
      ({ counts: { group, until = 0 } }) => group === 'exempt' && until >= span.until && until <= span.until + days(30),
    );
    expect(numbers.expiring.map(({ last }) => last.remediation).toSorted()).toEqual(
      ending.map(({ counts }) => counts.script.remediation).toSorted(),
    );

    const back = spots.filter((spot) => expectedRecurrence([spot], span).recurred > 0);
    expect(numbers.recurring.map(({ of: { last } }) => `${last.rule} ${last.resource}`).toSorted()).toEqual(
      back.map(({ counts: { script } }) => `${script.rule} ${script.resource}`).toSorted(),
    );

    const central = scripts.filter(({ rule, detected }) => rule === 'posture' && detected >= span.since && detected <= span.until);
    expect(tally(numbers.central.map(({ kind, by }) => `${kind} ${by}`))).toEqual(
      tally(central.map(({ moments: [moment] }) => `${moment?.kind} ${moment?.person}`)),
    );
  });

  it('counts the outcomes over time', () => {
    const found = numbers.timeline.buckets.flatMap(({ from, counts }) =>
      Object.entries(counts).map(([group, count]) => [`${from} ${group}`, count] as const),
    );
    const firstDay = (time: number): string => {
      const date = new Date(time);
      if (numbers.timeline.unit === 'month') date.setUTCDate(1);
      // Back to Monday.
      if (numbers.timeline.unit === 'week') while (date.getUTCDay() !== 1) date.setUTCDate(date.getUTCDate() - 1);
      return date.toISOString().slice(0, 10);
    };
    expect(nonzero(Object.fromEntries(found))).toEqual(tally(stood.map(({ at, group }) => `${firstDay(at)} ${group}`)));
  });

  it('counts the events that were read, and finds no chain broken', () => {
    const read = scripts.filter(({ moments }) => moments.some(({ at }) => at >= span.since && at <= span.until));
    expect(collected.integrity).toEqual({
      remediations: read.length,
      trails: read.reduce((sum, { moments }) => sum + new Set(moments.map(({ by }) => by)).size, 0),
      events: read.reduce((sum, { moments }) => sum + moments.length, 0),
      broken: [],
      forged: [],
    });
  });
});

describe('a report', () => {
  it('does not use a remediation whose chain is broken, and says which', async () => {
    const script = scripts.find(({ moments }) => moments.length > 2 && moments.every(({ by }) => by === 'rule')) as Script;
    const [{ trail, events } = { trail: undefined, events: [] }] = trailsOf(script);
    if (!trail) throw new Error('The script has no trail.');
    const altered = events.map((event, index) => (index === 0 ? { ...event, reason: 'Nothing to see.' } : event));
    const { facts, integrity } = await collect([recordOf(script, [{ trail, events: altered, forged: [] }])], {
      until: Number.POSITIVE_INFINITY,
      severityOf: (): Facts['severity'] => 'high',
    });
    expect(facts).toEqual([]);
    expect(integrity.broken).toEqual([
      { remediation: `${script.rule}/${script.remediation}`, why: expect.stringContaining('Event 1 was altered') },
    ]);
  });

  it('does not use what a command line claims about a remediation of a function, and says which', async () => {
    const script = scripts.find(
      ({ moments }) => moments.every(({ by }) => by === 'rule') && moments.at(-1)?.outcome === 'failed',
    ) as Script;
    const [made] = trailsOf(script);
    const [first] = made?.events ?? [];
    if (!made || !first) throw new Error('The script has no trail.');
    const own = { trail: made.trail, events: made.events, forged: [] };
    const trail = { ...made.trail, by: 'local', user: 'AIDAMALLORY' } as const;
    const { sequence: _, time: __, previous: ___, hash: ____, ...subject } = first;
    const claim = { ...subject, kind: 'verified', outcome: 'fixed' } as const;
    const read = async (...trails: readonly TrailContent[]) =>
      collect([recordOf(script, trails)], { until: Number.POSITIVE_INFINITY, severityOf: () => 'high' });
    const chained = chain(claim, undefined, claim, new Date('2027-01-01T00:00:00Z'));
    const honest = await read(own);
    expect(honest.facts).toMatchObject([{ outcome: 'failed' }]);
    for (const events of [[chained], [{ ...chained, reason: 'The chain is broken.' }]]) {
      const { facts, integrity } = await read(own, { trail, events, forged: [] });
      expect(facts).toEqual(honest.facts);
      expect(integrity.broken).toEqual([]);
      expect(integrity.forged).toEqual([
        { trail: trailKey(trail), sequence: 1, why: 'The remediation is that of the function of the rule.' },
      ]);
    }
    // Their own ones count.
    expect((await read({ trail, events: [chained], forged: [] })).facts).toMatchObject([{ outcome: 'fixed' }]);
  });

  it('has the standards of the controls that rules fix', () => {
    expect(JSON.parse(writtenStandards())).toEqual(JSON.parse(standardsText()));
  });
});

const nonzero = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
