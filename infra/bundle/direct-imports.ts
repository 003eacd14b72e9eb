import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'esbuild';

const root = path.resolve(__dirname, '../..');

/**
 * Imports the commands and clients of the SDK directly from their files. The index of a client imports all its operations:
 * esbuild would link a thousand modules of EC2 for each rule and then remove them, which takes half of the time.
 */
export const directImports: Plugin = {
  name: 'direct-imports',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path: file, namespace }) =>
      namespace !== 'file' || file.includes('node_modules')
        ? undefined
        : { contents: withDirectImports(await readFile(file, 'utf8')), loader: 'ts' },
    );
  },
};

export const withDirectImports = (source: string): string =>
  source.replace(/^import \{([^}]*)\} from '(@aws-sdk\/client-[\w-]+)';$/gm, (_, names: string, client: string) =>
    names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
      .map((name) => `import { ${name} } from '${fileOf(name, client)}';`)
      .join(' '),
  );

/** The module that exports the name; the index for a type. */
function fileOf(name: string, client: string): string {
  const modules = [`${client}/dist-es/commands/${name}`, `${client}/dist-es/${name}`];
  if (name.endsWith('Exception')) modules.push(`${client}/dist-es/models/errors`);
  return modules.find((module) => existsSync(path.join(root, 'node_modules', `${module}.js`))) ?? client;
}
