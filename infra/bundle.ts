import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import type { CatalogueEntry } from '../functions/catalogue/catalogue';
import { directImports } from './bundle/direct-imports';
import { entryPointOf, entryPoints, handler } from './bundle/entry-points';
import { literalKeys } from './bundle/literal-keys';

/** The code of one rule's function. */
export interface Bundle {
  /** The folder that is uploaded; it holds `index.js` alone. */
  readonly folder: string;
  readonly bytes: number;
  /** SHA-256 of the code, in hexadecimal. */
  readonly hash: string;
}

/** By rule id. */
export type Bundles = ReadonlyMap<string, Bundle>;

/** Bundles the functions of all rules in one call, so that what they share is read once: `<folder>/<rule id>/index.js`. */
export async function bundle(entries: readonly CatalogueEntry[], folder: string, main: string = handler): Promise<Bundles> {
  await build({
    entryPoints: entries.map((entry) => ({ in: entryPointOf(entry), out: path.join(entry.rule.id, 'index') })),
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
    alias: { '@aws-sdk/credential-provider-node': path.resolve(__dirname, '../functions/aws/environment-credentials.ts') },
    plugins: [entryPoints(entries, main), literalKeys, directImports],
    logLevel: 'silent',
  });
  const bundles = entries.map(async ({ rule: { id } }) => [id, await read(path.join(folder, id))] as const);
  return new Map(await Promise.all(bundles));
}

async function read(folder: string): Promise<Bundle> {
  const code = await readFile(path.join(folder, 'index.js'));
  return { folder, bytes: code.byteLength, hash: createHash('sha256').update(code).digest('hex') };
}
