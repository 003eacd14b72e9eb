import { runStorm, type StormReport } from './run';

/** The same storm each time. Others are run with `npm run storm`. */
const options = { seed: 'ci', findings: Number(process.env.POSTURE_STORM ?? 40) };

let report: StormReport;

beforeAll(async () => {
  report = await runStorm(options);
});

it('violates nothing', () => {
  const [first] = report.violations;
  expect(first && { ...first, trace: report.traceOf(first.resource).slice(-40) }).toBeUndefined();
});

it('fixes most findings, in spite of faults in most steps', () => {
  expect(report.outcomes['fixed'] ?? 0).toBeGreaterThan(options.findings / 3);
  expect(report.rollbacks.outcomes['rolled-back'] ?? 0).toBeGreaterThan(options.findings / 3);
  expect(report.invocations['killed'] ?? 0).toBeGreaterThan(20);
  expect(report.matrix.below(1).length).toBeLessThan(150);
});
