import type { Cells } from './aws/cells';
import type { Random } from './random';
import { perAccount, sorts } from './sorts/all';
import type { Misconfiguration, Place, Sort } from './sorts/sort';

/** What a detector reports: a misconfiguration of a resource. */
export interface Reported {
  readonly id: string;
  readonly arn: string;
  readonly sort: Sort;
  readonly misconfiguration: Misconfiguration;
  readonly place: Place;
}

export interface Population {
  /** All resources as they are before the storm. */
  readonly cells: Cells;
  readonly sortOf: ReadonlyMap<string, Sort>;
  readonly findings: readonly Reported[];
}

const regions = ['eu-west-1', 'us-east-1'] as const;

/** Resources in many accounts, and so many findings about them. The first accounts have the most. */
export function populate(count: number, random: Random): Population {
  const accounts = Math.max(4, Math.round(count / 60));
  const cells: Cells = new Map();
  const sortOf = new Map<string, Sort>();
  const findings: Reported[] = [];
  for (let number = 0; number < accounts && findings.length < count / 10; number += 1)
    add(perAccount, { account: accountId(number), region: 'eu-west-1' }, number);
  for (let number = 1; findings.length < count; number += 1) {
    const account = accountId(Math.floor(random.next() ** 2 * accounts));
    add(pickSort(random), { account, region: random.pick(regions) }, number);
  }
  return { cells, sortOf, findings: findings.slice(0, count) };

  function add(sort: Sort, place: Place, number: number): void {
    const { arn, cell } = sort.make(place, number);
    cells.set(arn, cell);
    sortOf.set(arn, sort);
    const broken = sort.misconfigurations.filter(() => random.chance(0.7));
    for (const misconfiguration of broken) misconfiguration.bring(cell, random);
    // What one brings may make another hold, and detectors report both.
    for (const misconfiguration of sort.misconfigurations.filter((one) => one.isIn(cell, 0) || random.chance(0.05))) {
      const { account, region } = place;
      const id = `arn:aws:securityhub:${region}:${account}:security-control/${misconfiguration.control}/finding/storm-${findings.length}`;
      findings.push({ id, arn, sort, misconfiguration, place });
    }
  }
}

const accountId = (number: number): string => String(100_000_000_001 + number * 1_000_003).slice(0, 12);

function pickSort(random: Random): Sort {
  let left = random.below(sorts.reduce((sum, [, share]) => sum + share, 0));
  for (const [sort, share] of sorts) {
    left -= share;
    if (left < 0) return sort;
  }
  throw new Error('No sort was picked.');
}
