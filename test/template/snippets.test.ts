import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Call } from '../../functions/aws/call';
import { expectedProperties, type Properties } from '../../functions/template/expected-properties';
import { knownCalls } from '../../functions/template/known-calls';
import { snippetsFor } from '../../functions/template/snippets';
import { terraformArguments } from '../../functions/template/terraform';
import { findPython } from '../emulator/python';
import { samples } from './samples';
import { documented } from './terraform-documented';

const root = path.resolve(__dirname, '../..');
mkdirSync(path.join(root, 'build'), { recursive: true });
const folder = mkdtempSync(path.join(root, 'build/snippets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const call = (service: string, operation: string, input: Call['input']): Call => ({ service, operation, input });
const versioning = call('s3', 'PutBucketVersioning', { Bucket: 'b', VersioningConfiguration: { Status: 'Enabled' } });
const change = (type: string, properties: object, logicalId = 'TheResource') => ({ type, logicalId, properties: properties as Properties });

describe('the properties that a template needs', () => {
  it.each(samples)('are those that $call.service:$call.operation sets on $type', ({ type, call: given, expected }) => {
    expect(expectedProperties(type, [given])).toEqual(expected);
  });

  it('are known for a sample of each listed call and setting', () => {
    const listed = Object.entries(knownCalls).flatMap(([type, calls]) =>
      Object.entries(calls).flatMap(([name, { sets = {} }]) => [
        `${type} ${name}`,
        ...Object.keys(sets).map((setting) => `${type} ${name} ${setting}`),
      ]),
    );
    const sampled = samples.flatMap(({ type, call: { service, operation, input } }) => {
      const name = `${type} ${service}:${operation}`;
      const settings = knownCalls[type]?.[`${service}:${operation}`]?.sets ?? {};
      const has = (setting: string) =>
        setting.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], input) !== undefined;
      return [name, ...Object.keys(settings).flatMap((setting) => (has(setting) ? [`${name} ${setting}`] : []))];
    });
    expect(listed.filter((one) => !sampled.includes(one))).toEqual(['AWS::RDS::DBCluster rds:ModifyDBCluster AutoMinorVersionUpgrade']);
  });

  it.each([
    ['another call', [versioning, call('s3', 'PutBucketAcl', { Bucket: 'b' })]],
    [
      'another input',
      [call('s3', 'PutBucketVersioning', { Bucket: 'b', MFA: '1', VersioningConfiguration: { Status: 'Enabled', MFADelete: 'Enabled' } })],
    ],
    ['another attribute', [call('sns', 'SetTopicAttributes', { TopicArn: 't', AttributeName: 'Policy', AttributeValue: 'p' })]],
    ['an inherited name', [call('constructor', 'constructor', {})]],
    ['no call', []],
  ] as const)('are not known with %s', (_, calls) => {
    expect(expectedProperties('AWS::S3::Bucket', calls)).toBeUndefined();
    expect(expectedProperties('AWS::SNS::Topic', calls)).toBeUndefined();
    expect(expectedProperties('toString', calls)).toBeUndefined();
  });

  it('hold nothing that names more than a setting', () => {
    const key = (AttributeValue: string) =>
      call('sns', 'SetTopicAttributes', { TopicArn: 't', AttributeName: 'KmsMasterKeyId', AttributeValue });
    expect(expectedProperties('AWS::SNS::Topic', [key('alias/aws/sns')])).toEqual({ KmsMasterKeyId: 'alias/aws/sns' });
    expect(expectedProperties('AWS::SNS::Topic', [key('arn:aws:kms:eu-west-1:111122223333:key/k')])).toBeUndefined();
    expect(expectedProperties('AWS::SNS::Topic', [key("');evil('")])).toBeUndefined();
  });
});

