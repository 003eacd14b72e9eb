import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(__dirname, '..');
const planted = mkdtempSync(path.join(tmpdir(), 'lint-'));
afterAll(() => rmSync(planted, { recursive: true, force: true }));

const other = ['export const read = async (): Promise<boolean> => true;', '/** @deprecated Use read. */', 'export const old = 1;'];

beforeAll(() => {
  for (const file of ['biome.json', 'clock.grit', '.gitignore']) copyFileSync(path.join(root, file), path.join(planted, file));
  for (const folder of ['rules', 'functions', 'infra', 'test']) {
    mkdirSync(path.join(planted, folder));
    writeFileSync(path.join(planted, folder, 'other.ts'), `${other.join('\n')}\n`);
  }
});

/** The rules of the linter that the file breaks, with the line of each. */
function found(file: string, lines: readonly string[]): readonly string[] {
  writeFileSync(path.join(planted, file), `${lines.join('\n')}\n`);
  const { stdout } = spawnSync(path.join(root, 'node_modules/.bin/biome'), ['lint', '--reporter=github', file], {
    cwd: planted,
    encoding: 'utf8',
  });
  return [...stdout.matchAll(/^::error title=lint\/\w+\/(\w+),.*?,line=(\d+),/gm)].map(([, rule, line]) => `${line} ${rule}`).toSorted();
}

const faulty = [
  "import { old, read } from './other';",
  'read();',
  'if (read()) process.exitCode = old;',
  'export const open = ["a"].filter(async () => await read());',
  'export const size = old > 2 ? "large" : old > 1 ? "medium" : "small";',
];

const sound = [
  "import { read } from './other';",
  'if (await read()) process.exitCode = 1;',
  'void read();',
  "export const all = await Promise.all(['a'].map(async () => await read()));",
  "export const size = all.length > 2 ? 'large' : 'small';",
];

describe('the linter', () => {
  it.each(['rules', 'functions', 'infra', 'test'])(
    'finds promises that nobody awaits, nested choices and deprecated imports in %s',
    (folder) => {
      expect(found(`${folder}/planted.ts`, faulty)).toEqual([
        '1 noDeprecatedImports',
        '2 noFloatingPromises',
        '3 noMisusedPromises',
        '4 noMisusedPromises',
        '5 noNestedTernary',
      ]);
    },
  );

  it('lets promises be awaited, or left on purpose', () => {
    expect(found('functions/planted.ts', sound)).toEqual([]);
  });
});
