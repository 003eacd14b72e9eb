import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, pages, stalePages } from './pages';

/** Writes the pages of the catalogue from the rules themselves; with `--check`, fails where one is stale. */
function main(): void {
  const written = pages();
  const stale = stalePages(written);
  if (process.argv.includes('--check')) {
    if (stale.length === 0) return;
    const files = stale.map((file) => join('rules', file)).join(', ');
    console.error(`The rules have changed since the pages of the catalogue were written. Run \`npm run rules:page\`, and commit ${files}.`);
    process.exitCode = 1;
    return;
  }
  for (const file of stale) {
    const text = written.get(file);
    if (text === undefined) rmSync(join(folder, file));
    else writeFileSync(join(folder, file), text);
  }
}

main();
