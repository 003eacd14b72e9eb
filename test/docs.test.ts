import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadRules } from '../functions/catalogue/catalogue';
import { keys, orderKeys } from '../functions/coordination/keys';
import { allIndexes, filteredFields, indexedFields } from '../functions/log/indexes';
import { publishedOutcomes } from '../functions/log/published-outcomes';
import { guideFor } from '../functions/notify/guide';
import { policy } from '../functions/policy/policy';
import { customActionId } from '../functions/sources/security-hub/custom-action';
import { ticketKeys } from '../functions/ticket-records/ticket-keys';
import { policyIn } from '../infra/policy-file';
import { launcher, usePosture } from './cli/posture';
import { commandLines, commandsIn, optionsIn } from './docs/commands';
import { literalsOf, membersOf, sentencesOf } from './docs/declared';
import { blocks, filesIn, firstColumns, headings, page, pages, read, root, section, spans, withoutBlocks } from './docs/pages';
import { publicTexts } from './docs/public-texts';
import { allowed, replacedWords, replacedWordsIn } from './docs/replaced-words';

const text = [...pages.values()].join('\n');
const posture = usePosture();
const help = new Map<string, string>();

/** The help of a command, which is `''` for the program itself. */
async function helpOf(command: string): Promise<string> {
  const known = help.get(command);
  if (known !== undefined) return known;
  const { code, stdout } = await posture([...command.split(' ').filter(Boolean), '--help']);
  if (code !== 0) throw new Error(`\`posture ${command}\` is not a command.`);
  help.set(command, stdout);
  return stdout;
}

/** All commands with their subcommands: `policy`, `policy check`. The process runs one at a time. */
async function allCommands(): Promise<readonly string[]> {
  const commands: string[] = [];
  for (const name of commandsIn(await helpOf(''))) {
    commands.push(name, ...commandsIn(await helpOf(name)).map((sub) => `${name} ${sub}`));
  }
  return commands;
}

describe('the examples of the documentation', () => {
  it('show every command of the command line, in one list', async () => {
    const listed = blocks(section('docs/operate.md', 'Command line'), 'sh').join('\n');
    const whole = (await allCommands()).filter((command) => !['policy', 'breaker', 'tickets'].includes(command));
    expect(whole.length).toBeGreaterThan(15);
    for (const command of whole) expect(listed).toMatch(new RegExp(`^posture ${command}\\b`, 'm'));
  });

  it.each(commandLines)('%s is a command with options that it knows', async (line) => {
    const commands = await allCommands();
    const words = line.split(/\s+/).slice(1);
    const command = [words.slice(0, 2).join(' '), words[0] ?? ''].find((one) => commands.includes(one)) ?? '';
    if (command === '') expect(words).toEqual(['--help']);
    for (const option of optionsIn(line)) expect(await helpOf(command)).toContain(option);
  });

  it('say in the help of each request whom the control function authorizes', async () => {
    const said: Readonly<Record<string, string>> = {
      authorizeForRemediation: 'Only approvers in the policy for the rule, the account and the resource',
      authorizeForRule: 'Only approvers in the policy for the rule in all accounts',
      authorizeForEverything: 'Only approvers in the policy without restrictions',
    };
    for (const command of ['approve', 'reject', 'release', 'breaker close', 'resume', 'stop', 'fix']) {
      const order = command === 'breaker close' ? 'close-breaker' : command;
      const [check = ''] = /authorizeFor\w+/.exec(read(`functions/control/orders/${order}.ts`)) ?? [];
      expect([command, await helpOf(command)]).toEqual([command, expect.stringContaining(said[check] ?? 'All operators with permission')]);
    }
  });

  it('run from any folder by a link, without a package registry', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'posture-link-'));
    try {
      const link = path.join(folder, 'posture');
      symlinkSync(launcher, link);
      const PATH = `${path.dirname(process.execPath)}:${process.env.PATH}`;
      const { status, stdout } = spawnSync(link, ['--help'], { cwd: folder, env: { PATH }, encoding: 'utf8' });
      expect([status, stdout]).toEqual([0, expect.stringContaining('Usage: posture')]);
    } finally {
      rmSync(folder, { recursive: true });
    }
    const { name, bin } = JSON.parse(read('package.json')) as { readonly name: string; readonly bin: object };
    expect(name).toMatch(/^@posture-remediator\//);
    expect(bin).toEqual({ posture: 'functions/cli/posture.cjs' });
    for (const folder of ['functions', 'infra', 'rules', 'test/demo']) {
      const files = [...filesIn(folder, '.ts'), ...filesIn(folder, '.md')];
      expect(files.filter((file) => read(file).includes('npx posture'))).toEqual([]);
    }
  });

  it('name scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: object };
    const named = [...text.matchAll(/\bnpm (?:run ([\w:]+)|(test)\b)/g)].map(([, script, test]) => script ?? test ?? '');
    expect(named.length).toBeGreaterThan(5);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });

  it('have policies that the app accepts', () => {
    const policies = blocks(text, 'yaml');
    expect(policies.length).toBeGreaterThan(5);
    for (const yaml of policies) expect(policyIn(yaml, loadRules()).modes.default).toBe('observe');
  });

  it('name the custom action as the routes do', () => {
    expect(blocks(page('docs/operate.md'), 'sh').join('\n')).toContain(`--id ${customActionId}`);
  });
});

