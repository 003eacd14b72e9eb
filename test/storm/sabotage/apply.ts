import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One way to break the engine: in a file, a text that occurs once becomes another. */
export interface Sabotage {
  readonly name: string;
  readonly edits: readonly { readonly file: string; readonly find: string; readonly put: string }[];
  /** The checks of which at least one has to fail. */
  readonly killedBy: readonly string[];
}

/** The files with the edits. Throws if a text does not occur exactly once: the engine has changed, and the sabotage has to follow it. */
export function sabotaged({ name, edits }: Sabotage, root: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { file, find, put } of edits) {
    const source = files.get(file) ?? readFileSync(join(root, file), 'utf8');
    const count = source.split(find).length - 1;
    if (count !== 1) throw new Error(`The sabotage "${name}" does not fit: ${file} has its text ${count} times. Adapt it to the engine.`);
    files.set(
      file,
      source.replace(find, () => put),
    );
  }
  return files;
}

export function applyTo(copy: string, sabotage: Sabotage): void {
  for (const [file, text] of sabotaged(sabotage, copy)) writeFileSync(join(copy, file), text);
}
