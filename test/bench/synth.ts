import path from 'node:path';
import type { CatalogueEntry } from '../../functions/catalogue/catalogue';
import { median } from './measure';
import { timeProcess } from './process';

/** Seconds of a synth in a fresh process, bundling included, by the number of rules. */
export interface SynthTime {
  readonly rules: number;
  readonly seconds: number;
}

const root = path.resolve(__dirname, '../..');
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

/** Milliseconds by what was typed. */
export type Typed = Readonly<Record<'synth' | 'help' | 'rules', number>>;

/** Times what people type, each in a fresh process: `npx cdk synth`, and the command line up to its help and to its rules. */
export async function timeTyped(folder: string): Promise<Typed> {
  const posture = path.join(root, 'functions/cli/posture.cjs');
  const synth = [path.join(root, 'node_modules/aws-cdk/bin/cdk'), 'synth', '--quiet', '--output', folder];
  return {
    synth: await middle(synth, 3),
    help: await middle([posture, '--help'], 5),
    rules: await middle([posture, 'rules'], 5),
  };
}

async function middle(words: readonly string[], times: number): Promise<number> {
  const runs: number[] = [];
  for (let run = 0; run < times; run += 1) runs.push(await timeProcess(words, {}));
  return median(runs);
}
