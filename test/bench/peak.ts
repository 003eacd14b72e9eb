import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The command line. */
export const launcher = path.resolve(__dirname, '../../functions/cli/posture.cjs');

/** Runs Node.js in a process of its own; its peak of memory in megabytes, where Linux tells it. */
export function peakOf(args: readonly string[], endpoint: string, more: Readonly<Record<string, string>> = {}): Promise<number> {
  const env = {
    ...more,
    PATH: process.env.PATH,
    HOME: tmpdir(),
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
  };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, peakIn(child.pid ?? 0));
  }, 50);
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      clearInterval(look);
      if (code === 0) resolve(peak);
      else reject(new Error(`${args.join(' ')} ended with ${code}.`));
    });
  });
}

function peakIn(pid: number): number {
  try {
    const [, kilobytes = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1024;
  } catch {
    return 0;
  }
}
