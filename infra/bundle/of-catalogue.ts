import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import type { CatalogueEntry } from '../../functions/catalogue/catalogue';
import type { Bundle } from '../bundle';
import { routesOf } from '../route/expected';
import { directImports } from './direct-imports';
import { leanSchemas } from './lean-schemas';
import { rulesWithoutSdk } from './rules-without-sdk';

const root = path.resolve(__dirname, '../..');

/** The functions that read resources by the rules; the others need only the metadata of the rules. */
const inspecting: readonly string[] = ['sweep', 'watch'];

/** The functions that need all rules: the module, and the function that creates the handler. */
const functions = {
  validator: { module: './functions/policy/validator', maker: 'validatorFor' },
  control: { module: './functions/control/handler', maker: 'controlHandler' },
  dispatch: { module: './functions/dispatch/handler', maker: 'dispatchHandler' },
  requests: { module: './functions/requests/handler', maker: 'requestsHandler' },
  reconcile: { module: './functions/reconcile/handler', maker: 'reconcileHandler' },
  sweep: { module: './functions/sweep/handler', maker: 'sweepHandler' },
  archive: { module: './functions/archive/handler', maker: 'archiveHandler' },
  watch: { module: './functions/watch/handler', maker: 'watchHandler' },
  report: { module: './functions/report/scheduled/handler', maker: 'reportHandler' },
} as const;

/** The functions that need only the ids of the rules. */
const naming: readonly string[] = ['archive'];

type Name = keyof typeof functions;

export type CatalogueBundles = Readonly<Record<Name, Bundle>>;

/** Bundles the functions that need all rules, with the SDK clients of the rules only where they are used: `<folder>/<name>/index.js`. */
export async function bundleOfCatalogue(entries: readonly CatalogueEntry[], folder: string): Promise<CatalogueBundles> {
  const names = Object.keys(functions) as Name[];
  const bundles = await Promise.all(names.map(async (name) => [name, await bundleOneOfCatalogue(name, entries, folder)] as const));
  return Object.fromEntries(bundles) as CatalogueBundles;
}

export async function bundleOneOfCatalogue(name: Name, entries: readonly CatalogueEntry[], folder: string): Promise<Bundle> {
  const { module, maker } = functions[name];
  const byId = naming.includes(name);
  const imports = byId ? [] : entries.map(({ file }, index) => `import rule${index} from ${JSON.stringify(file)};`);
  const all = entries.map(({ rule }, index) => (byId ? JSON.stringify(rule.id) : `rule${index}`));
  const given = [`[${all.join(', ')}]`, ...(name === 'control' ? ['undefined', JSON.stringify(routesOf(entries))] : [])];
  const outfile = path.join(folder, name, 'index.js');
  await build({
    stdin: {
      contents: [...imports, `import { ${maker} } from '${module}';`, `export const handler = ${maker}(${given.join(', ')});`].join('\n'),
      resolveDir: root,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    alias: { '@aws-sdk/credential-provider-node': path.join(root, 'functions/aws/environment-credentials.ts') },
    plugins: [...(inspecting.includes(name) ? [] : [rulesWithoutSdk]), leanSchemas, directImports],
    logLevel: 'silent',
  });
  const code = await readFile(outfile);
  return { folder: path.dirname(outfile), bytes: code.byteLength, hash: createHash('sha256').update(code).digest('hex') };
}
