import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acts } from './acts';
import { applyTo, type Sabotage } from './apply';

const root = join(__dirname, '../../..');

export interface Verdict {
  readonly name: string;
  /** By check, how often it failed; undefined if the storm did not end. */
  readonly failed: Readonly<Record<string, number>> | undefined;
  readonly killers: readonly string[];
}

/** Runs a storm over the engine as it is, which has to pass, and over each sabotaged copy of it, which has not to. */
export async function runSabotage(
  storm: readonly string[],
  isChosen: (act: Sabotage) => boolean,
  onVerdict: (verdict: Verdict) => void,
): Promise<boolean> {
  const sound = await stormOver({ name: 'none', edits: [], killedBy: [] }, storm);
  onVerdict({ name: 'no sabotage', failed: sound, killers: [] });
  let isFine = sound !== undefined && Object.keys(sound).length === 0;
  for (const act of acts.filter(isChosen)) {
    const failed = await stormOver(act, storm);
    const killers = act.killedBy.filter((check) => (failed?.[check] ?? 0) > 0);
    isFine &&= killers.length > 0;
    onVerdict({ name: act.name, failed, killers });
  }
  return isFine;
}

/** The checks that fail in a copy of the engine, by their names. */
async function stormOver(sabotage: Sabotage, storm: readonly string[]): Promise<Readonly<Record<string, number>> | undefined> {
  const copy = mkdtempSync(join(tmpdir(), 'sabotage-'));
  try {
    for (const name of ['functions', 'rules', 'test/storm', 'package.json', 'tsconfig.json'])
      cpSync(join(root, name), join(copy, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    applyTo(copy, sabotage);
    const report = join(copy, 'report.json');
    await ended(copy, [
      '--max-semi-space-size=128',
      '--import',
      'tsx',
      'test/storm/storm.ts',
      ...storm,
      ...sabotage.killedBy.flatMap((check) => ['--until', check]),
      '--report',
      report,
    ]);
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return undefined;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function ended(cwd: string, words: readonly string[]): Promise<void> {
  const child = spawn('node', words, { cwd, stdio: 'ignore', timeout: 15 * 60_000, killSignal: 'SIGKILL' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => resolve());
  });
}