describe('the pages of the documentation', () => {
  it('link to files and headings that exist', () => {
    for (const [name, content] of pages) {
      for (const [, target = ''] of withoutBlocks(content).matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
        const [file = '', anchor] = target.split('#');
        const there = file === '' ? name : path.join(path.dirname(name), file);
        expect([name, target, existsSync(path.join(root, there))]).toEqual([name, target, true]);
        if (anchor !== undefined) expect(headings(read(there)).map((heading) => heading.anchor)).toContain(anchor);
      }
    }
  });

  it('list their own sections, and the README is short', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(151);
    for (const [name, content] of pages) {
      if (name === 'functions/outcomes/README.md') continue;
      for (const [, title = ''] of content.matchAll(/^## (.+)$/gm)) {
        const anchor = headings(`## ${title}`)[0]?.anchor;
        if (title !== 'License') expect(content).toContain(`- [${title}](#${anchor})`);
      }
    }
  });

  it.each(publishedOutcomes)('have the section that the messages about the outcome %s name', (outcome) => {
    const [file = '', anchor] = guideFor(outcome).split('#');
    expect(headings(read(file)).map((heading) => heading.anchor)).toContain(anchor);
  });

  it('have an entry of the runbook for every alarm, and no other', () => {
    const files = ['alarms', 'tickets', 'answers', 'seal', 'watch', 'reports'].map((name) => `infra/central/${name}.ts`);
    const alarms = [
      ...files
        .map(read)
        .join('\n')
        .matchAll(/^ {2}alarm\('[\w-]+', '(.+?)'/gm),
    ].map(([, heading = '']) => heading);
    expect(alarms.length).toBeGreaterThan(5);
    expect(headings(section('docs/operate.md', 'Runbook')).map(({ title }) => title)).toEqual(alarms);
  });

  it('name log lines that the functions write', () => {
    const lines = [...section('docs/operate.md', 'Runbook').matchAll(/line `([^`]+)`/g)].map(([, line = '']) => line);
    expect(lines.length).toBeGreaterThan(1);
    const handlers = [
      ...['rule-function', 'control', 'notify', 'tickets', 'answers', 'answers/endpoint', 'dispatch', 'reconcile', 'requests', 'sweep'],
      ...['watch', 'archive', 'seal', 'report/scheduled'],
    ].map((room) => `functions/${room}/handler.ts`);
    const others = ['functions/control/hourly/compare-counts.ts', 'functions/log/count-forged.ts', 'functions/tickets/open-ticket.ts'];
    const writers = [...handlers, ...others].map(read).join('\n');
    for (const line of lines) expect(writers).toContain(`'${line}'`);
  });

  it('name the metrics of the alarms', () => {
    const alarms = [...read('infra/central/alarms.ts').matchAll(/counted\('(\w+)'\)/g)].map(([, metric = '']) => metric);
    const [metrics = []] = firstColumns(section('docs/operate.md', 'Notifications and metrics'));
    expect(alarms.length).toBeGreaterThan(3);
    expect(metrics).toEqual(expect.arrayContaining(alarms));
  });

  it('list the parameters of the stacks', () => {
    const parameters = filesIn('infra', '.ts').flatMap((file) =>
      [...read(file).matchAll(/new CfnParameter\([\w.()]+, '(\w+)'/g)].map(([, name = '']) => name),
    );
    const [listed = []] = firstColumns(section('docs/operate.md', 'Deploy in detail'));
    expect([...listed].sort()).toEqual(parameters.sort());
  });

  it('list the settings of the policy', () => {
    expect(firstColumns(section('docs/policy.md', 'Settings'))).toEqual([Object.keys(policy.shape)]);
  });

  it('list the members of a rule', () => {
    const listed = ['Metadata', 'Functions'].flatMap((title) => firstColumns(section('docs/write-a-rule.md', title)).flat());
    expect([...listed].sort()).toEqual([...membersOf('rules/rule.ts', 'Rule')].sort());
  });
});

describe('the page for auditors', () => {
  const events = 'functions/log/event.ts';
  const tables = (title: string) => firstColumns(section('docs/audit.md', title));

  it('lists every outcome, those of the log and those of the bus alone', () => {
    const logged = literalsOf(events, 'Outcome');
    expect(logged.length).toBeGreaterThan(20);
    expect(tables('Outcomes')).toEqual([logged, publishedOutcomes.filter((one) => !logged.includes(one))]);
    expect(logged.filter((one) => !publishedOutcomes.some((published) => published === one))).toEqual([]);
  });

  it('lists every kind of event', () => {
    expect(tables('Kinds of events')).toEqual([literalsOf(events, 'Kind')]);
  });

  it('lists every code of the engine, by where it is decided', () => {
    const unions = [
      ['functions/findings/identify.ts', 'IdentityCode'],
      ['functions/policy/parameters.ts', 'ParameterCode'],
      ['functions/policy/detector-demand.ts', 'DemandCode'],
      ['functions/remediate/codes.ts', 'DisputeCode'],
      ['functions/remediate/codes.ts', 'RefusalCode'],
      ['functions/remediate/codes.ts', 'PreventionCode'],
      ['functions/remediate/codes.ts', 'IncompleteCode'],
      ['functions/remediate/codes.ts', 'ResourceCode'],
      ['functions/remediate/codes.ts', 'UnconfirmedCode'],
      ['functions/remediate/codes.ts', 'EvidenceCode'],
      ['functions/rollback/codes.ts', 'RefusalCode'],
      ['functions/control/reply.ts', 'RefusalCode'],
      ['functions/requests/receive.ts', 'RequestRefusalCode'],
      ['functions/findings/finding.ts', 'RefusalCode'],
      ['functions/rule-function/handler.ts', 'RequestCode'],
      ['functions/control/hourly/compare-counts.ts', 'CheckCode'],
    ] as const;
    const codes = unions.map(([file, name]) => literalsOf(file, name));
    for (const one of codes) expect(one).not.toEqual([]);
    const [
      identities = [],
      parameters = [],
      demands = [],
      disputes = [],
      approvals = [],
      permissions = [],
      incomplete = [],
      resources = [],
      unconfirmed = [],
      evidence = [],
      rollbacks = [],
      orders = [],
      requests = [],
      sources = [],
      messages = [],
      checks = [],
    ] = codes;
    expect(tables('Codes')).toEqual([
      [...identities],
      [...parameters],
      [...demands],
      [...disputes],
      [...approvals],
      [...permissions],
      [...incomplete],
      [...resources],
      [...unconfirmed],
      [...evidence],
      [...rollbacks],
      [...orders],
      [...requests],
      [...checks],
      [...sources, ...messages],
    ]);
  });

  it('lists every field of an event', () => {
    const [fields = [], ...parts] = tables('Fields of an event');
    const declared = ['Subject', 'EventInput', 'LogEvent'].flatMap((name) => membersOf(events, name));
    expect(declared.length).toBeGreaterThan(20);
    expect([...fields].sort()).toEqual([...declared].sort());
    expect(parts).toEqual([
      ['do', 'undo', 'nearest', 'irreversible', 'evidence', 'document', 'note'],
      ['id', 'of', 'at', 'key', 'custody'],
      membersOf(events, 'Times'),
    ]);
  });

  it('lists every index with what it contains', () => {
    const content = section('docs/audit.md', 'Table and indexes');
    const [indexes] = firstColumns(content);
    expect(indexes).toEqual(allIndexes.map(({ name }) => name));
    for (const { attribute, name } of allIndexes) expect(content).toContain(`| \`${name}\` | \`${attribute}\` | \`time\` |`);
    const [, listed = ''] = /and the last three contain ([\s\S]*?)\. Read/.exec(content) ?? [];
    expect(spans(listed)).toEqual([...indexedFields, 'outcome', 'code']);
    const [, filtered = ''] = /`by-source` contain ([\s\S]*?)\. Only/.exec(content) ?? [];
    expect(spans(filtered)).toEqual(filteredFields);
  });

  it.each([
    ['Orders table', orderKeys],
    ['Coordination table', keys],
    ['Tickets table', ticketKeys],
  ])('lists every sort of item in: %s', (title, ofTable) => {
    const [listed = []] = tables(title);
    const named = Object.values(ofTable).map((key) =>
      typeof key === 'string' ? key : (key as (...parts: string[]) => string)('*', '*', '*'),
    );
    expect(listed.map((key) => key.replace(/<\w+>/g, '*'))).toEqual(named);
  });
});

