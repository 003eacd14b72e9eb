import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { withLiteralKeys } from './literal-keys';
import { withoutErrorClasses, withPlainErrors } from './plain-errors';
import { withPlainFindings } from './plain-findings';

/** Loads the schemas of the SDK in a form from which esbuild can remove the unused ones. */
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
