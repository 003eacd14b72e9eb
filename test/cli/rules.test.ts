import { spawnSync } from 'node:child_process';
import { loadRules } from '../../functions/catalogue/catalogue';
import { launch, launcher, usePosture } from './posture';

const posture = usePosture();

const ids = loadRules().map(({ rule }) => rule.id);

describe('posture', () => {
  it('says what it can do', async () => {
    const { code, stdout, stderr } = await launch(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const command of ['rules', 'plan', 'replay', 'log', 'rollback', 'Exit codes', 'Examples']) expect(stdout).toContain(command);
  });

  it('loads neither rules nor the SDK to say so', () => {
    const script = `process.on('exit', () => console.error(Object.keys(require.cache).filter((file) => /@aws-sdk|.rules./.test(file))));
      require(${JSON.stringify(launcher)});`;
    const { stderr } = spawnSync(process.execPath, ['-e', script, 'posture', '--help'], { encoding: 'utf8' });
    expect(stderr).toBe('[]\n');
  });

  it('says what each command takes, with examples and exit codes', async () => {
    for (const command of ['plan', 'replay', 'log', 'rollback']) {
      const { code, stdout } = await posture([command, '--help']);
      expect(code).toBe(0);
      for (const part of [`Usage: posture ${command}`, 'Exit codes:', 'Examples:', '--region', '--profile', '--json'])
        expect(stdout).toContain(part);
    }
  });

  it('offers the nearest command and option to a mistyped one', async () => {
    expect(await posture(['plann'])).toMatchObject({ code: 1, stderr: expect.stringContaining('(Did you mean plan?)') });
    expect(await posture(['rules', '--sevice', 's3'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('(Did you mean --service?)'),
    });
  });
});

describe('posture rules', () => {
  it.each(['INCOMING_SSH_DISABLED', 'restricted-ssh', 'securityhub-restricted-ssh-fe95bf3f', 'restricted-ssh-conformance-pack-n0q8yfwsp'])(
    'finds the rule for the Config rule %s',
    async (name) => {
      const { code, stdout } = await posture(['rules', '--control', name, '--json']);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject([{ id: 'ec2-security-group-admin-ports-closed' }]);
    },
  );

  it('lists every rule, plainly where nobody watches', async () => {
    const { code, stdout, stderr } = await launch(['rules']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').flatMap((line) => /^([a-z0-9]+-[a-z0-9-]+) /.exec(line)?.[1] ?? [])).toEqual(ids);
    expect(stdout).not.toContain('\u001b');
  });

  it('uses colours where they are wanted, and not where they are not', async () => {
    const coloured = await posture(['rules', '--severity', 'low'], { FORCE_COLOR: '1' });
    expect(coloured.stdout).toContain('\u001b[1mrule\u001b[22m');
    const plain = await posture(['rules', '--severity', 'low', '--no-color'], { FORCE_COLOR: '1' });
    expect(plain.stdout).not.toContain('\u001b');
  });

  it('filters by service, control, severity, risk and words', async () => {
    const all = loadRules();
    const found = async (...args: string[]) => {
      const { stdout } = await posture(['rules', ...args, '--json']);
      return (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id);
    };
    const expected = (fits: (entry: (typeof all)[number]) => boolean) => all.filter(fits).map(({ rule }) => rule.id);
    expect(await found('--service', 's3')).toEqual(expected(({ service }) => service === 's3'));
    expect(await found('--control', 's3.14')).toEqual(['s3-bucket-versioning-enabled']);
    expect(await found('--control', 's3-bucket-versioning-enabled')).toEqual(['s3-bucket-versioning-enabled']);
    expect(await found('--risk', 'safe', '--severity', 'low')).toEqual(
      expected(({ rule }) => rule.risk === 'safe' && rule.severity === 'low'),
    );
    expect(await found('--text', 'Overwritten OBJECTS recovered')).toEqual(['s3-bucket-versioning-enabled']);
  });

  it('explains one: why, what owners notice, permissions, the way back', async () => {
    const { code, stdout } = await posture(['rules', 's3-bucket-versioning-enabled']);
    expect(code).toBe(0);
    for (const part of [
      'S3 buckets have versioning enabled',
      'Without versioning, overwritten or deleted objects cannot be recovered.',
      'Noncurrent versions are kept and charged',
      'Security Hub S3.14',
      's3:GetBucketVersioning  on arn:{partition}:s3:::*',
      's3:GetBucketTagging',
      's3:PutBucketVersioning  on arn:{partition}:s3:::*',
      'closest possible state',
    ])
      expect(stdout).toContain(part);
  });

  it('tells the parameters of a rule with type, default and meaning', async () => {
    const entry = loadRules().find(({ rule }) => rule.id === 'iam-user-credentials-used');
    const { stdout } = await posture(['rules', 'iam-user-credentials-used', '--json']);
    const { parameters } = JSON.parse(stdout) as { parameters: { name: string; default: unknown; description: string; type: string }[] };
    const defaults = entry?.rule.parameters?.parse({}) as Record<string, unknown>;
    expect(parameters.length).toBeGreaterThan(0);
    for (const one of parameters) {
      expect(one.description).toMatch(/\w/);
      expect(one.type).toMatch(/number|integer|string|boolean|list/);
      if ('default' in one) expect(one.default).toEqual(defaults[one.name]);
    }
    const text = await posture(['rules', 'iam-user-credentials-used']);
    expect(text.stdout).toContain(`${parameters[0]?.name} (${parameters[0]?.type}`);
    // Both the rule and its resource need it.
    expect(text.stdout.match(/iam:ListUsers {2}on \*/g)).toHaveLength(1);
  });

  it('offers the nearest to a mistyped rule, service or control', async () => {
    expect(await posture(['rules', 's3-bucket-versionin-enabled'])).toEqual({
      code: 1,
      stdout: '',
      stderr: `The rule "s3-bucket-versionin-enabled" does not exist. Did you mean s3-bucket-versioning-enabled? List the rules with \`posture rules\`, or search with --text.\n`,
    });
    expect((await posture(['rules', '--service', 's4'])).stderr).toContain('Did you mean s3?');
    expect((await posture(['rules', '--control', 'S3.114'])).stderr).toMatch(
      /The control "S3.114" does not exist. Did you mean S3\.1\d?\?/,
    );
    expect(await posture(['rules', '--severity', 'huge'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Allowed choices are critical, high, medium, low'),
    });
  });
});
