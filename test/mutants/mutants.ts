import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { type CatalogueEntry, loadRules } from '../../functions/catalogue/catalogue';
import { type Moto, startMoto } from '../emulator/moto';
import { type Mutation, mutations } from './mutations';
import { ownFiles } from './own-files';

const root = join(__dirname, '../..');

const { values: options } = parseArgs({
  options: {
    rule: { type: 'string', multiple: true },
    kind: { type: 'string', multiple: true },
    most: { type: 'string', default: '1000' },
  },
});

interface Mutant extends Mutation {
  readonly file: string;
  /** The file's own, and those of all rules that it belongs to, the chosen ones first. */
  readonly tests: readonly string[];
}

/** `npm run mutants [-- --rule ID] [--kind undo] [--most N]`: puts one fault after another into each rule and what it shares in its service, and runs its tests: each fault has to be caught. */
async function main(): Promise<void> {
  const mutants = mutantsOf(({ rule }) => options.rule?.includes(rule.id) ?? true).filter(
    ({ kind }) => options.kind?.includes(kind) ?? true,
  );
  const chosen = spread(mutants, Number(options.most));
  const moto = await startMoto({ progress: console.error });
  const survivors: Mutant[] = [];
  const all = chosen.length;
  const unharmed = new Map<string, Promise<boolean>>();
  try {
    await Promise.all(
      [1, 2].map(async () => {
        for (let mutant = chosen.shift(); mutant; mutant = chosen.shift()) {
          const caught = await isCaught(mutant);
          if (!caught) survivors.push(mutant);
          console.log(
            `${caught ? 'caught  ' : 'SURVIVED'} ${mutant.kind.padEnd(10)} ${relative(root, mutant.file)}:${mutant.line} ${mutant.what}`,
          );
        }
      }),
    );
  } finally {
    await moto.stop();
  }
  report(all, survivors);

  /** Whether one of its tests fails. */
  async function isCaught(mutant: Mutant): Promise<boolean> {
    for (const test of mutant.tests) {
      // A test that fails without a fault catches nothing.
      const passes = unharmed.get(test) ?? run(test, moto);
      unharmed.set(test, passes);
      if (!(await passes)) throw new Error(`${relative(root, test)} fails before any fault is put in. Mend it first.`);
      if (!(await run(test, moto, mutant))) return true;
    }
    return false;
  }
}

/** Of the chosen rules' own files, each once, though rules share some. */
function mutantsOf(isChosen: (entry: CatalogueEntry) => boolean): readonly Mutant[] {
  const rules = loadRules().map((entry) => ({ chosen: isChosen(entry), test: testOf(entry.file), files: ownFiles(entry.file) }));
  const inOrder = [...rules.filter(({ chosen }) => chosen), ...rules.filter(({ chosen }) => !chosen)];
  const files = new Set(rules.filter(({ chosen }) => chosen).flatMap((rule) => rule.files));
  return [...files].flatMap((file) => {
    // What rules share may have a test of its own.
    const tests = new Set([testPath(file), ...inOrder.filter((rule) => rule.files.includes(file)).map(({ test }) => test)]);
    const existing = [...tests].filter(existsSync);
    return mutations(readFileSync(file, 'utf8')).map((mutation) => ({
      ...mutation,
      file,
      // Of what no call of a rule shows, the reference of IAM knows the sort of resource.
      tests: mutation.kind === 'arn' ? [...existing, join(root, 'test/infra/grants.test.ts')] : existing,
    }));
  });
}

const testPath = (file: string): string => join(root, 'test', relative(root, file)).replace(/\.ts$/, '.test.ts');

function testOf(file: string): string {
  const test = testPath(file);
  if (!existsSync(test)) throw new Error(`${relative(root, file)} has no test: ${relative(root, test)} is missing.`);
  return test;
}

/** At most so many, evenly over all. */
function spread<Item>(items: readonly Item[], most: number): Item[] {
  const step = Math.max(1, items.length / most);
  return Array.from({ length: Math.min(most, items.length) }, (_, index) => items[Math.floor(index * step)]).filter(
    (item) => item !== undefined,
  );
}

/** Milliseconds that a test with a fault may take; a fault can make a loop endless, and is caught by that. */
const longest = 300_000;

/** Whether the test passes, with the mutant's fault if there is one. */
function run(test: string, { url, models }: Moto, mutant?: Mutant): Promise<boolean> {
  const transform = JSON.stringify({ '\\.ts$': '<rootDir>/test/mutants/transform.cjs' });
  const words = ['--testTimeout=60000', '--runInBand', '--bail', '--forceExit', '--transform', transform, '--runTestsByPath', test];
  const child = spawn('node', ['node_modules/.bin/jest', ...words], {
    cwd: root,
    stdio: 'ignore',
    ...(mutant && { timeout: longest, killSignal: 'SIGKILL' }),
    env: { ...process.env, POSTURE_EMULATOR: url, POSTURE_AWS_MODELS: models, POSTURE_MUTANT: mutant ? JSON.stringify(mutant) : '' },
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code === 0));
  });
}

function report(all: number, survivors: readonly Mutant[]): void {
  console.log(`${all - survivors.length} of ${all} mutants caught`);
  if (survivors.length > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
