import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/** The version of AWS's models of its APIs that the tests are held against, at least. */
const models = '1.43.11';

const repository = path.resolve(__dirname, '../..');

/** What a Python has to bring along. */
export interface PythonNeeds {
  /** The program that needs it, in messages. */
  readonly name: string;
  /** What is installed where no interpreter has it, as the tests know it. */
  readonly requirements: readonly string[];
  /** Ends with code 0 where everything is importable. Looked up and not imported: the whole of moto takes half a second. */
  readonly probe: string;
  /** Where it is installed. */
  readonly venv: string;
}

/** The emulator of most tests, its models, and the linter that it needs. */
const moto: PythonNeeds = {
  name: 'moto 5',
  requirements: ['moto[server]==5.2.1', `botocore==${models}`, 'cfn-lint==1.51.0'],
  probe: `
import importlib.util, sys, botocore, moto
version = tuple(int(part) for part in botocore.__version__.split(".")[:3])
sys.exit(not moto.__version__.startswith("5.") or version < (${models.split('.').join(', ')}) or not all(importlib.util.find_spec(name) for name in ("boto3", "cfnlint", "docker", "flask", "flask_cors", "moto.server", "yaml")))
`,
  venv: path.join(repository, '.venv'),
};

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

const satisfies = async (python: string, { probe }: PythonNeeds) => (await run(python, ['-c', probe])).code === 0;

const isPython3 = async (python: string) => (await run(python, ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))'])).code === 0;

/** What is kept out of a long output: pip says why at its end. */
const tail = (output: string) => output.trim().split('\n').slice(-8).join('\n');

const install = async (
  python: string,
  { name, requirements }: PythonNeeds,
  venv: string,
  progress: (line: string) => void,
): Promise<string> => {
  const requirement = new Intl.ListFormat('en').format(requirements);
  progress(`No Python with ${name} found: installing ${requirement} into ${venv}`);
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
  /** Told what is being done while something is installed. */
  readonly progress?: ((line: string) => void) | undefined;
  /** The interpreters to try, best first. */
  readonly candidates?: readonly string[] | undefined;
  /** Where to install if no interpreter has everything. */
  readonly venv?: string | undefined;
  /** Default: what moto needs. */
  readonly needs?: PythonNeeds | undefined;
}

/** Finds a Python 3 with everything that is needed, in versions no older than the pinned, else installs the pinned into a private virtual environment. */
export const findPython = async (options: PythonOptions = {}): Promise<string> => {
  const { progress = () => {}, candidates = ['python3', 'python', 'py'], needs = moto, venv = needs.venv } = options;
  const inside = venvPython(venv);
  for (const python of [...candidates, ...(existsSync(inside) ? [inside] : [])]) {
    if (await satisfies(python, needs)) return python;
  }
  for (const python of candidates) {
    if (await isPython3(python)) return install(python, needs, venv, progress);
  }
  throw new Error(
    `The emulator needs Python 3.9 or later, and none of ${candidates.join(', ')} is one. Install Python 3 (python.org, or your system's package manager) and run this again.`,
  );
};
