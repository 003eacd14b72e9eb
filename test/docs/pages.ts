import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(__dirname, '../..');
export const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** The files with this ending in a folder and below it, by their path. */
export const filesIn = (folder: string, ending: string): readonly string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => path.join(folder, file));

const names = ['README.md', 'CONTRIBUTING.md', ...filesIn('docs', '.md')];

/** The pages of the documentation that are written by hand, by their path. */
export const pages: ReadonlyMap<string, string> = new Map([...names, 'functions/outcomes/README.md'].map((name) => [name, read(name)]));

/** The text of a page; throws if there is none. */
export function page(name: string): string {
  const text = pages.get(name);
  if (text === undefined) throw new Error(`${name} is not a page of the documentation.`);
  return text;
}

const fence = /^[ \t]*```(\w*)\n([\s\S]*?)^[ \t]*```$/gm;

/** The code blocks of a text, in one language or in any. */
export const blocks = (text: string, language?: string): readonly string[] =>
  [...text.matchAll(fence)].flatMap(([, given, block = '']) => (language === undefined || given === language ? [block] : []));

export const withoutBlocks = (text: string): string => text.replace(fence, '');

/** The code spans of a text, outside its code blocks. */
export const spans = (text: string): readonly string[] => [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);

interface Heading {
  readonly title: string;
  /** As GitHub makes it. */
  readonly anchor: string;
}

export const headings = (text: string): readonly Heading[] =>
  [...withoutBlocks(text).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => ({ title, anchor: anchorOf(title) }));

const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');

/** The part of a page from a heading to the next one of the same level or a higher one. */
export function section(name: string, title: string): string {
  const [, marks = '', rest = ''] = new RegExp(`^(#+) ${title}$([\\s\\S]*)`, 'm').exec(page(name)) ?? [];
  if (marks === '') throw new Error(`${name} has no heading ${JSON.stringify(title)}.`);
  return rest.split(new RegExp(`^#{1,${marks.length}} `, 'm'))[0] ?? '';
}

/** The tables of a text: of each row the code in its first cell. */
export const firstColumns = (text: string): readonly (readonly string[])[] =>
  [...text.matchAll(/^(\|.+\n)+/gm)].map(([table]) => [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, code = '']) => code));
