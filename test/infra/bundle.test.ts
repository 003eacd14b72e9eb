import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { build } from 'esbuild';
import { loadRules } from '../../functions/catalogue/catalogue';
import { bundle } from '../../infra/bundle';
import { withDirectImports } from '../../infra/bundle/direct-imports';
import { leanSchemas } from '../../infra/bundle/lean-schemas';
import { withLiteralKeys } from '../../infra/bundle/literal-keys';
import { withPlainErrors } from '../../infra/bundle/plain-errors';
import { withPlainFindings } from '../../infra/bundle/plain-findings';
import { synthesize } from '../../infra/synth';
import { functionCredentials } from '../emulator/account';
import { deployStacks } from '../emulator/deploy-stacks';
import { matches } from '../emulator/event-pattern';
import { startLambda } from '../emulator/lambda';
import { useEmulator } from '../emulator/use';
import { securityHubImported } from '../events/security-hub';
import { filledScaffold } from '../scaffold/filled';
import { temporaryFolder } from './synthesized';

const emulator = useEmulator();
const outdir = temporaryFolder('bundle');
const rules = path.resolve(__dirname, '../../rules');

/** A catalogue of one rule, or two, that the repository does not have. */
function plantedCatalogue(name: string, ...others: readonly string[]) {
  const folder = path.join(outdir, name, 'rules');
  mkdirSync(path.join(folder, 'zoo'), { recursive: true });
  for (const file of readdirSync(rules).filter((each) => each.endsWith('.ts'))) cpSync(path.join(rules, file), path.join(folder, file));
  for (const rule of ['bucket-fed', ...others]) {
    writeFileSync(path.join(folder, `zoo/${rule}.ts`), filledScaffold('zoo', rule)[`rules/zoo/${rule}.ts`] ?? '');
  }
  return loadRules(folder);
}

