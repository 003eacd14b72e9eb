import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { withLiteralKeys } from './literal-keys';
import { withoutErrorClasses, withPlainErrors } from './plain-errors';
import { withPlainFindings } from './plain-findings';

/** Reads the schemas of the SDK so that esbuild can leave out those that are not used. */
export const leanSchemas: Plugin = {
  name: 'lean-schemas',
  setup(build) {
    build.onLoad({ filter: /[\\/]@aws-sdk[\\/].*[\\/]schemas_\d+\.js$/ }, async ({ path }) => {
      const [, client = ''] = /@aws-sdk[\\/]client-([\w-]+)/.exec(path) ?? [];
      const source = withLiteralKeys(await readFile(path, 'utf8'));
      const plain = withPlainErrors.includes(client) ? withoutErrorClasses(source) : source;
      return { contents: client === 'securityhub' ? withPlainFindings(plain) : plain, loader: 'js' };
    });
  },
};
