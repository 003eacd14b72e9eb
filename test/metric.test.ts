import { metric } from '../functions/metric';

const clock = { now: () => new Date('2026-11-24T12:00:00Z'), sleep: async () => {} };

/** The lines that are written meanwhile. */
function linesOf(work: () => void): readonly unknown[] {
  const lines: string[] = [];
  const { write } = process.stdout;
  process.stdout.write = ((line: string) => lines.push(line) > 0) as typeof write;
  try {
    work();
  } finally {
    process.stdout.write = write;
  }
  return lines.map((line) => JSON.parse(line) as unknown);
}

it('a metric has no dimensions, whatever rule it is of: each combination would be paid for', () => {
  const [line] = linesOf(() => metric('s3-bucket-fed', { Handled: 1, RespondMilliseconds: 1500 }, clock));
  const Metrics = [
    { Name: 'Handled', Unit: 'Count' },
    { Name: 'RespondMilliseconds', Unit: 'Milliseconds' },
  ];
  expect(line).toEqual({
    _aws: { Timestamp: 1_795_521_600_000, CloudWatchMetrics: [{ Namespace: 'Posture', Dimensions: [[]], Metrics }] },
    ...{ Rule: 's3-bucket-fed', Handled: 1, RespondMilliseconds: 1500 },
  });
});

it('what is zero is not written', () => {
  expect(linesOf(() => metric('s3-bucket-fed', { Handled: 1, Fixed: 0, Failed: 0 }, clock))).toMatchObject([
    { _aws: { CloudWatchMetrics: [{ Metrics: [{ Name: 'Handled', Unit: 'Count' }] }] } },
  ]);
  expect(linesOf(() => metric('s3-bucket-fed', { Fixed: 0 }, clock))).toEqual([]);
});
