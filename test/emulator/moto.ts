import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { findPython, type PythonOptions } from './python';

export interface Moto {
  readonly url: string;
  readonly version: string;
  /** The folder of AWS's models of its APIs. */
  readonly models: string;
  stop(): Promise<void>;
}

const startSeconds = 60;

const environment = (): NodeJS.ProcessEnv => {
  const { MOTO_ACCOUNT_ID: _, ...inherited } = process.env;
  // No Docker: moto would pull images to run functions. No AMI catalogue: it makes the first EC2 call slow.
  return { ...inherited, DOCKER_HOST: 'tcp://127.0.0.1:1', MOTO_EC2_LOAD_DEFAULT_AMIS: 'false', PYTHONDONTWRITEBYTECODE: '1' };
};

const announced = (child: ChildProcess): Promise<{ version: string; port: number; models: string }> =>
  new Promise((resolve, reject) => {
    let said = '';
    let complaints = '';
    const give = (reason: string) => {
      clearTimeout(timer);
      reject(new Error(`moto did not start: ${reason}. ${complaints.trim().split('\n').slice(-5).join('\n')}`.trim()));
    };
    const timer = setTimeout(() => give(`no port after ${startSeconds} s`), startSeconds * 1000);
    child.on('error', (error) => give(error.message));
    child.on('exit', (code, signal) => give(`it ended with ${signal ?? `code ${code}`}`));
    // Both are read to the end of its life: moto hangs on a full pipe.
    child.stderr?.on('data', (chunk: Buffer) => {
      complaints = (complaints + chunk.toString()).slice(-8192);
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-8192);
      const line = /^(\S+) (\d+) (.+)$/m.exec(said);
      if (line === null) return;
      clearTimeout(timer);
      resolve({ version: line[1] ?? '', port: Number(line[2]), models: line[3] ?? '' });
    });
  });

const unref = (child: ChildProcess) => {
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
  }
};

/**
 * Starts moto, the emulator of the AWS APIs, on a free loopback port; it ends with this process, however that ends.
 * `seed` makes the ids it generates repeatable.
 */
export const startMoto = async (options: PythonOptions & { readonly seed?: number } = {}): Promise<Moto> => {
  const python = await findPython(options);
  const child = spawn(python, [path.join(__dirname, 'serve.py')], { stdio: ['pipe', 'pipe', 'pipe'], env: environment() });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    // Else the process may end before it has: Jest's then ends with 0, whatever the tests said.
    child.ref();
    child.kill('SIGKILL');
    await ended;
  };
  try {
    const { version, port, models } = await announced(child);
    const url = `http://127.0.0.1:${port}`;
    const ready = await fetch(`${url}/moto-api/data.json`);
    if (!ready.ok) throw new Error(`moto at ${url} is not ready: GET /moto-api/data.json answered ${ready.status}.`);
    await ready.arrayBuffer();
    if (options.seed !== undefined) await fetch(`${url}/moto-api/seed?a=${options.seed}`, { method: 'POST' });
    unref(child);
    return { url, version, models, stop };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
};
