import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(__dirname, '..');
const planted = mkdtempSync(path.join(tmpdir(), 'linter-'));
afterAll(() => rmSync(planted, { recursive: true, force: true }));

const other = ['export const read = async (): Promise<boolean> => true;', '/** @deprecated Use read. */', 'export const old = 1;'];

beforeAll(() => {
  for (const file of ['biome.json', 'clock.grit', '.gitignore']) copyFileSync(path.join(root, file), path.join(planted, file));
  for (const folder of ['rules', 'functions', 'infra', 'test']) {
    mkdirSync(path.join(planted, folder));
    writeFileSync(path.join(planted, folder, 'other.ts'), `${other.join('\n')}\n`);
  }
});

/** The lines of the file in which the linter finds it. */
function linesFound(file: string, lines: readonly string[], what = 'Time comes from the clock alone'): readonly number[] {
  writeFileSync(path.join(planted, file), `${lines.join('\n')}\n`);
  const { stdout } = spawnSync(path.join(root, 'node_modules/.bin/biome'), ['lint', '--reporter=github', file], {
    cwd: planted,
    encoding: 'utf8',
  });
  const found = stdout.split('\n').filter((line) => line.includes(what));
  return [...new Set(found.map((line) => Number(/line=(\d+)/.exec(line)?.[1])))].toSorted((a, b) => a - b);
}

const uses = [
  'export const now = Date.now();',
  'export const today = new Date();',
  'export const also = new Date;',
  'export const ever = performance.now();',
  'export const machine = process.hrtime.bigint();',
  'setTimeout(() => {}, 5);',
  'globalThis.setInterval(() => {}, 5);',
  'setImmediate(() => {});',
  "export { setTimeout as sleep } from 'node:timers/promises';",
  "import timers from 'node:timers';",
  'export const clock = Date.now;',
];

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
  it('finds each way to take the time past the clock, in every folder of the functions and the rules', () => {
    expect(linesFound('functions/planted.ts', uses)).toEqual(uses.map((_, index) => index + 1));
    mkdirSync(path.join(planted, 'functions/notify'), { recursive: true });
    expect(linesFound('functions/notify/planted.ts', uses)).toHaveLength(uses.length);
    mkdirSync(path.join(planted, 'rules/ec2'), { recursive: true });
    expect(linesFound('rules/ec2/planted.ts', uses)).toHaveLength(uses.length);
  });

  it('lets times be read and reckoned with', () => {
    expect(
      linesFound('functions/reckoned.ts', ["export const then = new Date('2026-11-24');", 'export const day = Date.parse(String(then));']),
    ).toEqual([]);
  });

  it('lets the clock itself, and the tests, take the time of the machine', () => {
    expect(linesFound('functions/clock.ts', uses)).toEqual([]);
    expect(linesFound('test/planted.ts', uses)).toEqual([]);
  });

  const sized = (count: number) => ['export function planted(): void {', ...Array.from({ length: count }, () => '  void 0;'), '}'];
  const tangled = (branches: number) => [
    'export function planted(given: number): number {',
    ...Array.from({ length: branches }, (_, index) => `  if (given === ${index}) return ${index};`),
    '  return -1;',
    '}',
  ];

  it.each(['functions', 'rules', 'infra'])('finds what is too long or too complex for one function in %s', (folder) => {
    mkdirSync(path.join(planted, folder), { recursive: true });
    const file = `${folder}/sized.ts`;
    expect(linesFound(file, sized(70), 'noExcessiveLinesPerFunction')).toEqual([1]);
    expect(linesFound(file, sized(50), 'noExcessiveLinesPerFunction')).toEqual([]);
    expect(linesFound(file, tangled(16), 'noExcessiveCognitiveComplexity')).toEqual([1]);
    expect(linesFound(file, tangled(15), 'noExcessiveCognitiveComplexity')).toEqual([]);
  });

  it('lets tests be as long as what they tell', () => {
    expect(linesFound('test/sized.ts', sized(70), 'noExcessiveLinesPerFunction')).toEqual([]);
  });

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
