import Table from 'cli-table3';
import { type Measure, median } from './measure';
import type { SynthTime } from './synth';

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1000)} KB`;
const milliseconds = (value: number): string => `${Math.round(value)} ms`;
const ratio = ({ cold, bare }: Measure): number => cold / bare;

/** The table for people, and what it comes to beside what is asked for; `bytes` has the bundles of all rules. */
export function print(measures: readonly Measure[], bytes: readonly number[], synths: readonly SynthTime[]): void {
  const table = new Table({
    head: ['rule', 'reads', 'changes', 'own', 'notify', 'log items', 'coordination', 'bundle', 'cold', 'bare SDK', 'ratio', 'warm'],
    style: { head: [], border: [] },
  });
  for (const one of measures) {
    table.push([
      one.rule,
      one.reads,
      one.changes,
      one.ours,
      one.told,
      one.logItems,
      one.coordinationWrites,
      kilobytes(one.bytes),
      milliseconds(one.cold),
      milliseconds(one.bare),
      ratio(one).toFixed(2),
      milliseconds(one.warm),
    ]);
  }
  console.log(table.toString());

  const of = (pick: (one: Measure) => number) => measures.map(pick);
  const warm = median(of(({ warm }) => warm));
  const lines = [
    `own API calls per fix in a new process: maximum ${Math.max(...of(({ ours }) => ours))} (limit 10)`,
    `bundle size of ${bytes.length} rules: median ${kilobytes(median(bytes))} (limit 800), maximum ${kilobytes(Math.max(...bytes))} (limit 1300)`,
    `cold start compared with the bare SDK: median ${median(of(ratio)).toFixed(2)}, maximum ${Math.max(...of(ratio)).toFixed(2)} (limit 2.5)`,
    `warm: median ${milliseconds(warm)} per finding, ${(1000 / warm).toFixed(1)} findings per second in one process, sequentially`,
    ...synths.map(({ rules, seconds }) => `synth of ${rules} rules, including bundling: ${seconds.toFixed(1)} s (limit 20)`),
  ];
  const [half, all] = synths;
  if (half && all && all.rules > half.rules)
    lines.push(`each additional rule: ${((all.seconds - half.seconds) / (all.rules - half.rules)).toFixed(3)} s (limit 0.1)`);
  for (const line of lines) console.log(line);
}
