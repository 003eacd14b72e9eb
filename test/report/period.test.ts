import { cadences, periodBefore } from '../../functions/report/scheduled/period';

describe('the period of a scheduled report', () => {
  it.each([
    ['weekly', '2026-11-02T04:06:00Z', 'week-2026-10-26', '2026-10-26', '2026-11-01'],
    ['weekly', '2026-11-08T23:59:59Z', 'week-2026-10-26', '2026-10-26', '2026-11-01'],
    ['weekly', '2026-03-02T00:00:00Z', 'week-2026-02-23', '2026-02-23', '2026-03-01'],
    ['monthly', '2026-11-01T04:06:00Z', '2026-10', '2026-10-01', '2026-10-31'],
    ['monthly', '2026-01-31T23:59:59Z', '2025-12', '2025-12-01', '2025-12-31'],
    ['monthly', '2028-03-01T00:00:00Z', '2028-02', '2028-02-01', '2028-02-29'],
    ['quarterly', '2026-10-01T04:06:00Z', '2026-Q3', '2026-07-01', '2026-09-30'],
    ['quarterly', '2026-02-15T04:06:00Z', '2025-Q4', '2025-10-01', '2025-12-31'],
    ['yearly', '2027-01-01T04:06:00Z', '2026', '2026-01-01', '2026-12-31'],
  ] as const)('that is %s, at %s is %s', (cadence, at, name, first, last) => {
    expect(periodBefore(cadence, new Date(at))).toEqual({
      name,
      span: { since: Date.parse(`${first}T00:00:00.000Z`), until: Date.parse(`${last}T23:59:59.999Z`) },
    });
  });

  it.each(cadences)('that is %s, follows on the one before it, without a gap', (cadence) => {
    let at = new Date('2026-11-30T12:00:00Z');
    for (let step = 0; step < 60; step += 1) {
      const { span } = periodBefore(cadence, at);
      const before = periodBefore(cadence, new Date(span.since));
      expect(before.span.until).toBe(span.since - 1);
      at = new Date(span.since);
    }
  });
});
