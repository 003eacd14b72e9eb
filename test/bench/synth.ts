import path from 'node:path';
import type { CatalogueEntry } from '../../functions/catalogue/catalogue';
import { median } from './measure';
import { timeProcess } from './process';

/** Seconds of a synth in a fresh process, bundling included, by the number of rules. */
export interface SynthTime {
  readonly rules: number;
  readonly seconds: number;
}

const script = path.resolve(__dirname, 'synth-some.ts');

/** Synthesizes half of the rules, then all; each three times, for the one in the middle. */
export async function timeSynths(entries: readonly CatalogueEntry[], folder: string): Promise<readonly SynthTime[]> {
  const times: SynthTime[] = [];
  for (const rules of [Math.ceil(entries.length / 2), entries.length]) {
    const runs: number[] = [];
    for (let run = 0; run < 3; run += 1)
      runs.push(await timeProcess(['--import', 'tsx', script, String(rules), path.join(folder, String(rules))], {}));
    times.push({ rules, seconds: median(runs) / 1000 });
  }
  return times;
}
