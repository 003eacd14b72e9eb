import path from 'node:path';
import { build } from 'esbuild';
import type { CatalogueEntry } from '../../functions/catalogue/catalogue';
import { withoutSdk } from './without-sdk';

const root = path.resolve(__dirname, '../..');

/** Bundles the validator of policies with the metadata of all rules, and without the SDK: `<folder>/index.js`. Returns the folder. */
export async function bundleValidator(entries: readonly CatalogueEntry[], folder: string): Promise<string> {
  const imports = entries.map(({ file }, index) => `import rule${index} from ${JSON.stringify(file)};`);
  await build({
    stdin: {
      contents: [
        ...imports,
        `import { validatorFor } from './functions/policy/validator';`,
        `export const handler = validatorFor([${entries.map((_, index) => `rule${index}`).join(', ')}]);`,
      ].join('\n'),
      resolveDir: root,
      loader: 'ts',
    },
    outfile: path.join(folder, 'index.js'),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    plugins: [withoutSdk],
    logLevel: 'silent',
  });
  return folder;
}