describe('the snippets', () => {
  it('change a bucket in a template, in the CDK and in Terraform', () => {
    const given = change('AWS::S3::Bucket', { VersioningConfiguration: { Status: 'Enabled' } }, 'Reports');
    const [template, cdk] = snippetsFor(given, 'stack').map(({ code }) => code);
    expect(template).toBe(
      'Resources:\n  Reports:\n    Type: AWS::S3::Bucket\n    Properties: # keep the others\n      VersioningConfiguration:\n        Status: "Enabled"',
    );
    expect(cdk).toContain("resource.addPropertyOverride('VersioningConfiguration.Status', 'Enabled');");
    expect(snippetsFor(given, 'terraform')[0]?.code).toBe(
      'resource "aws_s3_bucket_versioning" "the_resource" {\n  bucket = aws_s3_bucket.the_resource.id\n  versioning_configuration {\n    status = "Enabled"\n  }\n}',
    );
  });

  it('name no logical id that could be code', () => {
    const [template] = snippetsFor(change('AWS::S3::Bucket', { A: 1 }, 'X:\n  Evil'), 'stack');
    expect(template?.code).toContain('\n  TheResource:\n');
  });

  it('are none for Terraform where its provider has no argument', () => {
    expect(snippetsFor(change('AWS::RDS::DBCluster', { AutoMinorVersionUpgrade: true }), 'terraform')).toEqual([]);
    for (const { type, expected } of samples) expect([type, snippetsFor(change(type, expected), 'terraform').length]).toEqual([type, 1]);
  });
});

describe('the snippets of all samples', () => {
  // A snippet is a part of a resource: what is required besides is not in it.
  const about = /^(E0\d{3}|E1\d{3}|E3001|E3002|E3006|E3012|E3030|E3031|E3034)$/;

  async function lint(templates: readonly string[]): Promise<readonly string[]> {
    const files = templates.map((template, index) => {
      const file = path.join(folder, `${String(index).padStart(3, '0')}.yaml`);
      writeFileSync(file, template);
      return file;
    });
    const program = 'import sys; from cfnlint.runner import main; sys.exit(main())';
    const { stdout } = spawnSync(await findPython(), ['-c', program, '--format', 'json', '-r', 'us-east-1', '--', ...files], {
      encoding: 'utf8',
      maxBuffer: 50_000_000,
    });
    const found = JSON.parse(stdout) as readonly { readonly Rule: { readonly Id: string }; readonly Message: string }[];
    return found.filter(({ Rule }) => about.test(Rule.Id)).map(({ Rule, Message }) => `${Rule.Id} ${Message}`);
  }

  it('fit the schemas of CloudFormation, which a wrong one does not', async () => {
    const snippets = samples.map(({ type, expected }) => snippetsFor(change(type, expected), 'stack')[0]?.code ?? '');
    expect(await lint(snippets)).toEqual([]);
    const wrong = [{ Versioning: 'Enabled' }, { VersioningConfiguration: { Status: 'On' } }, { VersioningConfiguration: 7 }];
    const found = await lint(wrong.map((properties) => snippetsFor(change('AWS::S3::Bucket', properties), 'stack')[0]?.code ?? ''));
    expect(found.map((one) => one.slice(0, 5))).toEqual(expect.arrayContaining(['E3002', 'E3030', 'E3012']));
  });

  it('name arguments of Terraform that the provider documents, and no other', () => {
    const named = Object.values(terraformArguments)
      .flatMap((properties) => Object.values(properties))
      .flatMap(({ resource, path: at, of }) => [`${resource} ${at}`, ...(of ? [`${resource} ${of.argument}`] : [])]);
    const known = Object.entries(documented).flatMap(([resource, all]) => all.map((one) => `${resource} ${one}`));
    expect([...new Set(named)].toSorted()).toEqual(known.toSorted());
  });

  it('compile with the CDK', () => {
    const lines = samples.map(({ type, expected }, index) => {
      const code = snippetsFor(change(type, expected), 'stack')[1]?.code ?? '';
      const [first = '', ...rest] = code.split('\n');
      const file = `sample${index}.ts`;
      writeFileSync(
        path.join(folder, file),
        `import type { Construct } from 'constructs';\n${first}\n\nexport function sample(construct: Construct) {\n${rest.join('\n')}\n}\n`,
      );
      return file;
    });
    writeFileSync(path.join(folder, 'wrong.ts'), "import { CfnBuckets } from 'aws-cdk-lib/aws-s3';\nexport type Wrong = CfnBuckets;\n");
    writeFileSync(
      path.join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: '../../tsconfig.json',
        compilerOptions: { incremental: false },
        include: [...lines, 'wrong.ts'],
        exclude: [],
      }),
    );
    const compiler = path.join(root, 'node_modules/typescript-7/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], { cwd: folder, encoding: 'utf8' });
    expect([...stdout.matchAll(/^(\S+)\(\d+,\d+\): error (TS\d+)/gm)].map(([, file]) => file)).toEqual(['wrong.ts']);
  });
});
