import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

interface Process {
  readonly pid: number;
  readonly parent: number;
}

/** The processes of this machine, without those that have ended and wait for their parent to notice. */
const processes = (): readonly Process[] => (existsSync('/proc/self/stat') ? ofLinux() : ofOthers());

const ofLinux = (): readonly Process[] =>
  readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      // The name in parentheses may hold anything.
      const [state = '', parent] = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return state === 'Z' ? [] : [{ pid: Number(pid), parent: Number(parent) }];
    } catch {
      return [];
    }
  });

const ofOthers = (): readonly Process[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([pid, parent, state = '']) => (state.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent) }]));

/** The children of a process, and theirs. */
export function descendantsOf(ancestor: number, all: readonly Process[] = processes()): readonly number[] {
  const children = all.flatMap(({ pid, parent }) => (parent === ancestor ? [pid] : []));
  return children.flatMap((child) => [child, ...descendantsOf(child, all)]);
}

/** Those that still run, once all have had so many seconds to end. */
export async function leftOf(pids: readonly number[], seconds: number): Promise<readonly number[]> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const left = processes().flatMap(({ pid }) => (pids.includes(pid) ? [pid] : []));
    if (left.length === 0 || Date.now() > until) return left;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
