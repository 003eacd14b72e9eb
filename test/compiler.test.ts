import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '..');
mkdirSync(path.join(root, 'build'), { recursive: true });
const planted = mkdtempSync(path.join(root, 'build/types-'));
afterAll(() => rmSync(planted, { recursive: true, force: true }));

/** The errors of the compiler in these lines, under the project's settings: the line and the code of each. */
function errorsIn(lines: readonly string[]): readonly string[] {
  writeFileSync(path.join(planted, 'planted.ts'), `${lines.join('\n')}\n`);
  writeFileSync(
    path.join(planted, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.json', compilerOptions: { incremental: false }, include: ['planted.ts'], exclude: [] }),
  );
  const compiler = path.join(root, 'node_modules/typescript-7/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', planted, '--pretty', 'false'], { cwd: planted, encoding: 'utf8' });
  return [...stdout.matchAll(/^(\S+)\((\d+),\d+\): error (TS\d+)/gm)].map(([, file, line, code]) =>
    file === 'planted.ts' ? `${line} ${code}` : `${file} ${code}`,
  );
}

describe('the compiler', () => {
  it('tells an absent property from an undefined one, wants a return on each path, and imports of types marked', () => {
    const lines = [
      "import { Place } from '../../rules/rule';",
      'export const page: { token?: string } = { token: undefined };',
      "export function sign(n: number) { if (n > 0) return 'plus'; }",
      'export const region = ({ region }: Place) => region;',
    ];
    expect(errorsIn(lines)).toEqual(['1 TS1484', '2 TS2375', '3 TS7030']);
  });

  it('refuses an asynchronous property that a test does not await', () => {
    const imported = "import * as fc from '../../test/fast-check';";
    expect(errorsIn([imported, 'fc.assert(fc.property(fc.boolean(), () => {}));'])).toEqual([]);
    expect(errorsIn([imported, 'fc.assert(fc.asyncProperty(fc.boolean(), async () => {}));'])).toEqual(['2 TS2345']);
  });
});
