import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/** The version of AWS's models of its APIs that the tests are held against, at least. */
const models = '1.43.11';
/** The emulator that is installed where none is importable, its models, and the linter that it needs, as the tests know them. */
const requirements = ['moto[server]==5.2.1', `botocore==${models}`, 'cfn-lint==1.51.0'];

const repository = path.resolve(__dirname, '../..');
// Looked up and not imported: the whole of moto takes half a second.
const probe = `
import importlib.util, sys, botocore, moto
print(moto.__version__)
version = tuple(int(part) for part in botocore.__version__.split(".")[:3])
sys.exit(version < (${models.split('.').join(', ')}) or not all(importlib.util.find_spec(name) for name in ("boto3", "cfnlint", "docker", "flask", "flask_cors", "moto.server", "yaml")))
`;

interface Run {
  /** Undefined when the program could not be started. */
  readonly code: number | null | undefined;
  readonly output: string;
}

const run = (program: string, args: readonly string[], line?: (text: string) => void): Promise<Run> =>
  new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      for (const text of chunk.toString().split('\n')) if (text.trim() !== '') line?.(text.trimEnd());
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', (error) => resolve({ code: undefined, output: error.message }));
    child.on('close', (code) => resolve({ code, output }));
  });

const motoOf = async (python: string): Promise<string | undefined> => {
  const { code, output } = await run(python, ['-c', probe]);
  const version = output.trim().split('\n').at(-1);
  return code === 0 && version !== undefined && /^5\.\d+/.test(version) ? version : undefined;
};

const isPython3 = async (python: string) => (await run(python, ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))'])).code === 0;

/** What is kept out of a long output: pip says why at its end. */
const tail = (output: string) => output.trim().split('\n').slice(-8).join('\n');

const install = async (python: string, venv: string, progress: (line: string) => void): Promise<string> => {
  const requirement = new Intl.ListFormat('en').format(requirements);
  progress(`No Python with moto 5 found: installing ${requirement} into ${venv}`);
  mkdirSync(path.dirname(venv), { recursive: true });
  const made = await run(python, ['-m', 'venv', '--clear', venv], progress);
  if (made.code !== 0) {
    rmSync(venv, { recursive: true, force: true });
    throw new Error(
      `${python} can't make a virtual environment at ${venv}:\n${tail(made.output)}\nInstall Python's venv module (on Debian: apt install python3-venv), or install ${requirement} yourself where python3 finds it.`,
    );
  }
  const inside = venvPython(venv);
  const installed = await run(inside, ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', ...requirements], progress);
  if (installed.code !== 0) {
    rmSync(venv, { recursive: true, force: true });
    throw new Error(
      `pip can't install ${requirement} into ${venv}:\n${tail(installed.output)}\nCheck the network and pip's index settings, or install ${requirement} yourself where python3 finds it.`,
    );
  }
  return inside;
};

const venvPython = (venv: string) =>
  process.platform === 'win32' ? path.join(venv, 'Scripts', 'python.exe') : path.join(venv, 'bin', 'python');

export interface PythonOptions {
  /** Told what is being done while moto is installed. */
  readonly progress?: ((line: string) => void) | undefined;
  /** The interpreters to try, best first. */
  readonly candidates?: readonly string[] | undefined;
  /** Where moto is installed if no interpreter has it. */
  readonly venv?: string | undefined;
}

/** Finds a Python 3 that can serve moto 5 and has models of AWS that are no older than the pinned, else installs the pinned moto into a private virtual environment. */
export const findPython = async (options: PythonOptions = {}): Promise<string> => {
  const { progress = () => {}, candidates = ['python3', 'python', 'py'], venv = path.join(repository, '.venv') } = options;
  const inside = venvPython(venv);
  for (const python of [...candidates, ...(existsSync(inside) ? [inside] : [])]) {
    if ((await motoOf(python)) !== undefined) return python;
  }
  for (const python of candidates) {
    if (await isPython3(python)) return install(python, venv, progress);
  }
  throw new Error(
    `The emulator needs Python 3.9 or later, and none of ${candidates.join(', ')} is one. Install Python 3 (python.org, or your system's package manager) and run this again.`,
  );
};
