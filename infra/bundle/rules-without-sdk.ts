import path from 'node:path';
import type { Plugin } from 'esbuild';

const rules = path.resolve(__dirname, '../../rules') + path.sep;

/** Puts an empty class in the place of everything that rules import of the SDK: where only their metadata is read, none of their clients is carried. */
export const rulesWithoutSdk: Plugin = {
  name: 'rules-without-sdk',
  setup(build) {
    build.onResolve({ filter: /^(@aws-sdk|@smithy)\// }, ({ path: name, importer }) =>
      importer.startsWith(rules) ? { path: name, namespace: 'rules-without-sdk' } : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'rules-without-sdk' }, () => ({
      contents: 'module.exports = new Proxy({}, { get: () => class {} });',
      loader: 'js',
    }));
  },
};
