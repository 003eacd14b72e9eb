import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateEventBusCommand, EventBridgeClient, PutPermissionCommand } from '@aws-sdk/client-eventbridge';
import { parse } from 'yaml';
import { readPolicyFile } from '../../functions/cli/policy/policy-file';
import { busStatements } from '../../functions/policy/bus-policy';
import { freshPolicy } from '../../functions/policy/policy';
import { useEmulator } from '../emulator/use';
import { policyIn } from '../policy/deployed-policy';
import { environmentOf } from './central';
import { usePosture } from './posture';

const posture = usePosture();
const emulator = useEmulator();
const folder = mkdtempSync(path.join(tmpdir(), 'posture-policy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileWith = (text: string): string => {
  const file = path.join(folder, `${Math.random()}.yaml`);
  writeFileSync(file, text);
  return file;
};

describe('posture policy check', () => {
  it('finds that the file of the repository is valid, and fixes nothing', async () => {
    const { code, stdout, stderr } = await posture(['policy', 'check']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /posture\.yaml is valid\.\n {2}Default mode: observe\.\n {2}Mode clauses: 0\.\n {2}Other settings: none\.\n {2}Nothing is fixed automatically\.\n/,
    );
  });

  it('says what a policy allows, and warns', async () => {
    const file = fileWith(
      'modes:\n  default: ask\n  clauses: [{ mode: fix, risks: [safe] }]\nexemptions:\n  - { reason: old, owner: web, expires: 2020-01-31 }\n',
    );
    const { code, stdout, stderr } = await posture(['policy', 'check', file]);
    expect(code).toBe(0);
    expect(stdout).toContain('Mode clauses: 1, of which 1 fix.\n  Other settings: 1 exemptions.');
    expect(stderr).toBe(
      'Warning: line 5, exemptions[0].expires: the exemption expired after 2020-01-31. Remove it, or renew it with web.\n',
    );
  });

  it('lists what is wrong, with line and nearest name', async () => {
    const { code, stdout, stderr } = await posture(['policy', 'check', fileWith('mdoes: {}\nwindws: []\n')]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /\.yaml is invalid and was not applied:\n {2}line 1, mdoes: "mdoes" is not a valid key\. Did you mean modes\?\n {2}line 2, windws: /,
    );
  });

  it('lists what is wrong from the top to the bottom of the file', async () => {
    const { stderr } = await posture(['policy', 'check', fileWith('limits: { beyond: wait }\nmodes: { default: fx }\n')]);
    expect(stderr.match(/line \d/g)).toEqual(['line 1', 'line 2']);
  });

  it('lists all that is wrong, however much that is', async () => {
    const file = fileWith(`modes:\n  clauses:\n${'    - { mode: fixx, risks: [safee] }\n'.repeat(40)}`);
    const { stderr } = await posture(['policy', 'check', file]);
    expect(stderr.trimEnd().split('\n')).toHaveLength(81);
    expect(stderr).toContain(
      '\n  line 42, modes.clauses[39].risks[0]: "safee" is not a valid value. Did you mean safe? Valid values: safe, disruptive.\n',
    );
    const { code, stdout } = await posture(['policy', 'check', file, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ valid: false, problems: { length: 80 } });
  });

  it('says that a file is not there', async () => {
    expect(await posture(['policy', 'check', '/nowhere.yaml'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("can't be read (ENOENT)"),
    });
  });
});

describe('posture policy check --deployed', () => {
  const requesters = `requesters:
  siem: { principals: ["arn:aws:iam::444455556666:role/Siem"], rules: [s3-*] }
  edr: { principals: ["arn:aws:iam::777788889999:root", "arn:aws:iam::444455556666:user/edr"], rules: [s3-*] }
`;
  const differing = 'The policy of the bus for requests differs from the file.';

  async function deployment() {
    const account = await emulator.account();
    const events = account.client(EventBridgeClient);
    const env = environmentOf(account);
    const file = fileWith(requesters);
    const { requesters: named } = readPolicyFile(file).policy;
    const bus = `arn:aws:events:${account.region}:${account.account}:event-bus/posture-requests`;
    const statements = busStatements({ requesters: named }, bus);
    return {
      statements,
      create: () => events.send(new CreateEventBusCommand({ Name: 'posture-requests' })),
      put: (Statement: readonly object[]) =>
        events.send(
          new PutPermissionCommand({ EventBusName: 'posture-requests', Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
        ),
      check: (text?: string, ...more: readonly string[]) =>
        posture(['policy', 'check', text === undefined ? file : fileWith(text), '--deployed', ...more], env),
    };
  }

  it('finds no difference where the bus is as the stack deploys it, in whatever form AWS returns it', async () => {
    const { create, put, check, statements } = await deployment();
    await create();
    const returned = JSON.stringify(statements).replaceAll('"arn:aws:iam::777788889999:root"', '"777788889999"');
    await put(JSON.parse(returned) as readonly object[]);
    expect(await check()).toMatchObject({ code: 0, stdout: expect.stringContaining('The bus for requests is as the file says.') });
  });

  it('finds nothing to compare where there is neither a requester nor a bus', async () => {
    const { check } = await deployment();
    expect(await check('modes: { default: observe }')).toMatchObject({ code: 0 });
  });

  it('lists who can request nothing without a bus', async () => {
    const { check } = await deployment();
    const { code, stderr } = await check();
    expect(code).toBe(1);
    expect(stderr).toContain(differing);
    for (const name of ['edr', 'siem'])
      expect(stderr).toContain(`  The requester ${name} can request nothing: the bus posture-requests is not deployed.\n`);
  });

  it('lists a bus that nobody in the file needs', async () => {
    const { create, check } = await deployment();
    await create();
    expect(await check('modes: { default: observe }')).toMatchObject({ code: 1, stderr: expect.stringContaining('names no requester') });
  });

  it('lists all that differs', async () => {
    const { create, put, check, statements } = await deployment();
    await create();
    const changed = statements.flatMap((one): readonly object[] => {
      if (one.Sid === 'Requestersiem') return [{ ...one, Principal: { AWS: 'arn:aws:iam::444455556666:role/Other' } }];
      if (one.Sid === 'Requesteredr' || one.Sid === 'OnlyRequests') return [];
      return one.Sid === 'OnlyDirectly' ? [{ ...one, Effect: 'Allow' }] : [one];
    });
    await put([...changed, { Sid: 'Mine', Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: '*' }]);
    const { code, stderr } = await check();
    expect(code).toBe(1);
    expect(stderr.split('\n').slice(2)).toEqual([
      '  The requester edr is missing on the bus: it can request nothing.',
      '  The bus does not let arn:aws:iam::444455556666:role/Siem request as siem.',
      '  The bus lets "arn:aws:iam::444455556666:role/Other" request as siem, and the policy file does not.',
      '  The bus lacks the statement OnlyRequests.',
      '  The statement OnlyDirectly of the bus is not the one that the policy file leads to.',
      '  The bus has the statement "Mine", which the policy file does not lead to.',
      '',
    ]);
  });

  it('lists a denial that does not hold everybody else, also for software', async () => {
    const { create, put, check, statements } = await deployment();
    await create();
    await put(statements.map((one) => (one.Sid === 'OthersThansiem' ? { ...one, Resource: 'arn:aws:events:*:*:event-bus/other' } : one)));
    const { code, stdout } = await check(undefined, '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([
      1,
      { valid: true, bus: ['The statement OthersThansiem of the bus is not the one that the policy file leads to.'] },
    ]);
  });

  it('reads nothing of AWS for an invalid file', async () => {
    const { check } = await deployment();
    expect(await check('requesters: { siem: { rules: [s3-*] } }')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('requesters.siem.principals'),
    });
  });
});

describe('posture policy publish', () => {
  it('shows the difference, brings the policy into force, and shows it', async () => {
    const account = await emulator.account();
    const env = environmentOf(account);
    const { deploy } = await policyIn(account);
    await deploy(freshPolicy);
    const file = fileWith('modes: { default: off }\n');
    emulator.gateway.clear();
    const { code, stdout, stderr } = await posture(['policy', 'publish', file, '--why', 'Too many alarms', '--yes'], env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [change, head, ...others] = stdout.trimEnd().split('\n');
    expect([change, head]).toEqual(['modes.default: "observe" -> "off"', 'Consequences:']);
    expect(others).toEqual([
      // Whoever is switched off stops observing: that is not said twice.
      expect.stringMatching(/^ {2}\d+ rules, in all or some cases, are switched off: /),
      'Version 2 is deployed. The functions use it within a minute. To revert, publish the previous file.',
    ]);
    expect(emulator.gateway.calls.find(({ operation }) => operation === 'StartDeployment')?.input.Description).toBe('Too many alarms');

    const shown = await posture(['policy', 'show'], env);
    expect(parse(shown.stdout)).toEqual({ ...freshPolicy, modes: { default: 'off', clauses: [] } });
    expect((await posture(['policy', 'publish', file, '--why', 'Again'], env)).stdout).toContain(
      'The policy is already in effect. Nothing was published.',
    );
  });

  it('changes nothing where the file does not fit, or the validator of the hub refuses it', async () => {
    const account = await emulator.account();
    const env = environmentOf(account);
    const { deploy } = await policyIn(account);
    await deploy(freshPolicy);
    emulator.gateway.clear();
    expect((await posture(['policy', 'publish', fileWith('mdoes: {}'), '--why', 'x'], env)).code).toBe(1);
    expect(emulator.gateway.calls).toEqual([]);
    emulator.gateway.appConfig.validateBy(account.account, () => {
      throw new Error('there is no rule "new"');
    });
    const refused = await posture(['policy', 'publish', fileWith('modes: { default: fix }'), '--why', 'x', '--yes'], env);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/AppConfig rejected the policy, and the previous one remains in effect: .*no rule "new"/),
    });
    expect(parse((await posture(['policy', 'show'], env)).stdout).modes.default).toBe('observe');
  });

  it('wants to know why, and where the hub is', async () => {
    const account = await emulator.account();
    const env = environmentOf(account);
    expect((await posture(['policy', 'publish'], env)).stderr).toContain('--why is missing or empty. Specify the reason, for auditors.');
    expect(await posture(['policy', 'show'], env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`AppConfig has no application posture in account ${account.account}, ${account.region}.`),
    });
  });
});

