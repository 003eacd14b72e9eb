import { type ChildProcess, fork, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const launcher = path.resolve(__dirname, '../../functions/cli/posture.cjs');

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string>>;

/** No configuration of AWS but what a test gives. */
const bare = (): Environment => ({
  PATH: process.env.PATH ?? '',
  HOME: path.join(tmpdir(), 'nobody'),
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ?? '',
});

/** Runs the launcher as a person would, in a process of its own and from a folder that is not the repository's. */
export const launch = (args: readonly string[], { env = {}, input = '' }: { env?: Environment; input?: string } = {}): Promise<Run> =>
  new Promise((resolve, reject) => {
    const { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: _, ...own } = { ...bare(), ...env };
    const child = spawn(process.execPath, [launcher, ...args], { cwd: tmpdir(), env: own });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    // A child that has ended already does not read.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });

/**
 * The command line in a process that stays, for a test file: one run after another, each with an environment of its own. Loading the SDK anew
 * for every run would take most of the time of the tests.
 */
export const usePosture = (): ((args: readonly string[], env?: Environment) => Promise<Run>) => {
  let child: ChildProcess | undefined;

  beforeAll(() => {
    child = fork(path.join(__dirname, 'warm.cjs'), {
      cwd: tmpdir(),
      env: bare(),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [],
    });
  });
  afterAll(() => {
    child?.kill('SIGKILL');
  });

  return (args, env = {}) =>
    new Promise((resolve, reject) => {
      child?.once('exit', (code) => reject(new Error(`The command line ended its process with ${code}.`)));
      child?.once('message', (run) => {
        child?.removeAllListeners('exit');
        resolve(run as Run);
      });
      child?.send({ args, env: { ...bare(), ...env } });
    });
};
