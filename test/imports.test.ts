import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '..');
mkdirSync(path.join(root, 'build'), { recursive: true });
const planted = mkdtempSync(path.join(root, 'build/imports-'));
afterAll(() => rmSync(planted, { recursive: true, force: true }));

interface Report {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly { readonly rule: { readonly name: string }; readonly from: string; readonly to: string }[];
  };
}

function cruise(folder: string, ...folders: string[]): Report {
  const words = ['--config', path.join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', ...folders];
  const { stdout } = spawnSync(path.join(root, 'node_modules/.bin/depcruise'), words, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(stdout) as Report;
}

describe('the checker of import direction', () => {
  it('sees every source folder, and finds nothing wrong', () => {
    const { modules, summary } = cruise(root, 'rules', 'functions', 'infra');
    for (const file of ['rules/rule.ts', 'functions/remediate/remediate.ts', 'infra/app.ts']) {
      expect(modules.map(({ source }) => source)).toContain(file);
    }
    expect(summary.violations).toEqual([]);
  });

  it('reports each direction that is not allowed, and each circle', () => {
    const files = {
      'rules/sqs/queue-encrypted.ts': "import { run } from '../../functions/run';\nexport const rule = run;\n",
      'functions/run.ts':
        "import { app } from '../infra/app';\nimport { other } from '../rules/sqs/other';\nexport const run = [app, other];\n",
      'rules/sqs/other.ts': 'export const other = 1;\n',
      'infra/app.ts': "import { other } from '../rules/sqs/other';\nimport { a } from './a';\nexport const app = [other, a];\n",
      'infra/a.ts': "import { app } from './app';\nexport const a = () => app;\n",
      'functions/cli/list.ts': "import { other } from '../../rules/sqs/other';\nexport const list = [other];\n",
      'functions/aws/region.ts': "import { fix } from '../remediate/fix';\nexport const region = fix;\n",
      'functions/remediate/fix.ts': 'export const fix = 1;\n',
      'functions/notify/chat.ts': "import { order } from '../control/order';\nexport const chat = order;\n",
      'functions/control/order.ts': 'export const order = 1;\n',
      'functions/helpers/text.ts': "import { fix } from '../remediate/fix';\nexport const text = fix;\n",
      'functions/metric.ts': "import { fix } from './remediate/fix';\nexport const metric = fix;\n",
      'test/storm/aws/s3.ts': "import { fix } from '../../../functions/remediate/fix';\nexport const s3 = fix;\n",
      'functions/options.ts': "import type { Command } from './command';\nexport interface Options {\n  readonly command: Command;\n}\n",
      'functions/command.ts': "import type { Options } from './options';\nexport interface Command {\n  readonly options: Options;\n}\n",
    };
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.join(planted, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(planted, file), text);
    }
    writeFileSync(path.join(planted, 'tsconfig.json'), '{ "compilerOptions": { "module": "Preserve", "moduleResolution": "Bundler" } }');
    symlinkSync(path.join(root, 'node_modules'), path.join(planted, 'node_modules'));
    const { summary } = cruise(planted, 'rules', 'functions', 'infra', 'test');
    const found = new Set(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`));
    expect(found).toContain('rules-import-only-the-sdk-and-their-own: rules/sqs/queue-encrypted.ts -> functions/run.ts');
    expect(found).toContain('functions-know-nothing-of-the-app: functions/run.ts -> infra/app.ts');
    expect(found).toContain('functions-name-no-rule: functions/run.ts -> rules/sqs/other.ts');
    expect(found).toContain('infra-names-no-rule: infra/app.ts -> rules/sqs/other.ts');
    expect(found).toContain('functions-name-no-rule: functions/cli/list.ts -> rules/sqs/other.ts');
    expect(found).toContain('functions-aws-imports-no-later-room: functions/aws/region.ts -> functions/remediate/fix.ts');
    expect(found).toContain('functions-rollback-imports-no-later-room: functions/notify/chat.ts -> functions/control/order.ts');
    expect(found).toContain('files-of-functions-import-no-room: functions/metric.ts -> functions/remediate/fix.ts');
    expect(found).toContain('rooms-of-functions: functions/helpers/text.ts -> functions/remediate/fix.ts');
    expect(found).toContain('storm-judges-without-the-product: test/storm/aws/s3.ts -> functions/remediate/fix.ts');
    const circles = summary.violations.filter(({ rule }) => rule.name === 'no-circles').map(({ from, to }) => [from, to].sort());
    expect(circles).toContainEqual(['infra/a.ts', 'infra/app.ts']);
    // Of types alone.
    expect(circles).toContainEqual(['functions/command.ts', 'functions/options.ts']);
  });
});
