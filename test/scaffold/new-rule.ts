import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fitOf, packageOf } from './fit';
import { scaffold } from './template';

const root = join(__dirname, '../..');

/** `npm run rule:new -- <service> <what-it-ensures>`: one file under `rules/`, one under `test/rules/`, and nothing else. */
async function main([service = '', name = '', client]: readonly string[]): Promise<void> {
  const shape = /^[a-z][a-z0-9]*$/;
  if (!shape.test(service) || !/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(name) || `${service}-${name}`.length > 45)
    return refuse(
      `A rule needs a service and a name for the expected state, together at most 45 characters; given: ${JSON.stringify([service, name])}.\n` +
        'Say, for example: npm run rule:new -- sqs queue-encrypted',
    );
  const packageName = client === undefined ? packageOf(service) : packageOf(client.replaceAll('-', ''));
  if (packageName === undefined) {
    const wanted = `@aws-sdk/client-${client ?? service}`;
    return refuse(
      `No SDK client in package.json is that of ${client ?? service}. Add it: npm install --save-exact ${wanted}\n` +
        `Where the package has another name, add that one, and say it: npm run rule:new -- ${service} ${name} <what follows @aws-sdk/client->`,
    );
  }
  const files = Object.entries(scaffold(service, name, await fitOf(service, name, packageName))).map(([path, text]) => ({
    path: join(root, path),
    text,
  }));
  const taken = files.find(({ path }) => existsSync(path));
  if (taken) return refuse(`${relative(root, taken.path)} is there already. Choose another name, or edit that file.`);
  for (const { path, text } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`wrote ${relative(root, path)}`);
  }
  // The length of names decides where lines break.
  const biome = require.resolve('@biomejs/biome/bin/biome');
  spawnSync(process.execPath, [biome, 'check', '--write', '--vcs-enabled=false', ...files.map(({ path }) => path)], { cwd: root });
  console.log(
    `Until the words in capitals are filled in, nothing loads the rule. Then: npx jest test/rules/${service}/${name}, and npm run rules:page`,
  );
}

function refuse(why: string): void {
  console.error(why);
  process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error: unknown) => refuse(String(error)));
