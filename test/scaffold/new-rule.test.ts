import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filledScaffold } from './filled';
import { packageOf } from './fit';
import { marks } from './template';

const root = join(__dirname, '../..');
mkdirSync(join(root, 'build'), { recursive: true });
const clone = mkdtempSync(join(root, 'build/scaffold-'));

beforeAll(() => {
  for (const part of ['rules', 'functions', 'infra', ...['contract', 'emulator', 'scaffold', 'catalogue'].map((room) => `test/${room}`)])
    cpSync(join(root, part), join(clone, part), { recursive: true });
  for (const part of [
    'package.json',
    'tsconfig.json',
    'biome.json',
    'clock.grit',
    'jest.config.cjs',
    'test/reporter.cjs',
    'test/sequencer.cjs',
  ])
    cpSync(join(root, part), join(clone, part));
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

const node = (...words: string[]) => spawnSync('node', words, { cwd: clone, encoding: 'utf8' });
const run = (...words: string[]) => node('--import', 'tsx', 'test/scaffold/new-rule.ts', ...words);
const load = () =>
  node(
    '--import',
    'tsx',
    '-e',
    "const { loadRules } = require('./functions/catalogue/catalogue'); console.log(loadRules().map(({ rule }) => rule.id).join())",
  );
const remove = (...paths: string[]) => {
  for (const path of paths) rmSync(join(clone, path));
};
const filesOf = (service: string, name: string): [string, string] => [
  `rules/${service}/${name}.ts`,
  `test/rules/${service}/${name}.test.ts`,
];

const files = () =>
  readdirSync(clone, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.startsWith('node_modules'));

describe('the scaffold of a rule', () => {
  it('adds one file under rules and one under test, formatted, which the catalogue refuses until they are filled in', () => {
    const before = new Set(files());
    expect(run('s3', 'bucket-new-thing')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('wrote rules/s3/bucket-new-thing.ts'),
    });
    const made = filesOf('s3', 'bucket-new-thing');
    expect(
      files()
        .filter((file) => !before.has(file))
        .toSorted(),
    ).toEqual(made);
    const biome = spawnSync(join(root, 'node_modules/.bin/biome'), ['check', '--vcs-enabled=false', ...made], {
      cwd: clone,
      encoding: 'utf8',
    });
    expect(biome).toMatchObject({ status: 0 });
    const { status, stderr } = load();
    expect(status).toBe(1);
    for (const said of [
      made[0],
      'is not finished',
      '"WHAT CAN HAPPEN OTHERWISE."',
      'names S3.0',
      'Complete the placeholders of npm run rule:new',
    ])
      expect(stderr).toContain(said);
    remove(...made);
  });

  it('filled in, is in the catalogue, compiles and passes the contract suite', () => {
    for (const [path, text] of Object.entries(filledScaffold('s3', 'bucket-fed'))) {
      mkdirSync(dirname(join(clone, path)), { recursive: true });
      writeFileSync(join(clone, path), text);
    }
    const [rule, test] = filesOf('s3', 'bucket-fed');
    expect(load().stdout).toContain('s3-bucket-fed');
    const types = { extends: './tsconfig.json', compilerOptions: { noEmit: true }, include: [], files: [rule, test] };
    writeFileSync(join(clone, 'tsconfig.new.json'), JSON.stringify(types));
    expect(node('node_modules/typescript-7/bin/tsc', '-p', 'tsconfig.new.json')).toMatchObject({ status: 0, stdout: '' });
    const suite = node('node_modules/jest/bin/jest.js', '--rootDir', clone, '--maxWorkers=1', test);
    expect({ status: suite.status, failed: suite.stderr.match(/●.*/g) }).toEqual({ status: 0, failed: null });
    remove(rule, test);
  });

  it.each([
    [
      'sqs',
      'queue-new',
      [
        'SQSClient',
        "type: 'AWS::SQS::Queue',\n    arn: 'arn:{partition}:sqs:{region}:{account}:{id}'",
        "'SQS.0'",
        'SetQueueAttributesCommand',
      ],
    ],
    [
      'elb',
      'load-balancer-new',
      ['ElasticLoadBalancingV2Client', 'AWS::ElasticLoadBalancingV2::LoadBalancer', ':loadbalancer/{id}', "'ELB.0'"],
    ],
    ['msk', 'cluster-new', ['KafkaClient', 'AWS::MSK::Cluster', 'arn:{partition}:kafka:', 'kafka:DescribeCluster', "'MSK.0'"]],
    ['macie', 'thing-new', ['Macie2Client', 'AWS::Macie::THING', 'arn:{partition}:macie2:{region}:{account}:THING/{id}', "'Macie.0'"]],
  ])('fits the service: %s %s', (service, name, said) => {
    expect(run(service, name)).toMatchObject({ status: 0 });
    const made = filesOf(service, name);
    const text = readFileSync(join(clone, made[0]), 'utf8');
    for (const part of said) expect(text).toContain(part);
    expect(load().stderr).toContain('is not finished');
    remove(...made);
  });

  it.each([
    ['no words', [], 'A rule needs a service and a name'],
    ['a name that is too long', ['s3', `bucket-${'x'.repeat(45)}`], 'at most 45 characters'],
    ['a path', ['../s3', 'bucket-x'], 'A rule needs a service'],
    ['a rule that is there', ['s3', 'bucket-versioning-enabled'], 'is there already'],
    ['a service without a client', ['glue', 'job-logged'], 'npm install --save-exact @aws-sdk/client-glue'],
    ['a client that is not there', ['events', 'bus-closed', 'pipes'], 'npm install --save-exact @aws-sdk/client-pipes'],
  ])('refuses %s', (_name, words, message) => {
    expect(run(...words)).toMatchObject({ status: 1, stderr: expect.stringContaining(message) });
  });

  it('knows the client of each service that has rules', () => {
    const services = readdirSync(join(root, 'rules'), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []));
    expect(services.filter((service) => packageOf(service) === undefined)).toEqual([]);
  });
});

it('leaves no mark in a rule or its test', () => {
  const left = ['rules', 'test/rules'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => {
        const text = readFileSync(join(root, folder, file), 'utf8');
        return Object.values(marks).flatMap((mark) => (text.includes(mark) ? [`${folder}/${file}: ${mark}`] : []));
      }),
  );
  expect(left).toEqual([]);
});
