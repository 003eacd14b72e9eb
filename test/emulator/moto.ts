import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { announced } from './announced';
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

const read = (printed: string): { version: string; port: number; models: string } | undefined => {
  const [, version, port, models] = /^(\S+) (\d+) (.+)$/m.exec(printed) ?? [];
  return version && models ? { version, port: Number(port), models } : undefined;
};

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
    const { version, port, models } = await announced(child, { program: 'moto', seconds: startSeconds, read });
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
