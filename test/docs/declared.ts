import ts from 'typescript';
import { read } from './pages';

/** The names of the members that an interface declares in a file, without those that it inherits. */
export const membersOf = (file: string, name: string): readonly string[] =>
  ts
    .createSourceFile(file, read(file), ts.ScriptTarget.Latest)
    .statements.filter(ts.isInterfaceDeclaration)
    .filter((one) => one.name.text === name)
    .flatMap(({ members }) => members.flatMap((member) => (member.name && ts.isIdentifier(member.name) ? [member.name.text] : [])));

/** The texts of a union of literals that a file declares. */
export const literalsOf = (file: string, name: string): readonly string[] =>
  ts
    .createSourceFile(file, read(file), ts.ScriptTarget.Latest)
    .statements.filter(ts.isTypeAliasDeclaration)
    .filter((one) => one.name.text === name)
    .flatMap(({ type }) => (ts.isUnionTypeNode(type) ? type.types : [type]))
    .flatMap((type) => (ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? [type.literal.text] : []));
