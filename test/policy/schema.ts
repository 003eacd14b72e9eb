import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { jsonSchemaText } from '../../functions/policy/json-schema';

const file = path.resolve(__dirname, '../../posture.schema.json');

/** Writes `posture.schema.json` from the zod schema; with `--check`, fails where it is stale. */
function main(): void {
  const text = jsonSchemaText();
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text);
  } else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    console.error('posture.schema.json is stale: the policy has changed since it was written. Run `npm run policy:schema` and commit it.');
    process.exitCode = 1;
  }
}

main();
