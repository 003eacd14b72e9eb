import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Synthesis } from '../../infra/synth';
import { ministack } from '../emulator/ministack';
import { findPython } from '../emulator/python';
import { type Authorization, authorizationOf, type Call } from './authorization';
import type { Placement } from './physical';
import { deployedResources } from './resolve';

export type Verdict = { readonly allowed: true; readonly sid: string } | { readonly allowed: false; readonly why: string };

interface Answer {
  readonly decision?: 'Allow' | 'Deny' | 'ImplicitDeny';
  readonly sid?: string;
  readonly byResource?: boolean;
  readonly unknown?: string;
}

/** Judges calls by the roles and policies of the synthesized templates, with an evaluator that others wrote. */
export interface Judge {
  readonly authorization: Authorization;
  judge(call: Call): Promise<Verdict>;
  judgeAll(calls: readonly Call[]): Promise<readonly Verdict[]>;
}

/** Starts the evaluator for a test file. The app is deployed with these parameters. */
export function useJudge(synthesis: () => Promise<Pick<Synthesis, 'templates'>>, placement: Placement): Judge {
  let child: ChildProcess | undefined;
  let answers: AsyncIterator<string> | undefined;
  let authorization: Authorization | undefined;

  beforeAll(async () => {
    const python = await findPython({ needs: ministack });
    child = spawn(python, [path.join(__dirname, 'evaluator.py')], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH ?? '', PYTHONDONTWRITEBYTECODE: '1' },
    });
    if (!child.stdout) throw new Error('The evaluator has no output.');
    answers = createInterface(child.stdout)[Symbol.asyncIterator]();
    authorization = authorizationOf(deployedResources(await synthesis(), placement), placement);
    child.stdin?.write(`${JSON.stringify(authorization.policies)}\n`);
  });
  afterAll(async () => {
    child?.stdin?.end();
    if (child && child.exitCode === null) await once(child, 'exit');
  });

  const known = (): Authorization => {
    if (!authorization) throw new Error('The judge is there only while tests run.');
    return authorization;
  };

  async function judgeAll(calls: readonly Call[]): Promise<readonly Verdict[]> {
    child?.stdin?.write(`${JSON.stringify(calls.map((call) => known().request(call)))}\n`);
    const line = await answers?.next();
    if (line?.done !== false) throw new Error('The evaluator ended.');
    return (JSON.parse(line.value) as readonly Answer[]).map(verdictOf);
  }

  return {
    get authorization() {
      return known();
    },
    judgeAll,
    async judge(call) {
      const [verdict] = await judgeAll([call]);
      if (!verdict) throw new Error('The evaluator gave no verdict.');
      return verdict;
    },
  };
}

function verdictOf({ decision, sid = '', byResource, unknown }: Answer): Verdict {
  if (unknown !== undefined) throw new Error(unknown);
  if (decision === 'Allow') return { allowed: true, sid };
  const by = byResource ? 'the policy of the resource' : 'a policy of the caller';
  return { allowed: false, why: decision === 'Deny' ? `denied by ${by}${sid && `, ${sid}`}` : 'not allowed by any policy' };
}
