import { nextAttempt } from '../../functions/remediate/defer';

const now = new Date('2026-11-24T12:00:00Z');
const secondsUntil = (number: number, name: string) => ((nextAttempt(number, now, name)?.at.getTime() ?? 0) - now.getTime()) / 1000;

describe('what could not be handled', () => {
  it.each([
    [0, 60],
    [1, 120],
    [5, 1920],
    [6, 3600],
    [29, 3600],
  ])('comes again after the attempt %s in %s seconds, or half as much more', (number, least) => {
    for (const name of ['a', 'b', 'c', 'd']) {
      expect(secondsUntil(number, name)).toBeGreaterThanOrEqual(least);
      expect(secondsUntil(number, name)).toBeLessThanOrEqual(least * 1.5);
    }
  });

  it('does not come back as the burst that it was', () => {
    const times = Array.from({ length: 200 }, (_, index) => secondsUntil(0, `remediation ${index}`));
    const most = Math.max(...times.map((time) => times.filter((other) => other === time).length));
    expect(most).toBeLessThan(20);
    expect(secondsUntil(0, 'a')).toBe(secondsUntil(0, 'a'));
  });

  it('is given up after thirty times', () => {
    expect(nextAttempt(29, now, 'a')?.number).toBe(30);
    expect(nextAttempt(30, now, 'a')).toBeUndefined();
  });
});
