import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { loadRules } from '../functions/catalogue/catalogue';
import { customActionId } from '../functions/findings/custom-action';
import { readSettings } from '../infra/settings';

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
        .filter((script) => !['ci', 'run'].includes(script)),
    ),
  ])('npm run %s is a script', (script) => expect(scripts).toContain(script));

  const commands = lines.filter((line) => line.startsWith('npx posture '));

  it('show every command of the command line', () => {
    expect([...new Set(commands.map((line) => line.split(' ')[2]))].sort()).toEqual(['log', 'plan', 'rollback', 'rules', 'send']);
  });

  it.each(commands)('%s has options that the command knows', (line) => {
    const [command = '', ...words] = line.split(' ').slice(2);
    const help = spawnSync(process.execPath, ['functions/command-line/posture.cjs', command, '--help'], { cwd: root, encoding: 'utf8' });
    expect(help.status).toBe(0);
    for (const option of words.filter((word) => word.startsWith('--'))) expect(help.stdout).toContain(option);
  });

  it('have settings that the app accepts', () => {
    const [, json = ''] = /```json\n([\s\S]*?)```/.exec(pages['README.md']) ?? [];
    const { context } = JSON.parse(json) as { context: { posture: unknown } };
    expect(readSettings(context.posture, loadRules()).defaultMode).toBe('observe');
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
