import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { scaffold } from './template';

const root = join(__dirname, '../..');

/** `npm run rule:new -- <service> <what-it-ensures>`: one file under `rules/`, one under `test/rules/`, and nothing else. */
function main([service = '', name = '']: readonly string[]): void {
  const shape = /^[a-z][a-z0-9]*$/;
  if (!shape.test(service) || !/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(name) || `${service}-${name}`.length > 45) {
    console.error(
      `A rule needs a service and a name for the wished state, together at most 45 characters; given: ${JSON.stringify([service, name])}.\n` +
        'Say, for example: npm run rule:new -- sqs queue-encrypted',
    );
    process.exitCode = 1;
    return;
  }
  const files = Object.entries(scaffold(service, name)).map(([path, text]) => ({ path: join(root, path), text }));
  const taken = files.find(({ path }) => existsSync(path));
  if (taken) {
    console.error(`${relative(root, taken.path)} is there already. Choose another name, or edit that file.`);
    process.exitCode = 1;
    return;
  }
  for (const { path, text } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`wrote ${relative(root, path)}`);
  }
  console.log(
    `Both pass as they are. Replace the calls and the words in capitals, then: npx jest test/rules/${service}/${name}, and npm run rules:page`,
  );
}

main(process.argv.slice(2));
