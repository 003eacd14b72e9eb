import path from 'node:path';
import type { Plugin } from 'esbuild';

const rules = path.resolve(__dirname, '../../rules') + path.sep;

/** Replaces all imports of the SDK in rules by an empty class, for bundles that need only the metadata of the rules. */
export const rulesWithoutSdk: Plugin = {
  name: 'rules-without-sdk',
  setup(build) {
    build.onResolve({ filter: /^(@aws-sdk|@smithy)\// }, ({ path: name, importer }) =>
      importer.startsWith(rules) ? { path: name, namespace: 'rules-without-sdk' } : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'rules-without-sdk' }, () => ({
      // As the prototype: esbuild copies the own properties of a module, and the copy inherits the others.
      contents: 'module.exports = Object.create(new Proxy({}, { get: () => class {} }));',
      loader: 'js',
    }));
  },
};