describe('posture policy publish, with care', () => {
  const approving = 'approvals: { approvers: [{ principals: ["arn:aws:iam::111122223333:user/alice"] }] }\n';

  async function deployed() {
    const account = await emulator.account();
    const env = environmentOf(account);
    const { deploy } = await policyIn(account);
    const { policy } = readPolicyFile(fileWith(approving));
    await deploy(policy);
    return { env, publish: (text: string, ...more: string[]) => posture(['policy', 'publish', fileWith(text), ...more], env) };
  }

  it('says which approvers are gone and which rules begin to fix, and publishes nothing in a dry run or without a confirmation', async () => {
    const { env, publish } = await deployed();
    const { code, stdout } = await publish('modes: { default: fix }\n', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain(
      '  Approvers, removed: arn:aws:iam::111122223333:user/alice.\n  Nobody can approve, roll back or resume any more',
    );
    expect(stdout).toMatch(/ {2}\d+ rules, in all or some cases, begin to fix: /);
    expect(stdout).toContain('Nothing was published, because of --dry-run.');
    expect(await publish('modes: { default: fix }\n', '--why', 'x')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('pass --yes'),
    });
    expect(parse((await posture(['policy', 'show'], env)).stdout).modes.default).toBe('observe');
  });

  it('replaces only the version that is named', async () => {
    const { publish } = await deployed();
    const asked = ['--why', 'x', '--yes'];
    expect(await publish('modes: { default: ask }\n', ...asked, '--replaces', '7')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The version that was deployed last is 1, not 7. Nothing was published.'),
    });
    expect((await publish('modes: { default: ask }\n', ...asked, '--replaces', '1')).code).toBe(0);
  });
});

