import ts from 'typescript';

/** One small fault to put into a source file: the text from `start` to `end` becomes `text`. */
export interface Mutation {
  readonly kind: 'undo' | 'permission' | 'arn' | 'command' | 'filter' | 'check';
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly line: number;
  readonly what: string;
}

const opposites = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&'],
  [ts.SyntaxKind.LessThanToken, '>='],
  [ts.SyntaxKind.GreaterThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '>'],
  [ts.SyntaxKind.GreaterThanEqualsToken, '<'],
]);

/** The faults that the source of a rule can be given: undos that undo nothing, permissions too many or too few or on other ARNs, grants not filtered, checks turned round. */
export function mutations(source: string): readonly Mutation[] {
  const file = ts.createSourceFile('rule.ts', source, ts.ScriptTarget.Latest, true);
  const found: Mutation[] = [];
  visit(file);
  return found;

  function add(kind: Mutation['kind'], node: ts.Node, text: string, what: string): void {
    const start = node.getStart(file);
    found.push({ kind, start, end: node.getEnd(), text, what, line: file.getLineAndCharacterOfPosition(start).line + 1 });
  }

  function visit(node: ts.Node): void {
    if (ts.isPropertyAssignment(node)) visitProperty(node);
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) visitText(node);
    if (ts.isBinaryExpression(node)) {
      const opposite = opposites.get(node.operatorToken.kind);
      if (opposite) add('check', node.operatorToken, opposite, `${node.operatorToken.getText(file)} becomes ${opposite}`);
    }
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
      add('check', node, `(${node.operand.getText(file)})`, `! is dropped before ${shorten(node.operand)}`);
    }
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) visitCall(node, node.expression);
    ts.forEachChild(node, visit);
  }

  function visitCall(node: ts.CallExpression, { expression, name }: ts.PropertyAccessExpression): void {
    if (name.text === 'filter') add('filter', node, `(${expression.getText(file)})`, `.filter is dropped after ${shorten(expression)}`);
    if (name.text === 'some') add('check', name, 'every', '.some becomes .every');
    if (name.text === 'every') add('check', name, 'some', '.every becomes .some');
  }

  /** An ARN for grants; that of a sort of resource is told apart by its name. */
  function visitText(node: ts.StringLiteralLike | ts.TemplateHead): void {
    const text = node.getText(file);
    const place = /^.arn:\{partition\}:(?:[^:]*:){3}/.exec(text)?.[0];
    const property = ts.findAncestor(node, ts.isPropertyAssignment);
    if (place !== undefined && property?.name.getText(file) !== 'arn')
      add('arn', node, `${place}elsewhere-${text.slice(place.length)}`, `${text} is another sort of resource`);
  }

  function visitProperty(node: ts.PropertyAssignment): void {
    const name = node.name.getText(file);
    if (name === 'undo' && !ts.isStringLiteral(node.initializer)) {
      const sibling = node.parent.properties.find((other) => ts.isPropertyAssignment(other) && other.name.getText(file) === 'do');
      if (sibling && ts.isPropertyAssignment(sibling))
        add('undo', node.initializer, sibling.initializer.getText(file), 'the undo repeats the change');
    }
    if (name === 'actions' && ts.isArrayLiteralExpression(node.initializer)) {
      const { elements } = node.initializer;
      for (const element of elements) {
        if (ts.isStringLiteral(element))
          add('permission', element, "'iam:CreateUser'", `${element.text} is not granted, iam:CreateUser is`);
      }
      const last = elements.at(-1);
      if (last) add('permission', last, `${last.getText(file)}, 'iam:CreateUser'`, 'iam:CreateUser is granted too');
    }
    if (name === 'commands' && ts.isArrayLiteralExpression(node.initializer)) {
      const { elements } = node.initializer;
      for (const element of elements) {
        const rest = elements.filter((other) => other !== element).map((other) => other.getText(file));
        add('command', node.initializer, `[${rest.join(', ')}]`, `${element.getText(file)} is not named`);
      }
    }
  }

  function shorten(node: ts.Node): string {
    return node.getText(file).replace(/\s+/g, ' ').slice(0, 40);
  }
}
