import { days, hours, minutes } from '../../functions/duration';
import type { Random } from './random';
import type { Moment } from './script';

/** The people who answer, by the ARN in the log. */
export const people: readonly string[] = ['ada', 'grace', 'edsger', 'barbara'].map(
  (name) => `arn:aws:sts::123456789012:assumed-role/posture-approver/${name}@example.com`,
);

/** How a remediation goes. */
export const lives = {
  observed: 30,
  fixed: 26,
  deferred: 5,
  approved: 7,
  rejected: 2,
  waiting: 3,
  exempt: 7,
  suppressed: 2,
  failed: 3,
  unverified: 1,
  incomplete: 1,
  unfixable: 4,
  disputed: 1,
  notFound: 2,
  compliant: 2,
  rolledBack: 2,
} as const;

export type Life = keyof typeof lives;

/** Milliseconds of the slow and the quick: most within seconds, some within hours. */
const pause = (random: Random): number => (random.chance(0.9) ? random.between(400, 4000) : random.between(minutes(1), hours(6)));

/** What happens from the moment in which the function receives the finding. */
export function momentsOf(life: Life, received: number, random: Random): readonly Moment[] {
  const decided = received + pause(random);
  const end = (kind: Moment['kind'], outcome: NonNullable<Moment['outcome']>, more: Partial<Moment> = {}): readonly Moment[] => [
    { at: decided, by: 'rule', kind, outcome, times: { decided }, ...more },
  ];
  switch (life) {
    case 'observed':
      return end('observed', 'observed');
    case 'exempt':
      return end('skipped', 'exempt', random.chance(0.8) ? { until: decided + days(random.between(1, 180)) } : {});
    case 'suppressed':
      return end('skipped', 'suppressed');
    case 'unfixable':
      return end('skipped', 'unfixable', { code: 'no-https-listener' });
    case 'disputed':
      return end('skipped', 'disputed', { code: 'policy-below-detector' });
    case 'notFound':
      return end('skipped', 'resource-not-found');
    case 'compliant':
      return end('skipped', 'already-compliant');
    case 'failed':
      return [...planned(decided), { at: decided + 900, by: 'rule', kind: 'reverted', outcome: 'failed', code: 'access-denied' }];
    case 'unverified':
      return [...planned(decided), { at: decided + 20_000, by: 'rule', kind: 'failed', outcome: 'unverified', until: decided + hours(1) }];
    case 'incomplete':
      return [
        ...planned(decided),
        { at: decided + 1500, by: 'rule', kind: 'incomplete', outcome: 'incomplete', code: 'stopped', until: decided + hours(2) },
      ];
    case 'fixed':
      return [...planned(decided), ...fixed(decided, random), ...detector(decided, random)];
    case 'deferred': {
      const again = decided + hours(random.between(1, 30));
      const waits: Moment = { at: decided, by: 'rule', kind: 'deferred', outcome: 'deferred', until: again, times: { decided } };
      return [waits, ...planned(again), ...fixed(again, random)];
    }
    case 'rolledBack': {
      const moments = [...planned(decided), ...fixed(decided, random)];
      const at = decided + hours(random.between(1, 100));
      const person = random.pick(people);
      return [
        ...moments,
        { at, by: 'rule', kind: 'rollback-requested', person },
        { at: at + 2000, by: 'rule', kind: 'rolled-back', outcome: 'rolled-back', person },
      ];
    }
    case 'waiting':
      return asks(decided);
    case 'rejected':
      return [
        ...asks(decided),
        { at: decided + hours(random.between(1, 70)), by: 'control', kind: 'rejected', outcome: 'rejected', person: random.pick(people) },
      ];
    case 'approved': {
      const at = decided + minutes(random.between(2, 4000));
      const person = random.pick(people);
      const applied = at + 1500;
      return [
        ...asks(decided),
        { at, by: 'control', kind: 'approved', person, until: at + hours(24) },
        ...planned(applied, person),
        ...fixed(applied, random),
      ];
    }
  }
}

const asks = (at: number): readonly Moment[] => [
  { at, by: 'rule', kind: 'approval-requested', outcome: 'awaiting-approval', until: at + days(3), times: { decided: at } },
];

const planned = (at: number, approvedBy?: string): readonly Moment[] => [
  { at, by: 'rule', kind: 'planned', times: { decided: at }, ...(approvedBy !== undefined && { person: approvedBy }) },
];

function fixed(at: number, random: Random): readonly Moment[] {
  const applied = at + random.between(200, 1500);
  const slow = random.chance(0.05) ? minutes(random.between(2, 90)) : random.between(100, 3000);
  const verified = applied + slow;
  const accepted: readonly Moment[] =
    slow > 20_000 ? [{ at: applied, by: 'rule', kind: 'applied', outcome: 'verifying', until: verified, times: { applied } }] : [];
  return [...accepted, { at: verified, by: 'rule', kind: 'verified', outcome: 'fixed', times: { applied, verified } }];
}

/** What the detector says of a fix, hours later. */
function detector(decided: number, random: Random): readonly Moment[] {
  const said = random.weighted({ confirmed: 60, unconfirmed: 6, disputed: 4, nothing: 30 });
  const at = decided + hours(random.between(2, 26));
  if (said === 'nothing') return [];
  if (said === 'disputed') return [{ at, by: 'rule', kind: 'disputed', outcome: 'disputed' }];
  return [{ at, by: 'rule', kind: said, ...(said === 'unconfirmed' && { code: 'not-evaluated' }) }];
}
