import ts from 'typescript';
import { read } from './pages';

/** The names of the members that an interface declares in a file, without those that it inherits. */
export const membersOf = (file: string, name: string): readonly string[] =>
  ts
    .createSourceFile(file, read(file), ts.ScriptTarget.Latest)
    .statements.filter(ts.isInterfaceDeclaration)
    .filter((one) => one.name.text === name)
    .flatMap(({ members }) => members.flatMap((member) => (member.name && ts.isIdentifier(member.name) ? [member.name.text] : [])));

/** The texts of a union of literals that a file declares, with those of the parts that it extracts from another union. */
export const literalsOf = (file: string, name: string): readonly string[] =>
  ts
    .createSourceFile(file, read(file), ts.ScriptTarget.Latest)
    .statements.filter(ts.isTypeAliasDeclaration)
    .filter((one) => one.name.text === name)
    .flatMap(({ type }) => textsOf(type));

function textsOf(type: ts.TypeNode): readonly string[] {
  if (ts.isUnionTypeNode(type)) return type.types.flatMap(textsOf);
  if (ts.isTypeReferenceNode(type)) return (type.typeArguments ?? []).flatMap(textsOf);
  return ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? [type.literal.text] : [];
}

/** The texts of several words that a file contains. Templates are in parts. */
export function sentencesOf(file: string): readonly string[] {
  const sentences: string[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) && node.text.includes(' '))
      sentences.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest));
  return sentences;
}
