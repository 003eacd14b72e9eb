import type { Plugin } from 'esbuild';

/** Puts an empty class in the place of everything of the SDK: where only the metadata of rules is read, no client is carried. */
export const withoutSdk: Plugin = {
  name: 'without-sdk',
  setup(build) {
    build.onResolve({ filter: /^(@aws-sdk|@smithy)\// }, ({ path }) => ({ path, namespace: 'without-sdk' }));
    build.onLoad({ filter: /./, namespace: 'without-sdk' }, () => ({
      contents: 'module.exports = new Proxy({}, { get: () => class {} });',
      loader: 'js',
    }));
  },
};
