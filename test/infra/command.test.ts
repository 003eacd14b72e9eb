import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadRules } from '../../functions/catalogue/catalogue';
import { findPython } from '../emulator/python';
import { temporaryFolder } from './synthesized';

const root = path.resolve(__dirname, '../..');
const outdir = temporaryFolder('command');

/** Of someone who has no account: no credentials, no configuration, and every way out leads nowhere. */
const nobody = {
  PATH: process.env.PATH,
  HOME: outdir,
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  AWS_EC2_METADATA_DISABLED: 'true',
  HTTP_PROXY: 'http://127.0.0.1:1',
  HTTPS_PROXY: 'http://127.0.0.1:1',
};
const cdk = (...words: string[]) =>
  spawnSync(process.execPath, [path.join(root, 'node_modules/aws-cdk/bin/cdk'), ...words, '--no-notices'], {
    cwd: root,
    env: nobody,
    encoding: 'utf8',
  });

/** AWS's linter of templates, which moto brings with it. */
async function lint(folder: string, ...words: string[]): Promise<readonly [status: number | null, said: string]> {
  const program = 'import sys; from cfnlint.runner import main; sys.exit(main())';
  // W3005: the CDK has a function depend on its role by name, although it refers to it.
  const options = { cwd: folder, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(await findPython(), ['-c', program, '-i', 'W3005', ...words], options);
  return [status, `${stdout}${stderr}`];
}

describe('cdk synth', () => {
  const output = path.join(outdir, 'cdk.out');
  const templates = () => readdirSync(output).filter((file) => file.endsWith('.template.json'));

  it('needs no account, no credentials and no network, and the CDK finds no fault in the templates', () => {
    const { status, stdout, stderr } = cdk('synth', '--quiet', '--strict', '--output', output);
    expect([status, `${stdout}${stderr}`]).toEqual([0, expect.not.stringMatching(/\b(error|warning)\b/i)]);
    const services = new Set(loadRules().map(({ service }) => service));
    // The central stack, the members, the watch, and the endpoint for orders in its two forms.
    expect(templates().length).toBe(3 + services.size + 2);
  });

  it('makes bundles that start fast', () => {
    const manifest = readFileSync(path.join(output, 'Posture.assets.json'), 'utf8');
    const { files } = JSON.parse(manifest) as { files: Record<string, { source: { path: string; packaging: string } }> };
    const sizes = Object.values(files)
      .filter(({ source }) => source.packaging === 'zip')
      .map(({ source }) => path.join(output, source.path))
      .map((folder) => readdirSync(folder).reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0))
      .toSorted((a, b) => a - b);
    // And the functions of no rule: validator, notify, control, dispatch, reconcile, sweep, watch, archive and seal.
    expect(sizes).toHaveLength(loadRules().length + 9);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(975_000);
    expect(sizes.at(-3)).toBeLessThanOrEqual(1_350_000);
    // The sweep and the watch have all rules, and nobody waits for them.
    expect(sizes.at(-1)).toBeLessThanOrEqual(2_400_000);
  });

  // One service is as the other, and the regions without function URLs get the HTTP API.
  const isEverywhere = (file: string) => !/functionurl/.test(file) && !/nested/.test(file.replace(/(httpapi|sqs)\w+\.nested/, ''));

  it('makes templates that cfn-lint finds nothing in', async () => {
    const files = templates().filter((file) => !isEverywhere(file));
    expect(files).toHaveLength(templates().length - 5);
    expect(await lint(output, '--', ...files)).toEqual([0, '']);
  });

  it('makes templates that CloudFormation takes in China, in GovCloud and in a region without function URLs, too', async () => {
    // A template is read once for all of them, and the first is that of the linter itself.
    const regions = ['us-east-1', 'cn-north-1', 'cn-northwest-1', 'us-gov-west-1', 'us-gov-east-1', 'eu-south-2'];
    const files = templates().filter(isEverywhere);
    expect(files).toHaveLength(5);
    expect(await lint(output, '-r', ...regions, '--', ...files)).toEqual([0, '']);
  });

  it('says what is wrong with the policy, where, and what is meant', () => {
    const file = path.join(outdir, 'wrong.yaml');
    writeFileSync(file, 'modes:\n  clauses:\n    - { mode: fix, rules: [s3-bucket-versioning-enable] }\n');
    const posture = JSON.stringify({ policy: file });
    const { status, stderr } = cdk('synth', '--quiet', '--output', path.join(outdir, 'wrong'), '--context', `posture=${posture}`);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining(
        'line 3, modes.clauses[0].rules[0]: the rule "s3-bucket-versioning-enable" does not exist. Did you mean s3-bucket-versioning-enabled?',
      ),
    ]);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
