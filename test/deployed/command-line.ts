import path from 'node:path';
import type { AccessKey } from './operator';
import { environmentOf } from './place';
import { type Ended, runProgram } from './program';

const launcher = path.resolve(__dirname, '../../functions/cli/posture.cjs');

/** The command line `posture`, as a person with this access key types it. */
export const commandLine =
  (url: string, key: AccessKey) =>
  (...args: string[]): Promise<Ended> =>
    runProgram(launcher, args, environmentOf(url, key));

export type Posture = ReturnType<typeof commandLine>;

/** What it printed as JSON; throws with its message where it fails. */
export async function jsonOf<Json>(posture: Posture, ...args: string[]): Promise<Json> {
  const { code, stdout, stderr } = await posture(...args, '--json');
  if (code !== 0) throw new Error(`posture ${args.join(' ')} ended with code ${code}: ${stderr || stdout}`);
  return JSON.parse(stdout) as Json;
}
