import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import type { CatalogueEntry } from '../functions/catalogue/catalogue';
import { directImports } from './bundle/direct-imports';
import { entryPointOf, entryPoints, handler } from './bundle/entry-points';
import { literalKeys } from './bundle/literal-keys';
import { ownFunctions } from './own-functions';

/** The code of one function. */
export interface Bundle {
  /** The folder that is uploaded; it holds `index.js` alone. */
  readonly folder: string;
  readonly bytes: number;
  /** SHA-256 of the code, in hexadecimal. */
  readonly hash: string;
}

/** By rule id, and by name for the functions that belong to no rule. */
export type Bundles = ReadonlyMap<string, Bundle>;

export interface BundleOptions {
  /** What the function of a rule starts from: a module for which `rule` is imported. */
  readonly main?: string;
  /** Functions that belong to no rule: their names, and the modules that hold their handlers, from the top of the repository. */
  readonly functions?: Readonly<Record<string, string>>;
}

const root = path.resolve(__dirname, '..');

/** Bundles all functions in one call, so that what they share is read once: `<folder>/<rule id or name>/index.js`. */
export async function bundle(
  entries: readonly CatalogueEntry[],
  folder: string,
  { main = handler, functions = ownFunctions }: BundleOptions = {},
): Promise<Bundles> {
  await build({
    entryPoints: [
      ...entries.map((entry) => ({ in: entryPointOf(entry), out: path.join(entry.rule.id, 'index') })),
      ...Object.entries(functions).map(([name, file]) => ({ in: path.join(root, file), out: path.join(name, 'index') })),
    ],
    outdir: folder,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    // The ES modules of the SDK first: esbuild leaves out what is not used of them.
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    alias: { '@aws-sdk/credential-provider-node': path.join(root, 'functions/aws/environment-credentials.ts') },
    plugins: [entryPoints(entries, main), literalKeys, directImports],
    logLevel: 'silent',
  });
  const names = [...entries.map(({ rule: { id } }) => id), ...Object.keys(functions)];
  return new Map(await Promise.all(names.map(async (name) => [name, await read(path.join(folder, name))] as const)));
}

async function read(folder: string): Promise<Bundle> {
  const code = await readFile(path.join(folder, 'index.js'));
  return { folder, bytes: code.byteLength, hash: createHash('sha256').update(code).digest('hex') };
}
