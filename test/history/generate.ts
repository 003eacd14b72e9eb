import { ulid } from 'ulid';
import { days, hours, minutes, seconds } from '../../functions/duration';
import type { Outcome } from '../../functions/log/event';
import type { Rule } from '../../rules/rule';
import { type Life, lives, momentsOf, people } from './lives';
import { resourceName } from './names';
import { type Random, seededRandom } from './random';
import type { Moment, Script } from './script';

/** What of a rule the history needs. */
export type RuleOfHistory = Pick<Rule, 'id' | 'severity' | 'resource' | 'detectedBy'>;

export interface HistoryOptions {
  readonly seed: number;
  /** The number of events after which no new misconfiguration begins. */
  readonly events: number;
  readonly from: Date;
  readonly days: number;
  readonly rules: readonly RuleOfHistory[];
  readonly accounts?: number;
  /** The share of resources with hostile names. */
  readonly hostile?: number;
  /** How many times a policy was published, evenly over the time; none, if left out. */
  readonly publications?: number;
}

/** A misconfiguration: one resource that does not satisfy one rule. */
type Place = Pick<
  Script,
  'rule' | 'severity' | 'account' | 'region' | 'resource' | 'resourceType' | 'source' | 'detectedBy' | 'finding' | 'owner'
>;

/** A quarter of the resources has no owner. */
const owners = ['web-team', '<b>data</b>', '=payments'] as const;

const regions = ['eu-west-1', 'eu-central-1', 'us-east-1'] as const;

/**
 * A history as an organization has it, by misconfiguration: what is only observed is reported again each week, and some of what was fixed
 * comes back. Not in the order of time.
 */
export function* generate(options: HistoryOptions): Generator<Script> {
  const { seed, events, from, rules, hostile = 0.02 } = options;
  const random = seededRandom(seed);
  const accounts = Array.from({ length: options.accounts ?? 40 }, (_, index) =>
    String(100_000_000_000 + index * 7_919_000_003).slice(0, 12),
  );
  const start = from.getTime();
  const end = start + days(options.days);
  let count = 0;
  for (const script of published(random, options.publications ?? 0, { start, end })) yield script;
  for (let number = 1; count < events; number += 1) {
    if (random.chance(0.001)) {
      for (const script of stopAndResume(random, start + random.next() * (end - start))) {
        count += script.moments.length;
        yield script;
      }
    }
    const place = placeOf(random, number, { rules, accounts, hostile });
    for (const script of livesAt(place, Math.floor(start + random.next() * (end - start)), end, random)) {
      count += script.moments.length;
      yield script;
    }
  }
}

function placeOf(
  random: Random,
  number: number,
  {
    rules,
    accounts,
    hostile,
  }: { readonly rules: readonly RuleOfHistory[]; readonly accounts: readonly string[]; readonly hostile: number },
): Place {
  const rule = random.pick(rules);
  // A few accounts have most of the misconfigurations.
  const account = accounts[Math.floor(random.next() ** 2 * accounts.length)] ?? '';
  const region = random.pick(regions);
  const [kind] = [rule.resource].flat();
  const resourceType = kind?.type ?? '';
  const { securityHub, config } = rule.detectedBy;
  const byConfig = config.length > 0 && (securityHub.length === 0 || random.chance(0.25));
  const source = byConfig ? 'config' : random.weighted({ 'security-hub': 80, 'security-hub-v2': 15, sweep: 5 });
  const detectedBy = random.pick(byConfig ? config : securityHub);
  const resource = `arn:aws:${resourceType.split('::')[1]?.toLowerCase()}:${region}:${account}:${resourceName(random, number, hostile)}`;
  const owner = owners[number % 4];
  const finding = `arn:aws:securityhub:${region}:${account}:finding/${number}`;
  return {
    rule: rule.id,
    severity: rule.severity,
    account,
    region,
    resource,
    resourceType,
    source,
    detectedBy,
    finding,
    ...(owner !== undefined && { owner }),
  };
}

/** The remediations of one misconfiguration, one after another. */
function* livesAt(place: Place, first: number, end: number, random: Random): Generator<Script> {
  let life = random.weighted(lives) as Life;
  let detected = first;
  let since = first;
  for (let times = 0; detected < end && times < 8; times += 1) {
    const script = scriptOf(place, { life, detected: since, reported: detected }, random);
    yield script;
    const last = script.moments.at(-1)?.at ?? detected;
    if (life === 'observed' && random.chance(0.6)) {
      detected = last + days(7) + minutes(random.between(1, 600));
      // AWS Config evaluates again, Security Hub says when it found it first.
      if (place.source === 'config') since = detected;
      if (random.chance(0.15)) life = 'fixed';
    } else if (['fixed', 'approved', 'deferred'].includes(life) && random.chance(0.12)) {
      detected = last + hours(random.between(1, 60 * 24));
      since = detected;
    } else return;
  }
}

interface Report {
  readonly life: Life;
  readonly detected: number;
  readonly reported: number;
}

function scriptOf(place: Place, { life, detected, reported }: Report, random: Random): Script {
  const received = reported + (random.chance(0.9) ? random.between(seconds(1), minutes(3)) : random.between(minutes(3), hours(20)));
  const remediation = ulid(received, () => random.next());
  const occurred = random.chance(0.3) ? detected - random.between(minutes(1), hours(24)) : undefined;
  const deadline = place.severity === 'critical' || place.severity === 'high' ? detected + days(3) : undefined;
  return {
    ...place,
    remediation,
    ...(occurred !== undefined && { occurred, occurrence: (['activity', 'change', 'stated'] as const)[occurred % 3] ?? 'change' }),
    detected,
    received,
    moments: momentsOf(life, received, random).map((moment) =>
      deadline !== undefined && moment.outcome !== undefined && unended.includes(moment.outcome) ? { ...moment, deadline } : moment,
    ),
  };
}

const unended: readonly Outcome[] = [
  'observed',
  'awaiting-approval',
  'deferred',
  'unfixable',
  'disputed',
  'failed',
  'unverified',
  'incomplete',
];

/** What concerns all rules, and no resource. */
const central = (random: Random, at: number, moments: readonly Moment[]): Script => ({
  remediation: ulid(at, () => random.next()),
  rule: 'posture',
  severity: 'low',
  account: '123456789012',
  region: 'eu-west-1',
  resource: 'AWS::::Account:123456789012',
  resourceType: 'AWS::::Account',
  source: 'control',
  detectedBy: 'none',
  finding: 'none',
  detected: at,
  received: at,
  moments,
});

/** Policies, each with who published it an hour later. */
function* published(random: Random, count: number, { start, end }: { readonly start: number; readonly end: number }): Generator<Script> {
  for (let number = 1; number <= count; number += 1) {
    const at = Math.floor(start + ((end - start) * number) / (count + 1));
    yield central(random, at, [
      { at, by: 'control', kind: 'policy-published', person: 'unknown', policy: number },
      { at: at + hours(1), by: 'control', kind: 'publisher-identified', person: random.pick(people) },
    ]);
  }
}

/** A stop and its end are no remediation of a resource: they concern all rules. */
function stopAndResume(random: Random, time: number): readonly Script[] {
  const person = random.pick(people);
  const at = Math.floor(time);
  const one = (moment: Moment): Script => central(random, moment.at, [moment]);
  return [
    one({ at, by: 'control', kind: 'stopped', person }),
    one({ at: at + minutes(random.between(5, 300)), by: 'control', kind: 'resumed', person }),
  ];
}
