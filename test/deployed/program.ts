import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, from a folder that is not the repository's. */
export const runProgram = (file: string, args: readonly string[], env: Readonly<Record<string, string>>, cwd = tmpdir()): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args], {
      cwd,
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].on('data', (chunk: Buffer) => {
        said[stream] += chunk.toString();
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...said }));
  });

/** The same; throws with the end of what it said where it fails. */
export async function succeed(...given: Parameters<typeof runProgram>): Promise<string> {
  const { code, stdout, stderr } = await runProgram(...given);
  if (code === 0) return stdout;
  throw new Error(
    `${given[1].slice(0, 2).join(' ')} ended with code ${code}:\n${`${stdout}\n${stderr}`.trim().split('\n').slice(-12).join('\n')}`,
  );
}
