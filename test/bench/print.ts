import Table from 'cli-table3';
import { type Measure, median } from './measure';
import type { SynthTime } from './synth';

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1000)} KB`;
const milliseconds = (value: number): string => `${Math.round(value)} ms`;
const ratio = ({ cold, bare }: Measure): number => cold / bare;

/** The table for people, and what it comes to beside what is asked for; `bytes` has the bundles of all rules. */
export function print(measures: readonly Measure[], bytes: readonly number[], synths: readonly SynthTime[]): void {
  const table = new Table({
    head: ['rule', 'reads', 'changes', 'ours', 'told', 'log items', 'coordination', 'bundle', 'cold', 'bare SDK', 'ratio', 'warm'],
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
    `our own calls, a fix in a fresh process: most ${Math.max(...of(({ ours }) => ours))} (at most 10)`,
    `bundle: median ${kilobytes(median(bytes))} (at most 700), largest ${kilobytes(Math.max(...bytes))} (at most 1300), of ${bytes.length} rules`,
    `fresh process, against the bare SDK: median ${median(of(ratio)).toFixed(2)}, worst ${Math.max(...of(ratio)).toFixed(2)} (at most 2.5)`,
    `warm: median ${milliseconds(warm)} a finding, ${(1000 / warm).toFixed(1)} findings a second from one process, one after another`,
    ...synths.map(({ rules, seconds }) => `synth of ${rules} rules, bundling included: ${seconds.toFixed(1)} s (at most 20)`),
  ];
  const [half, all] = synths;
  if (half && all && all.rules > half.rules)
    lines.push(`each further rule: ${((all.seconds - half.seconds) / (all.rules - half.rules)).toFixed(3)} s (at most 0.1)`);
  for (const line of lines) console.log(line);
}