describe('a rule that is new', () => {
  it('is deployed and fixes its first finding, bundled and minified, with no edit of the app', async () => {
    const entries = plantedCatalogue('new');
    const policy = 'modes: { default: fix }';
    const { assembly, bundles, patterns, templates } = await synthesize({ outdir: path.join(outdir, 'new'), entries, policy });
    expect([...templates.keys()]).toEqual([
      'PostureMember',
      'PostureWatch',
      'Posture',
      'Posture/functionurl',
      'Posture/httpapi',
      'Posture/zoo',
    ]);

    const account = await emulator.account();
    await deployStacks(account, assembly, ['PostureMember', 'Posture']);
    const deployed = await account
      .client(LambdaClient)
      .send(new GetFunctionConfigurationCommand({ FunctionName: 'posture-rule-zoo-bucket-fed' }));
    const lambda = startLambda({
      name: 'posture-rule-zoo-bucket-fed',
      account: account.account,
      region: account.region,
      code: bundles.get('zoo-bucket-fed')?.folder ?? '',
      handler: deployed.Handler ?? '',
      credentials: await functionCredentials(emulator.gateway, { role: deployed.Role ?? '', name: 'posture-rule-zoo-bucket-fed' }),
      endpoint: emulator.gateway.url,
      timeoutSeconds: deployed.Timeout ?? 0,
      environment: deployed.Environment?.Variables ?? {},
    });
    try {
      const s3 = account.client(S3Client);
      const Bucket = `zoo-${account.account}`;
      await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
      const event = securityHubImported({
        control: 'ZOO.1',
        resource: { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${Bucket}` },
        account: account.account,
        region: account.region,
      });
      expect(patterns.get('zoo-bucket-fed')?.some((pattern) => matches(pattern, event))).toBe(true);

      emulator.gateway.clear();
      expect(await lambda.invoke(event)).toMatchObject({ result: { results: [{ outcome: 'fixed' }], refusals: [] } });
      expect(await s3.send(new GetBucketVersioningCommand({ Bucket }))).toMatchObject({ Status: 'Enabled' });
      const [first] = emulator.gateway.calls;
      expect(first?.role).toBe(`arn:aws:iam::${account.account}:role/posture-function-zoo-bucket-fed`);
      const { Items = [] } = await account.client(DynamoDBClient).send(new ScanCommand({ TableName: 'posture-log' }));
      expect(Items.map(({ rule }) => rule?.S)).toContain('zoo-bucket-fed');
      expect(JSON.stringify(Items)).toContain('PutBucketVersioning');
    } finally {
      await lambda.stop();
    }
  });
});

describe('a bundle', () => {
  it('is the same wherever and whenever it is made, as long as the code is the same', async () => {
    const one = await bundle(plantedCatalogue('one'), path.join(outdir, 'one'));
    const other = await bundle(plantedCatalogue('other'), path.join(outdir, 'other'));
    const [made, again] = [one, other].map((bundles) => bundles.get('zoo-bucket-fed'));
    expect(made?.hash).toBe(again?.hash);
    expect(made?.folder).not.toBe(again?.folder);
  });

  it('has what it imports, and nothing else, though it shares the most of it', async () => {
    const folder = path.join(outdir, 'two');
    await bundle(plantedCatalogue('two', 'bucket-washed'), folder);
    const bundles = await bundle(plantedCatalogue('two', 'bucket-brushed'), folder);
    const [fed = '', brushed = ''] = ['zoo-bucket-fed', 'zoo-bucket-brushed'].map((id) => bundles.get(id)?.folder);
    for (const own of [fed, brushed]) {
      const code = readdirSync(own).map((file) => readFileSync(path.join(own, file), 'utf8'));
      const imported = code.flatMap((text) => [...text.matchAll(/"\.\/(\w+\.mjs)"/g)].map(([, name]) => name));
      expect(readdirSync(own).toSorted()).toEqual([...new Set([...imported, 'index.mjs'])].toSorted());
    }
    const both = readdirSync(fed).filter((file) => file !== 'index.mjs' && readdirSync(brushed).includes(file));
    const shared = both.reduce((sum, file) => sum + statSync(path.join(fed, file)).size, 0);
    expect(shared).toBeGreaterThan(0.9 * (bundles.get('zoo-bucket-fed')?.bytes ?? 0));
  });

  it('has neither the operations that its rule does not use, nor sources of credentials that Lambda does not have', async () => {
    const bundles = await bundle(plantedCatalogue('lean'), path.join(outdir, 'lean'));
    const { folder = '', bytes = 0 } = bundles.get('zoo-bucket-fed') ?? {};
    const code = readdirSync(folder)
      .map((file) => readFileSync(path.join(folder, file), 'utf8'))
      .join('\n');
    expect(code).toContain('PutBucketVersioning');
    expect(code).not.toContain('PutBucketReplication');
    expect(code).not.toMatch(/sso_session|credential_process/);
    expect(bytes).toBeLessThan(930_000);
  });
});

describe('the schemas of the SDK', () => {
  it('get literal keys for computed ones, where the text is in the same file', () => {
    const source = 'const _eQN = "ec2QueryName";\nconst _s = "a \\"b\\"";\nvar A$ = [3, { [_eQN]: `Min`, [_s]: 1, [_u]: 2 }];\n';
    expect(withLiteralKeys(source)).toContain('{ "ec2QueryName": `Min`, "a \\"b\\"": 1, [_u]: 2 }');
  });

  it('keep a key that would mean something else as a literal', () => {
    expect(withLiteralKeys('const _p = "__proto__";\nvar A$ = { [_p]: 1 };')).toContain('{ [_p]: 1 }');
  });
});

describe('what is left out of the schemas of the SDK', () => {
  const sdk = path.resolve(__dirname, '../../node_modules/@aws-sdk');

  it('is not missed: an error has its name and message, and a finding its workflow', async () => {
    const outfile = path.join(outdir, 'lean.cjs');
    const contents = [
      `export { ListParentsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';`,
      `export { GetFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';`,
    ].join('\n');
    const stdin = { contents, resolveDir: sdk };
    // Jest's own modules have no `import()`.
    const supported = { 'dynamic-import': false };
    await build({ stdin, outfile, bundle: true, platform: 'node', mainFields: ['module', 'main'], supported, plugins: [leanSchemas] });
    const lean = require(outfile) as typeof import('@aws-sdk/client-organizations') & typeof import('@aws-sdk/client-securityhub');

    const account = await emulator.account();
    const organizations = account.client(lean.OrganizationsClient);
    await expect(organizations.send(new lean.ListParentsCommand({ ChildId: account.account }))).rejects.toMatchObject({
      name: 'AccountNotFoundException',
      message: expect.stringContaining("doesn't exist"),
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    });
    const finding = { Id: 'one', ProductArn: 'arn', Workflow: { Status: 'SUPPRESSED' }, Resources: [{ Id: 'r', Type: 'AwsS3Bucket' }] };
    emulator.gateway.securityHub.seed(account, finding);
    const { Findings } = await account.client(lean.SecurityHubClient).send(new lean.GetFindingsCommand({}));
    expect(Findings).toEqual([finding]);
  });

  it('is a class of error that nobody asks for', () => {
    const files = ['functions', 'rules'].flatMap((folder) =>
      readdirSync(path.resolve(__dirname, '../..', folder), { recursive: true, encoding: 'utf8' })
        // The command line is not bundled.
        .filter((file) => file.endsWith('.ts') && !file.startsWith('cli/'))
        .map((file) => path.resolve(__dirname, '../..', folder, file)),
    );
    const asked = files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^import \{([^}]*)\} from '@aws-sdk\/client-([\w-]+)';$/gm)]
        .filter(([, names = '', client = '']) => withPlainErrors.includes(client) && /(?<!type )\b\w+Exception\b/.test(names))
        .map(([line]) => `${file}: ${line}`),
    );
    expect(files.length).toBeGreaterThan(100);
    expect(asked).toEqual([]);
  });

  it('is no schema that the SDK writes otherwise', () => {
    expect(() => withPlainFindings('export var AwsSecurityFinding$ = {};')).toThrow('update infra/bundle/plain-findings.ts');
  });
});

describe('what is imported of the SDK', () => {
  it('is imported from the file that holds it, or from the index', () => {
    const source = "import { EC2Client, DescribeVpcsCommand,\n  type Vpc } from '@aws-sdk/client-ec2';\nimport { z } from 'zod';";
    expect(withDirectImports(source)).toBe(
      [
        "import { EC2Client } from '@aws-sdk/client-ec2/dist-es/EC2Client';",
        "import { DescribeVpcsCommand } from '@aws-sdk/client-ec2/dist-es/commands/DescribeVpcsCommand';",
        "import { type Vpc } from '@aws-sdk/client-ec2';\nimport { z } from 'zod';",
      ].join(' '),
    );
    expect(withDirectImports("import { ConflictException } from '@aws-sdk/client-scheduler';")).toBe(
      "import { ConflictException } from '@aws-sdk/client-scheduler/dist-es/models/errors';",
    );
    expect(withDirectImports("import type { Vpc } from '@aws-sdk/client-ec2';")).toBe("import type { Vpc } from '@aws-sdk/client-ec2';");
  });
});
