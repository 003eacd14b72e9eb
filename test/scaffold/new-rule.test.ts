import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
mkdirSync(join(root, 'build'), { recursive: true });
const clone = mkdtempSync(join(root, 'build/scaffold-'));

beforeAll(() => {
  for (const part of ['rules', 'functions', 'test/contract', 'test/emulator', 'test/scaffold', 'infra'])
    cpSync(join(root, part), join(clone, part), { recursive: true });
  for (const part of ['package.json', 'tsconfig.json', 'biome.json', 'clock.grit']) cpSync(join(root, part), join(clone, part));
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

const run = (...words: string[]) =>
  spawnSync('node', ['--import', 'tsx', 'test/scaffold/new-rule.ts', ...words], { cwd: clone, encoding: 'utf8' });

const files = () =>
  readdirSync(clone, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.startsWith('node_modules'));

describe('the scaffold of a rule', () => {
  it('adds one file under rules, one under test, and the catalogue has the rule', () => {
    const before = new Set(files());
    expect(run('s3', 'bucket-new-thing')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('wrote rules/s3/bucket-new-thing.ts'),
    });
    expect(
      files()
        .filter((file) => !before.has(file))
        .toSorted(),
    ).toEqual(['rules/s3/bucket-new-thing.ts', 'test/rules/s3/bucket-new-thing.test.ts']);
    const list =
      "const { loadRules } = require('./functions/catalogue/catalogue'); console.log(loadRules().map(({ rule }) => rule.id).join())";
    expect(execFileSync('node', ['--import', 'tsx', '-e', list], { cwd: clone, encoding: 'utf8' })).toContain('s3-bucket-new-thing');
    expect(readFileSync(join(clone, 'test/rules/s3/bucket-new-thing.test.ts'), 'utf8')).toContain('describeRule(rule, {');
  });

  it('writes files that compile and are formatted', () => {
    run('s3', 'bucket-newer-thing');
    const made = ['rules/s3/bucket-newer-thing.ts', 'test/rules/s3/bucket-newer-thing.test.ts'];
    expect(
      spawnSync(join(root, 'node_modules/.bin/biome'), ['check', '--vcs-enabled=false', ...made], { cwd: clone, encoding: 'utf8' }),
    ).toMatchObject({ status: 0 });
  });

  it.each([
    ['no words', [], 'A rule needs a service and a name'],
    ['a name that is too long', ['s3', `bucket-${'x'.repeat(45)}`], 'at most 45 characters'],
    ['a path', ['../s3', 'bucket-x'], 'A rule needs a service'],
    ['a rule that is there', ['s3', 'bucket-versioning-enabled'], 'is there already'],
  ])('refuses %s', (_name, words, message) => {
    expect(run(...words)).toMatchObject({ status: 1, stderr: expect.stringContaining(message) });
  });
});
