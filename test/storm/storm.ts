import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Found, runStorm, type StormReport } from './run';
import { runSabotage } from './sabotage/run';
import { wantedHits } from './strike';

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string' },
    findings: { type: 'string' },
    /** The check whose first violation is traced; without it, each is. */
    trace: { type: 'string' },
    /** How many lines of a trace are shown. */
    lines: { type: 'string', default: '70' },
    /** A file for the number of violations by check, as JSON. */
    report: { type: 'string' },
    /** Ends at the first violation of this check; may be repeated. */
    until: { type: 'string', multiple: true },
    sabotage: { type: 'boolean', default: false },
    /** With `--sabotage`, only the acts whose names contain this; may be repeated. */
    act: { type: 'string', multiple: true },
  },
});

const leastHits = 20;

/** `npm run storm [-- --seed TEXT] [--findings N]`: the real engine over an AWS in memory, in a storm of faults. Any violation fails it. */
async function main(): Promise<void> {
  if (options.sabotage) return sabotage();
  const seed = options.seed ?? Date.now().toString(36);
  const findings = Number(options.findings ?? 10_000);
  console.log(`Storm with seed ${seed} over ${findings} findings`);
  const began = Date.now();
  const log = (line: string): void => console.log(`  ${line}`);
  try {
    const report = await runStorm({ seed, findings, log, until: options.until ?? [] });
    print(report, (Date.now() - began) / 1000);
    save(report);
  } catch (error) {
    if (!(error instanceof Found)) throw error;
    save(error);
  }
}

function save(found: Pick<StormReport, 'violations'>): void {
  if (options.report !== undefined) writeFileSync(options.report, JSON.stringify(countsOf(found)));
}

function countsOf({ violations }: Pick<StormReport, 'violations'>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { check } of violations) counts[check] = (counts[check] ?? 0) + 1;
  return counts;
}

/** `npm run storm -- --sabotage`: each broken engine has to be found out by a check that is named for it. */
async function sabotage(): Promise<void> {
  const storm = ['--seed', options.seed ?? 'sabotage', '--findings', options.findings ?? '400'];
  console.log(`Storms with ${storm.join(' ')}`);
  const isChosen = ({ name }: { readonly name: string }): boolean => options.act?.some((text) => name.includes(text)) ?? true;
  const isFine = await runSabotage(storm, isChosen, ({ name, failed, killers }) => {
    const all = failed === undefined ? 'the storm did not end' : said(failed) || 'no check failed';
    console.log(`${name.padEnd(48)} ${killers.length > 0 ? `killed by ${killers.join(', ')}` : '-'} (${all})`);
  });
  if (!isFine) process.exitCode = 1;
}

function print(report: StormReport, seconds: number): void {
  const { seed, violations, matrix, outcomes, published, rollbacks, calls, changes, invocations, duration, traceOf } = report;
  console.log(`\nHits of each fault in each step (at least ${leastHits} wanted, ${wantedHits} aimed at):\n${matrix.text()}`);
  const few = matrix.below(leastHits);
  console.log(few.length === 0 ? `Every cell has at least ${leastHits} hits.` : `Fewer than ${leastHits} hits: ${few.join(', ')}`);
  console.log(
    `\nFindings: ${said(outcomes)}\nOutcomes published: ${said(published)}\nRollbacks: ${said(rollbacks.outcomes)}, ${rollbacks.orders} orders`,
  );
  const reasons = new Map<string, number>();
  for (const { reason } of rollbacks.refused) reasons.set(reason.slice(0, 140), (reasons.get(reason.slice(0, 140)) ?? 0) + 1);
  for (const [reason, count] of reasons) console.log(`  ${count} × ${reason}`);
  console.log(`Invocations: ${said(invocations)}`);
  console.log(`${calls} calls, ${changes} changes, ${Math.round(duration / 3_600_000)} simulated hours in ${Math.round(seconds)} s`);
  for (const check of new Set(violations.map((one) => one.check))) {
    const some = violations.filter((one) => one.check === check);
    console.log(`\n${check}: ${some.length} violations`);
    for (const { at, resource, what } of some.slice(0, 4)) console.log(`  ${new Date(at).toISOString()} ${resource}: ${what}`);
  }
  for (const check of new Set(violations.map((one) => one.check))) {
    const first = violations.find((one) => one.check === check);
    if (first && (options.trace ?? check) === check) printTrace(first, traceOf(first.resource));
  }
  console.log(`\n${violations.length} violations. Seed ${seed}.`);
  if (violations.length > 0) process.exitCode = 1;
}

/** What led to a violation, and a little of what followed. */
function printTrace({ check, what, resource }: StormReport['violations'][number], lines: readonly string[]): void {
  const index = lines.findIndex((line) => line.includes(`!!! ${check}: ${what}`));
  console.log(`\nThe first of ${check}, ${resource}:\n${lines.slice(Math.max(0, index - Number(options.lines)), index + 8).join('\n')}`);
}

const said = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
