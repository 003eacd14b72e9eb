import { main as posture } from '../../functions/cli/main';
import { commandsIn } from './commands';
import { publicTexts } from './public-texts';
import { replacedWordsIn } from './replaced-words';

/** Fails where a page, a schema, a text of a rule or a help text has a word that the glossary of CONTRIBUTING.md replaces. */
async function main(): Promise<void> {
  const found = [...publicTexts, ...(await helpTexts())].flatMap(([name, text]) =>
    replacedWordsIn(text).map((word) => `${name}: …${word.trim()}…`),
  );
  if (found.length === 0) return;
  console.error(`${found.join('\n')}\nThe glossary of CONTRIBUTING.md states what to write instead.`);
  process.exitCode = 1;
}

/** The help of each command, by the name of the command. */
async function helpTexts(...command: string[]): Promise<readonly (readonly [string, string])[]> {
  const help = await helpOf(command);
  const below: (readonly [string, string])[] = [];
  for (const name of commandsIn(help)) below.push(...(await helpTexts(...command, name)));
  return [[['posture', ...command].join(' '), help], ...below];
}

async function helpOf(command: readonly string[]): Promise<string> {
  const { write } = process.stdout;
  const written: string[] = [];
  process.stdout.write = (chunk: string | Uint8Array) => written.push(String(chunk)) > 0;
  try {
    await posture([process.execPath, 'posture', ...command, '--help']);
  } finally {
    process.stdout.write = write;
    process.stdout.removeAllListeners('error');
  }
  if (written.length === 0) throw new Error(`\`posture ${command.join(' ')} --help\` prints nothing.`);
  return written.join('');
}

void main();
