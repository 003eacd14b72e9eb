import ts from 'typescript';
import { claims } from './claims';
import { read, section } from './pages';

/** The titles in bold of the bullets of a text, and the first cells of the rows of its tables, in order. */
const titlesIn = (text: string): readonly string[] =>
  [...text.matchAll(/^- \*\*(.+?)\*\*|^\|.+\n\|-.+\n(?<rows>(?:\|.+\n)+)/gm)].flatMap(({ 1: bullet, groups }) =>
    bullet === undefined ? (groups?.rows ?? '').trimEnd().split('\n').map(firstCell) : [bullet],
  );

/** The code in the first cell of a row, or else its text. */
function firstCell(row: string): string {
  const [, cell = ''] = /^\| (.+?) \|/.exec(row) ?? [];
  return /`(.+?)`/.exec(cell)?.[1] ?? cell;
}

/** The first arguments of the calls `it(…)` and their like, and the first texts of rows of tables. */
function titlesOfTests(file: string): ReadonlySet<string> {
  const titles = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTest(node.expression)) for (const title of textsIn(node.arguments[0])) titles.add(title);
    if (file.endsWith('/rows.ts') && ts.isArrayLiteralExpression(node)) for (const title of textsIn(node.elements[0])) titles.add(title);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest));
  return titles;
}

/** `it`, `test`, `describe`, also with `.each`, and none that is skipped. */
function isTest(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return ['it', 'test', 'describe'].includes(callee.text);
  if (ts.isCallExpression(callee) || ts.isTaggedTemplateExpression(callee))
    return isTest(ts.isCallExpression(callee) ? callee.expression : callee.tag);
  return ts.isPropertyAccessExpression(callee) && callee.name.text === 'each' && isTest(callee.expression);
}

const textsIn = (node: ts.Node | undefined): readonly string[] => {
  if (node && ts.isConditionalExpression(node)) return [...textsIn(node.whenTrue), ...textsIn(node.whenFalse)];
  return node && ts.isStringLiteralLike(node) ? [node.text] : [];
};

describe.each(Object.entries(claims))('the claims of %s', (place, claimed) => {
  it('are each held by tests', () => {
    const [file = '', heading = ''] = place.split('#');
    expect(Object.keys(claimed)).toEqual(titlesIn(section(file, heading)));
    expect(Object.entries(claimed).filter(([, tests]) => tests.length === 0)).toEqual([]);
  });

  it('name tests that exist and are not skipped', () => {
    const missing = Object.values(claimed)
      .flat()
      .filter((test) => {
        const [, file = '', title = ''] = /^(\S+): (.+)$/.exec(test) ?? [];
        return !titlesOfTests(file).has(title);
      });
    expect(missing).toEqual([]);
  });
});