describe('posture policy publish, after another deployment', () => {
  it('does not replace a policy that nobody compared', async () => {
    const account = await emulator.account();
    const env = environmentOf(account);
    const { deploy } = await policyIn(account);
    await deploy(freshPolicy);
    const file = fileWith('modes: { default: ask }\n');
    // The second look, right before the deployment, is late.
    const late = emulator.gateway.fail({ account: account.account, operation: 'ListDeployments', when: 2, as: { delay: 1500 } });
    const published = posture(['policy', 'publish', file, '--why', 'x', '--yes'], env);
    while (late.met === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await deploy({ ...freshPolicy, modes: { default: 'off', clauses: [] } });
    expect(await published).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The policy was changed since it was read: version 2 was deployed meanwhile. Nothing was published.'),
    });
    expect(parse((await posture(['policy', 'show'], env)).stdout).modes.default).toBe('off');
  });
});

describe('posture policy diff', () => {
  it('compares a file with the policy in effect, and two versions, and ends with 2 where they differ', async () => {
    const account = await emulator.account();
    const env = environmentOf(account);
    const { deploy } = await policyIn(account);
    await deploy(freshPolicy);
    await deploy({ ...freshPolicy, modes: { default: 'fix', clauses: [] } });
    expect(await posture(['policy', 'diff', fileWith('modes: { default: fix }\n')], env)).toMatchObject({
      code: 0,
      stdout: 'There is no difference.\n',
    });
    const file = await posture(['policy', 'diff', fileWith('modes: { default: observe }\n')], env);
    expect(file).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(
        /^modes\.default: "fix" -> "observe"\nConsequences:\n {2}\d+ rules, in all or some cases, stop fixing: /,
      ),
    });
    const versions = await posture(['policy', 'diff', '--from', '1', '--to', '2', '--json'], env);
    expect([versions.code, JSON.parse(versions.stdout)]).toMatchObject([
      2,
      { changes: [{ path: 'modes.default', was: 'observe', is: 'fix' }] },
    ]);
    expect((await posture(['policy', 'diff', '--from', '2'], env)).code).toBe(0);
    expect((await posture(['policy', 'diff', '--from', '9'], env)).stderr).toContain('AppConfig has no version 9 of the policy.');
    expect((await posture(['policy', 'diff', '--to', '1'], env)).stderr).toContain('--to requires --from');
    expect((await posture(['policy', 'diff', '--from', 'x'], env)).stderr).toContain('Specify the number of a version');
  });
});
