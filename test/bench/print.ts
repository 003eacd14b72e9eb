import Table from 'cli-table3';
import { type Measure, median } from './measure';
import type { SynthTime, Typed } from './synth';

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1000)} KB`;
const milliseconds = (value: number): string => `${Math.round(value)} ms`;
const ratio = ({ cold, bare }: Measure): number => cold / bare;

/** Prints the table, and the bars. Returns the broken ones. `bytes` has the bundles of all rules. */
export function print(
  measures: readonly Measure[],
  { bytes, synths, typed }: { readonly bytes: readonly number[]; readonly synths: readonly SynthTime[]; readonly typed: Typed | undefined },
): readonly Bar[] {
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
  console.log(
    `warm: median ${milliseconds(warm)} per finding, ${(1000 / warm).toFixed(1)} findings per second in one process, sequentially`,
  );
  const [half, all] = synths;
  const each = half && all && all.rules > half.rules ? (all.seconds - half.seconds) / (all.rules - half.rules) : undefined;
  const bars: readonly Bar[] = [
    { what: 'own API calls per fix in a new process, maximum', value: Math.max(...of(({ ours }) => ours)), limit: 14 },
    { what: `bundle size of ${bytes.length} rules in KB, median`, value: median(bytes) / 1000, limit: 850 },
    { what: `bundle size of ${bytes.length} rules in KB, maximum`, value: Math.max(...bytes) / 1000, limit: 1300 },
    { what: 'cold start compared with the bare SDK, median', value: median(of(ratio)), limit: 2.5 },
    ...synths.map(({ rules, seconds }) => ({ what: `synth of ${rules} rules in seconds, including bundling`, value: seconds, limit: 20 })),
    ...(each === undefined ? [] : [{ what: 'seconds of the synth for each additional rule', value: each, limit: 0.1 }]),
    ...(typed
      ? [
          { what: '`cdk synth` as typed, in seconds', value: typed.synth / 1000, limit: 30 },
          { what: '`posture --help`, in milliseconds', value: typed.help, limit: 1000 },
          { what: '`posture rules`, in milliseconds', value: typed.rules, limit: 3000 },
        ]
      : []),
  ];
  for (const { what, value, limit } of bars) console.log(`${what}: ${rounded(value)} (limit ${limit})`);
  return bars.filter(({ value, limit }) => value > limit);
}

/** A value with its upper limit. */
export interface Bar {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
}

const rounded = (value: number): string => (value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3))));
