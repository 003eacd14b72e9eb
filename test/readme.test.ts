import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { loadRules } from '../functions/catalogue/catalogue';
import { customActionId } from '../functions/sources/security-hub/custom-action';
import { policyIn } from '../infra/policy-file';

const root = path.resolve(__dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const pages = { 'README.md': read('README.md'), 'CONTRIBUTING.md': read('CONTRIBUTING.md') };
const text = Object.values(pages).join('\n');

/** The lines of all blocks of code, without their comments. */
const lines = [...text.matchAll(/```\w*\n([\s\S]*?)```/g)]
  .flatMap(([, block = '']) => block.split('\n'))
  .map((line) => line.replace(/\s+#.*$/, '').trim());

describe('the examples of the documentation', () => {
  const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);

  it.each([
    ...new Set(
      [...text.matchAll(/npm (?:run )?(test|[\w]+(?::\w+)?)(?=[\s`.,;)]|$)/g)]
        .map(([, script = '']) => script)
        .filter((script) => !['ci', 'install', 'run'].includes(script)),
    ),
  ])('npm run %s is a script', (script) => expect(scripts).toContain(script));

  const commands = lines.filter((line) => line.startsWith('npx posture '));

  it('show every command of the command line', () => {
    const { stdout } = spawnSync(process.execPath, ['functions/cli/posture.cjs', '--help'], { cwd: root, encoding: 'utf8' });
    const [, listed = ''] = /\nCommands:\n([\s\S]*?)\n\n/.exec(stdout) ?? [];
    const known = [...listed.matchAll(/^ {2}(\w+)/gm)].map(([, command = '']) => command).filter((command) => command !== 'help');
    expect(known.length).toBeGreaterThan(5);
    expect([...new Set(commands.map((line) => line.split(' ')[2]))].sort()).toEqual(known.sort());
  });

  it.each(commands)('%s has options that the command knows', (line) => {
    const [command = '', ...words] = line.split(' ').slice(2);
    const help = spawnSync(process.execPath, ['functions/cli/posture.cjs', command, '--help'], { cwd: root, encoding: 'utf8' });
    expect(help.status).toBe(0);
    for (const option of words.filter((word) => word.startsWith('--'))) expect(help.stdout).toContain(option);
  });

  it('have policies that the app accepts', () => {
    const policies = [...pages['README.md'].matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);
    expect(policies.length).toBeGreaterThan(0);
    for (const yaml of policies) expect(policyIn(yaml, loadRules()).modes.default).toBe('observe');
  });

  it('name the custom action as the routes do', () => {
    expect(lines.join('\n')).toContain(`--id ${customActionId}`);
  });

  it('link to files and headings that are there', () => {
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
      if (target.startsWith('#')) expect(text.toLowerCase()).toContain(`# ${target.slice(1).replaceAll('-', ' ')}`);
      else expect(existsSync(path.join(root, target))).toBe(true);
    }
  });
});
