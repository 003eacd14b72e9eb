import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const preload = path.resolve(__dirname, '../emulator/localhost.cjs');

/** Milliseconds that a fresh Node process takes from its start to its end. */
export async function timeProcess(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [`--require=${preload}`, ...words], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-2000);
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${complaints}`);
  return performance.now() - started;
}