describe('the words that others have replaced', () => {
  it.each(replacedWords.map(({ planted, pattern }) => [planted, pattern] as const))('are found in %j', (planted, pattern) => {
    expect(planted).toMatch(pattern);
    expect(replacedWordsIn(`A first line.\n${planted}`)).toHaveLength(1);
  });

  it.each(allowed)('are not found in %j', (sentence) => {
    expect(replacedWordsIn(sentence)).toEqual([]);
  });

  it.each([...publicTexts])('are not in %s', (_name, text) => {
    expect(replacedWordsIn(text)).toEqual([]);
  });

  it('are not in the pages of the catalogue', () => {
    const catalogue = filesIn('rules', '.md');
    expect(catalogue.length).toBeGreaterThan(20);
    expect(catalogue.flatMap((file) => replacedWordsIn(read(file)))).toEqual([]);
  });

  it.each(['functions', 'infra', 'rules', 'test/demo'])('are not in the sentences that the code of %s contains', (folder) => {
    const sentences = filesIn(folder, '.ts').flatMap(sentencesOf);
    expect(sentences.length).toBeGreaterThan(20);
    expect(sentences.flatMap(replacedWordsIn)).toEqual([]);
  });

  it('are not in the help of any command', async () => {
    const found: Record<string, readonly string[]> = {};
    for (const command of ['', ...(await allCommands())]) {
      const words = replacedWordsIn(await helpOf(command));
      if (words.length > 0) found[`posture ${command}`] = words;
    }
    expect(found).toEqual({});
  });
});
