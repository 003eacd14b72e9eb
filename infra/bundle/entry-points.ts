import path from 'node:path';
import type { Plugin } from 'esbuild';
import type { CatalogueEntry } from '../../functions/catalogue/catalogue';

const root = path.resolve(__dirname, '../..');
const prefix = 'function-of:';

/** The module that esbuild starts from for this rule. */
export const entryPointOf = ({ rule }: CatalogueEntry): string => `${prefix}${rule.id}`;

/** The entry point of a function: the handler of its rule only. */
export const handler = `
import { handlerFor } from './functions/rule-function/handler';
export const handler = handlerFor(rule);
`;

/** Creates the entry points in memory, one for each rule: `main`, which imports that `rule`. */
export const entryPoints = (entries: readonly CatalogueEntry[], main: string): Plugin => ({
  name: 'entry-points',
  setup(build) {
    const files = new Map(entries.map(({ rule, file }) => [rule.id, file]));
    build.onResolve({ filter: new RegExp(`^${prefix}`) }, ({ path: name }) => ({
      path: name.slice(prefix.length),
      namespace: 'entry-point',
    }));
    build.onLoad({ filter: /./, namespace: 'entry-point' }, ({ path: id }) => ({
      contents: [`import rule from ${JSON.stringify(files.get(id))};`, main].join('\n'),
      resolveDir: root,
      loader: 'ts',
    }));
  },
});
