import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadRules } from '../../functions/catalogue/catalogue';
import { format } from './markdown';

const file = join(__dirname, '../../rules/README.md');

/** Writes `rules/README.md` from the rules themselves; with `--check`, fails where it is stale. */
function main(): void {
  const page = format(loadRules());
  if (!process.argv.includes('--check')) {
    writeFileSync(file, page);
  } else if (readFileSync(file, 'utf8') !== page) {
    console.error('rules/README.md is stale: the rules have changed since it was written. Run `npm run rules:page` and commit it.');
    process.exitCode = 1;
  }
}

main();
