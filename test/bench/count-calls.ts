import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { CatalogueEntry } from '../../functions/catalogue/catalogue';
import { type CountedFix, notedFixes } from '../contract/counted-calls';

const root = path.resolve(__dirname, '../..');

/** The calls of the fixes in the tests of these rules: of the emulator or of made-up answers, as each test has it. */
export async function countCalls(entries: readonly CatalogueEntry[], folder: string): Promise<readonly CountedFix[]> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const tests = entries.map(({ file }) => path.join(root, 'test', path.relative(root, file)).replace(/\.ts$/, '.test.ts'));
  const words = ['--silent', '--reporters', 'summary', '--testNamePattern', 'with the declared calls alone$', '--runTestsByPath'];
  const child = spawn('node', ['node_modules/.bin/jest', ...words, ...tests.filter((test) => existsSync(test))], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, POSTURE_COUNT_CALLS: folder },
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-4000);
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`The fixes could not be counted, as tests of rules fail:\n${complaints}`);
  return notedFixes(folder);
}
