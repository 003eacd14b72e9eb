import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadRules } from '../../functions/catalogue/catalogue';
import { filesIn, root } from '../docs/pages';
import { casesOf } from './declared-cases';

const build = path.join(root, 'build');
mkdirSync(build, { recursive: true });
const folder = mkdtempSync(path.join(build, 'cases-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is declared in the first of these files. */
function casesIn(files: Readonly<Record<string, string>>) {
  const own = mkdtempSync(path.join(folder, 'rule-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(own, name), text);
  return casesOf(path.join(own, Object.keys(files)[0] ?? ''));
}

const none = { unfixable: [], blocked: [], irreversible: [], nearest: [] };
const entries = loadRules();

describe('the cases that a rule declares', () => {
  it('have each code that any file of the rules names, and a reason for each rollback that is not exact', () => {
    const all = entries.map(({ rule, file }) => ({ rule, cases: casesOf(file) }));
    const codes = new Set(all.flatMap(({ cases: { unfixable, blocked } }) => [...unfixable, ...blocked].map(({ code }) => code)));
    const named = filesIn('rules', '.ts').flatMap((file) => [
      ...readFileSync(path.join(root, file), 'utf8').matchAll(/\bcode: '([\w-]+)'/g),
    ]);
    expect(named.length).toBeGreaterThan(200);
    expect([...new Set(named.map(([, code]) => code))].filter((code) => !codes.has(code))).toEqual([]);
    for (const { rule, cases } of all) {
      const { reversible = 'exactly' } = rule;
      expect([rule.id, cases.irreversible.length > 0]).toEqual([rule.id, ['partly', 'never'].includes(reversible)]);
      if (reversible === 'nearly') expect([rule.id, cases.nearest]).not.toEqual([rule.id, []]);
    }
  });

  it('are those of the file and of what it reaches by name, and not the rest of other files', () => {
    const shared = `
      const until = { blocked: 'It is being modified.', code: 'being-modified' };
      export const waiting = () => until;
      export const foreign = (owner: string) => ({ unfixable: 'It belongs to another one.', code: 'foreign' });
    `;
    const rule = `
      import { waiting as obstacle } from './shared';
      export default { plan: (id: string) => (id === '' ? obstacle() : [{ do: 1, irreversible: 'It is deleted.' }]) };
    `;
    expect(casesIn({ 'rule.ts': rule, 'shared.ts': shared })).toEqual({
      ...none,
      blocked: [{ sentence: 'It is being modified.', code: 'being-modified' }],
      irreversible: [{ sentence: 'It is deleted.' }],
    });
  });

  it('name in words the values that only the resource tells, and both ways of a choice', () => {
    const rule = `
      const nearest = 'The IDs are new.';
      export default {
        plan: (state: { readonly DBClusterIdentifier: string; readonly roles: readonly string[] }, isOld: boolean) => [
          { unfixable: \`\${state.DBClusterIdentifier} has \${state.roles.slice(0, 5).join(', ')}, for \${isOld ? 1 : 2} *.\`, code: 'x' },
          { blocked: isOld ? 'It is old.' : \`It is at {arn}.\` },
          { undo: 1, nearest },
        ],
      };
    `;
    expect(casesIn({ 'rule.ts': rule })).toEqual({
      ...none,
      unfixable: [{ sentence: '*DB cluster identifier* has *roles*, for … \\*.', code: 'x' }],
      blocked: [{ sentence: 'It is old.' }, { sentence: 'It is at *arn*.' }],
      nearest: [{ sentence: 'The IDs are new.' }],
    });
  });

  it('are not the texts of types', () => {
    expect(casesIn({ 'rule.ts': "export default { plan: (one: { unfixable: 'never' }) => one };" })).toEqual(none);
  });
});
