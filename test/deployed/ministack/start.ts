import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { announced } from '../../emulator/announced';
import { ministack } from '../../emulator/ministack';
import { findPython } from '../../emulator/python';

export interface Ministack {
  readonly url: string;
  /** The faults that were mended at the start. */
  readonly mended: readonly Fault[];
  stop(): Promise<void>;
}

export interface Fault {
  readonly name: string;
  /** The ids of the rules whose own calls it affects. */
  readonly rules: readonly string[];
}

export interface StartOptions {
  readonly account: string;
  readonly region: string;
  /** All that it writes: the code of functions, the objects of buckets. Emptied first. */
  readonly folder: string;
  readonly progress: (line: string) => void;
}

const startSeconds = 60;

/** Starts ministack on a free loopback port, with IAM enforced; it ends with this process, however that ends. */
export async function startMinistack({ account, region, folder, progress }: StartOptions): Promise<Ministack> {
  const python = await findPython({ needs: ministack, progress });
  rmSync(folder, { recursive: true, force: true });
  for (const name of ['state', 'temporary']) mkdirSync(path.join(folder, name), { recursive: true });
  const child = spawn(python, [path.join(__dirname, 'serve.py')], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      MINISTACK_ACCOUNT_ID: account,
      MINISTACK_REGION: region,
      STATE_DIR: path.join(folder, 'state'),
      TMPDIR: path.join(folder, 'temporary'),
      PYTHONDONTWRITEBYTECODE: '1',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // The functions' processes inherit it: `<bucket>.localhost` is this machine.
      NODE_OPTIONS: `--require ${path.resolve(__dirname, '../../emulator/localhost.cjs')}`,
    },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.stdin?.end();
    const killed = setTimeout(() => child.kill('SIGKILL'), 8000);
    await ended;
    clearTimeout(killed);
  };
  try {
    return { ...(await announced(child, { program: 'ministack', seconds: startSeconds, read })), stop };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

function read(printed: string): Pick<Ministack, 'url' | 'mended'> | undefined {
  const port = /^port (\d+)$/m.exec(printed)?.[1];
  if (port === undefined) return undefined;
  return { url: `http://localhost:${port}`, mended: [...printed.matchAll(/^mended (.+)$/gm)].map((line) => faultOf(line[1] ?? '')) };
}

function faultOf(line: string): Fault {
  const [name = '', ...rules] = line.split(' ');
  return { name, rules };
}
