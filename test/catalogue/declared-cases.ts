import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** A sentence that a rule declares, with its code if it has one. Values that are known only at run time are in italics. */
export interface Case {
  readonly sentence: string;
  readonly code?: string;
}

const kinds = ['unfixable', 'blocked', 'irreversible', 'nearest'] as const;
type Kind = (typeof kinds)[number];

/** By kind, what a rule declares that it does not do, or does not undo. */
export type Cases = Readonly<Record<Kind, readonly Case[]>>;

interface Module {
  readonly file: string;
  /** What its top level declares, by name; `default` for its default export. */
  readonly declared: ReadonlyMap<string, ts.Node>;
  readonly imported: ReadonlyMap<string, { readonly file: string; readonly name: string }>;
}

const modules = new Map<string, Module>();

/** What the source of a rule declares, with the parts of other files that it reaches by name. */
export function casesOf(file: string): Cases {
  const found: Record<Kind, Map<string, Case>> = { unfixable: new Map(), blocked: new Map(), irreversible: new Map(), nearest: new Map() };
  const seen = new Set<string>();
  reach(file, 'default');
  const listed = (kind: Kind): readonly Case[] => [...found[kind].values()];
  return { unfixable: listed('unfixable'), blocked: listed('blocked'), irreversible: listed('irreversible'), nearest: listed('nearest') };

  function reach(at: string, name: string): void {
    if (seen.has(`${at}#${name}`)) return;
    seen.add(`${at}#${name}`);
    const module = moduleOf(at);
    const node = module.declared.get(name);
    if (node) visit(node, module);
    const from = module.imported.get(name);
    if (from) reach(from.file, from.name);
  }

  function visit(node: ts.Node, module: Module): void {
    if (ts.isTypeNode(node)) return;
    if (ts.isObjectLiteralExpression(node)) collect(node);
    if (ts.isIdentifier(node) && isReference(node)) reach(module.file, node.text);
    ts.forEachChild(node, (child) => visit(child, module));
  }

  function collect(node: ts.ObjectLiteralExpression): void {
    const code = memberOf(node, 'code');
    for (const kind of kinds) {
      const value = memberOf(node, kind);
      for (const sentence of value ? sentencesIn(value) : [])
        found[kind].set(sentence, { sentence, ...(code && ts.isStringLiteralLike(code) && { code: code.text }) });
    }
  }
}

function memberOf(node: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const member = node.properties.find((one) => one.name?.getText() === name);
  if (member === undefined) return undefined;
  if (ts.isPropertyAssignment(member)) return member.initializer;
  return ts.isShorthandPropertyAssignment(member) ? constantOf(name, node) : undefined;
}

/** What the nearest constant of this name is set to. */
function constantOf(name: string, from: ts.Node): ts.Expression | undefined {
  for (let at: ts.Node | undefined = from; at; at = at.parent) {
    if (!ts.isBlock(at) && !ts.isSourceFile(at)) continue;
    const constants = at.statements.filter(ts.isVariableStatement).flatMap(({ declarationList }) => declarationList.declarations);
    const found = constants.find((one) => one.name.getText() === name);
    if (found) return found.initializer;
  }
  return undefined;
}

/** Not the name of a property. */
const isReference = ({ parent, text }: ts.Identifier): boolean =>
  !(ts.isPropertyAccessExpression(parent) && parent.name.text === text) &&
  !(ts.isPropertyAssignment(parent) && parent.name.getText() === text);

function moduleOf(file: string): Module {
  const known = modules.get(file);
  if (known) return known;
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const declared = new Map<string, ts.Node>();
  const imported = new Map<string, { readonly file: string; readonly name: string }>();
  for (const statement of source.statements) {
    if (ts.isExportAssignment(statement)) declared.set('default', statement);
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) declared.set(statement.name?.text ?? 'default', statement);
    if (ts.isVariableStatement(statement))
      for (const one of statement.declarationList.declarations) for (const name of namesIn(one.name)) declared.set(name, one);
    if (ts.isImportDeclaration(statement)) for (const [name, from] of importsIn(statement, file)) imported.set(name, from);
  }
  const module = { file, declared, imported };
  modules.set(file, module);
  return module;
}

const namesIn = (name: ts.BindingName): readonly string[] =>
  ts.isIdentifier(name) ? [name.text] : name.elements.flatMap((one) => (ts.isBindingElement(one) ? namesIn(one.name) : []));

function importsIn({ importClause, moduleSpecifier }: ts.ImportDeclaration, file: string) {
  const from = `${path.resolve(path.dirname(file), (moduleSpecifier as ts.StringLiteral).text)}.ts`;
  const bindings = importClause?.namedBindings;
  if (!existsSync(from) || importClause?.name !== undefined || !bindings || !ts.isNamedImports(bindings)) return [];
  return bindings.elements.map(({ name, propertyName }) => [name.text, { file: from, name: (propertyName ?? name).text }] as const);
}

/** The texts that an expression can have; none for what is not a text of the source. */
function sentencesIn(node: ts.Expression): readonly string[] {
  if (ts.isStringLiteralLike(node)) return [plainText(node.text)];
  if (ts.isTemplateExpression(node))
    return [
      plainText(node.head.text) + node.templateSpans.map(({ expression, literal }) => named(expression) + plainText(literal.text)).join(''),
    ];
  if (ts.isConditionalExpression(node)) return [...sentencesIn(node.whenTrue), ...sentencesIn(node.whenFalse)];
  if (ts.isParenthesizedExpression(node)) return sentencesIn(node.expression);
  const constant = ts.isIdentifier(node) ? constantOf(node.text, node) : undefined;
  return constant ? sentencesIn(constant) : [];
}

/** `{arn}` is filled in by the rule. */
const plainText = (text: string): string => text.replaceAll('*', '\\*').replace(/\{(\w+)\}/g, (_, name: string) => `*${inWords(name)}*`);

/** What stands for a value, in words: `*execution role*` for `${executionRole}`. */
function named(node: ts.Expression): string {
  const name = nameIn(node);
  return name === undefined ? '…' : `*${inWords(name)}*`;
}

function nameIn(node: ts.Expression): string | undefined {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isAsExpression(node)) return nameIn(node.expression);
  if (ts.isBinaryExpression(node)) return nameIn(node.left);
  if (!ts.isCallExpression(node)) return undefined;
  const [argument] = node.arguments;
  if (ts.isPropertyAccessExpression(node.expression) && node.expression.expression.getText() !== 'JSON')
    return nameIn(node.expression.expression);
  return argument && nameIn(argument);
}

/** `DBClusterIdentifier` as `DB cluster identifier`. */
const inWords = (name: string): string =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(' ')
    .map((word) => (/^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase()))
    .join(' ');
