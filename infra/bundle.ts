import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { build, type Metafile } from 'esbuild';
import type { CatalogueEntry } from '../functions/catalogue/catalogue';
import { directImports } from './bundle/direct-imports';
import { entryPointOf, entryPoints, handler } from './bundle/entry-points';
import { leanSchemas } from './bundle/lean-schemas';
import { ownFunctions } from './own-functions';

/** The code of one function. */
export interface Bundle {
  /** The folder that is uploaded; it holds `index.mjs` and what that imports. */
  readonly folder: string;
  readonly bytes: number;
  /** SHA-256 of the code, in hexadecimal. */
  readonly hash: string;
}

/** By rule id, and by name for the functions that belong to no rule. */
export type Bundles = ReadonlyMap<string, Bundle>;

export interface BundleOptions {
  /** The entry point of a rule's function: a module that imports `rule`. */
  readonly main?: string;
  /** Functions that belong to no rule: their names, and the modules that hold their handlers, from the top of the repository. */
  readonly functions?: Readonly<Record<string, string>>;
}

const root = path.resolve(__dirname, '..');

/**
 * Bundles all functions in one call, so that shared code is read, linked and written once, in separate files. Each function gets the files that
 * it needs, in `<folder>/<rule id or name>`. An additional rule costs little more than its own code.
 */
export async function bundle(
  entries: readonly CatalogueEntry[],
  folder: string,
  { main = handler, functions = ownFunctions }: BundleOptions = {},
): Promise<Bundles> {
  const parts = path.resolve(folder, 'parts');
  await rm(parts, { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: [
      ...entries.map((entry) => ({ in: entryPointOf(entry), out: entry.rule.id })),
      ...Object.entries(functions).map(([name, file]) => ({ in: path.join(root, file), out: name })),
    ],
    // The names of the parts are hashes, among others of the paths below it.
    absWorkingDir: root,
    outdir: parts,
    outExtension: { '.js': '.mjs' },
    chunkNames: '[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    // The ES modules of the SDK first: esbuild removes their unused code.
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    // The SDK asks it for the name of a browser.
    external: ['bowser'],
    charset: 'utf8',
    alias: { '@aws-sdk/credential-provider-node': path.join(root, 'functions/aws/environment-credentials.ts') },
    plugins: [entryPoints(entries, main), leanSchemas, directImports],
    metafile: true,
    logLevel: 'silent',
  });
  const names = [...entries.map(({ rule: { id } }) => id), ...Object.keys(functions)];
  const bundles = names.map(async (name) => {
    const entry = path.join(parts, `${name}.mjs`);
    return [name, await gather(entry, importedBy(entry, metafile), path.join(folder, name))] as const;
  });
  return new Map(await Promise.all(bundles));
}

/** The files that a file imports, directly or indirectly. */
function importedBy(entry: string, { outputs }: Metafile): readonly string[] {
  const imports = new Map(
    Object.entries(outputs).map(([file, output]) => [
      path.join(root, file),
      output.imports.flatMap((one) => (one.external ? [] : path.join(root, one.path))),
    ]),
  );
  const found = new Set([entry]);
  // The loop also visits the elements that are added meanwhile.
  for (const file of found) for (const imported of imports.get(file) ?? []) found.add(imported);
  return [...found].filter((file) => file !== entry).toSorted();
}

/** Copies the files of a function into a folder. Their names are kept, because they import one another. */
async function gather(entry: string, imported: readonly string[], folder: string): Promise<Bundle> {
  // Files of an earlier bundle would be uploaded as well.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const hash = createHash('sha256');
  let bytes = 0;
  for (const file of [entry, ...imported]) {
    const name = file === entry ? 'index.mjs' : path.basename(file);
    await copyFile(file, path.join(folder, name));
    const code = await readFile(file);
    bytes += code.byteLength;
    hash.update(name).update(code);
  }
  return { folder, bytes, hash: hash.digest('hex') };
}
