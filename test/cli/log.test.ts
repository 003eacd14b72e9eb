import { DynamoDBClient, PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { EventInput } from '../../functions/log/event';
import { openJournal } from '../../functions/log/journal';
import { dynamoLog } from '../../functions/log/log';
import type { Account } from '../emulator/account';
import { useEmulator } from '../emulator/use';
import { createTables, environmentOf } from './central';
import { launch, usePosture } from './posture';

const emulator = useEmulator();
const posture = usePosture();

const fixed = '01K6Z3NDEKTSV4RRFFQ69G5FAV';
const hostile = '01K6Z3NDEKTSV4RRFFQ69G5FAW';
const altered = '01K6Z3NDEKTSV4RRFFQ69G5FAX';
const evil = '=cmd|calc\u001b[2J\u202edeifirev';
let account: Account;
let env: ReturnType<typeof environmentOf>;

beforeAll(async () => {
  account = await emulator.account();
  env = environmentOf(account);
  await createTables(account);
  const client = account.client(DynamoDBClient);
  let minute = 0;
  const clock = { now: () => new Date(Date.UTC(2026, 2, 1, 12, minute++)), sleep: async () => {} };
  const journal = (remediation: string, resource: string, rule = 's3-bucket-versioning-enabled') =>
    openJournal(dynamoLog(client, 'posture-log', { by: 'rule', rule }), clock, {
      remediation,
      rule,
      version: '0.1.0',
      finding: `arn:aws:securityhub:eu-west-1:${account.account}:finding/${remediation}`,
      source: 'security-hub',
      detectedBy: 'S3.14',
      partition: 'aws',
      account: account.account,
      region: 'eu-west-1',
      resource,
      resourceType: 'AWS::S3::Bucket',
    });
  const said = (kind: EventInput['kind'], more: Partial<EventInput> = {}): EventInput => ({
    kind,
    reason: `${kind} it.`,
    actor: 'arn:aws:iam::1:role/r',
    ...more,
  });
  const call = (Status: string) => ({
    service: 's3',
    operation: 'PutBucketVersioning',
    input: { Bucket: 'records', VersioningConfiguration: { Status } },
  });

  const one = journal(fixed, 'arn:aws:s3:::records');
  const before = { status: 'Suspended' };
  await one.write(
    said('applied', { times: { received: '2026-03-01T12:00:00.000Z', detected: '2026-03-01T11:59:00.000Z' } }),
    said('planned', { before, decision: ['mode: fix', 'risk: safe'], changes: [{ do: call('Enabled'), undo: call('Suspended') }] }),
  );
  await one.write(said('verified', { outcome: 'fixed', before, after: { status: 'Enabled' } }));
  const two = journal(hostile, `arn:aws:s3:::${evil}`);
  await two.write(said('applied'), said('failed', { outcome: 'failed', reason: evil }));
  const three = journal(altered, 'arn:aws:s3:::papers', 'kms-key-rotation-enabled');
  await three.write(said('applied'), said('skipped', { outcome: 'exempt' }));
  await client.send(
    new UpdateItemCommand({
      TableName: 'posture-log',
      Key: { trail: { S: `kms-key-rotation-enabled/${altered}` }, sequence: { N: '2' } },
      UpdateExpression: 'SET reason = :other',
      ExpressionAttributeValues: { ':other': { S: 'Nothing happened.' } },
    }),
  );
});

describe('posture log', () => {
  it('shows the intents and ends of the own account, the newest first', async () => {
    const { code, stdout, stderr } = await launch(['log'], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: `Without a filter: events of account ${account.account}.\n` });
    const [head, ...lines] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^time +outcome +severity +rule +control +account +region +resource +remediation +changes and reason$/);
    expect(lines.map((line) => line.split(/ {2,}/).slice(0, 2).join(' '))).toEqual([
      '2026-03-01 12:03:00Z exempt',
      '2026-03-01 12:02:00Z failed',
      '2026-03-01 12:01:00Z fixed',
      '2026-03-01 12:00:00Z planned',
    ]);
  });

  it('answers by resource, rule, account, finding, outcome and time', async () => {
    const ids = async (...args: string[]) => {
      const { code, stdout } = await posture(['log', ...args, '--json'], env);
      expect(code).toBe(0);
      return (JSON.parse(stdout) as { entries: { remediation: string; kind: string }[] }).entries.map(
        ({ remediation, kind }) => `${remediation} ${kind}`,
      );
    };
    expect(await ids('--resource', 'arn:aws:s3:::records')).toEqual([`${fixed} verified`, `${fixed} planned`]);
    expect(await ids('--resource', 'arn:aws:s3:::records:*')).toEqual(await ids('--resource', 'arn:aws:s3:::records'));
    expect(await ids('--rule', 'kms-key-rotation-enabled')).toEqual([`${altered} skipped`]);
    expect(await ids('--outcome', 'fixed')).toEqual([`${fixed} verified`]);
    expect(await ids('--finding', `arn:aws:securityhub:eu-west-1:${account.account}:finding/${hostile}`)).toEqual([`${hostile} failed`]);
    expect(await ids('--account', '999999999999')).toEqual([]);
    expect(await ids('--account', account.account, '--steps', '--oldest-first', '--until', '2026-03-01T13:00:00+01:00')).toEqual([
      `${fixed} applied`,
      `${fixed} planned`,
    ]);
    expect(await ids('--since', '2026-03-01', '--until', '2026-03-01')).toHaveLength(4);
    expect(await ids('--since', '2026-03-02')).toEqual([]);
  });

  it('goes on page by page, and says that there is more', async () => {
    const question = ['log', '--account', account.account, '--format', 'csv', '--limit', '3'];
    const first = await posture(question, env);
    expect(first.stdout.trim().split('\r\n')).toHaveLength(4);
    const [, cursor = ''] = /--after (\S+)/.exec(first.stderr) ?? [];
    const second = await posture([...question, '--after', cursor], env);
    expect(second.stdout.trim().split('\r\n')).toHaveLength(2);
    expect(second.stderr).toBe('');
    const whole = await posture(['log', '--account', account.account, '--format', 'csv', '--limit', 'all'], env);
    expect(whole.stdout.trim().split('\r\n')).toHaveLength(5);
  });

  it('lets no value steer the terminal, or be a formula in a spreadsheet', async () => {
    for (const args of [[], ['--json'], ['--format', 'csv'], ['--remediation', hostile], ['--remediation', hostile, '--format', 'csv']]) {
      const { stdout, stderr } = await posture(['log', ...args], env);
      expect(stdout).toContain('=cmd|calc');
      for (const character of ['\u001b', '\u202e']) expect(stdout + stderr).not.toContain(character);
    }
    const { stdout } = await posture(['log', '--outcome', 'failed', '--format', 'csv'], env);
    expect(stdout).toContain(`"'=cmd|calc`);
    expect(stdout).not.toContain(`"=cmd|calc`);
    const json = await posture(['log', '--outcome', 'failed', '--json'], env);
    expect((JSON.parse(json.stdout) as { entries: { reason: string }[] }).entries[0]?.reason).toBe(evil);
  });

  it('tells the whole trail of a remediation, and that none of it was altered', async () => {
    const { code, stdout, stderr } = await posture(['log', '--remediation', fixed], env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const part of [
      `Remediation ${fixed}`,
      's3-bucket-versioning-enabled (version 0.1.0)',
      '1. applied  2026-03-01 12:00:00Z\n   applied it.',
      'detected 2026-03-01 11:59:00Z, received 2026-03-01 12:00:00Z',
      'decision mode: fix\n   decision risk: safe',
      '- VersioningConfiguration.Status: Suspended\n   + VersioningConfiguration.Status: Enabled',
      '3. verified  fixed',
      '- status: Suspended\n     + status: Enabled',
      'intact  The hash chain of the 3 events is valid',
    ])
      expect(stdout).toContain(part);
    // A file by itself says what it is about.
    const [head, ...rows] = (await posture(['log', '--remediation', fixed, '--format', 'csv'], env)).stdout.trim().split('\r\n');
    expect(head).toContain('"rule","version","detectedBy","account","region","resource","finding"');
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row).toMatch(new RegExp(`^"${fixed}",.*"s3-bucket-versioning-enabled","0.1.0",.*"arn:aws:s3:::`));
  });

  it('says what is broken in a trail that was altered, and ends with 1', async () => {
    const text = await posture(['log', '--remediation', altered], env);
    expect(text).toMatchObject({ code: 1, stderr: expect.stringMatching(/^broken {2}Event 2 was altered/) });
    expect(text.stdout).not.toContain('intact');
    const json = await posture(['log', '--remediation', altered, '--json'], env);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      intact: false,
      breaks: [expect.stringContaining('Event 2 was altered')],
      events: [{}, {}],
    });
  });

  it('shows what is forged as forged, in every format, and nothing that it claims', async () => {
    const remediation = '01K6Z3NDEKTSV4RRFFQ69G5FAY';
    const finding = `arn:aws:securityhub:eu-west-1:${account.account}:finding/${remediation}`;
    const client = account.client(DynamoDBClient);
    const { Items: [template = {}] = [] } = await client.send(
      new QueryCommand({
        TableName: 'posture-log',
        KeyConditionExpression: 'trail = :trail',
        ExpressionAttributeValues: { ':trail': { S: `s3-bucket-versioning-enabled/${fixed}` } },
      }),
    );
    const trail = `s3-bucket-tls-required/${remediation}`;
    const Item = { ...template, trail: { S: trail }, finding: { S: finding }, reason: { S: 'All is well.' } };
    await client.send(new PutItemCommand({ TableName: 'posture-log', Item }));
    const why = 'Its rule is "s3-bucket-versioning-enabled", and the rule of its key "s3-bucket-tls-required".';

    const asked = ['log', '--finding', finding, '--steps'];
    const table = await posture(asked, env);
    expect(table.stderr).toContain(`forged  Record 1 of the trail ${trail} is not used. ${why}`);
    expect(table.stdout).toMatch(new RegExp(`forged +s3-bucket-tls-required +${remediation} +This record is forged and is not used`));
    const csv = await posture([...asked, '--format', 'csv'], env);
    expect(csv.stdout).toContain('This record is forged and is not used.');
    expect(csv.stdout).toContain(`"${trail}"`);
    const json = await posture([...asked, '--json'], env);
    expect(JSON.parse(json.stdout)).toMatchObject({ entries: [{ rule: 's3-bucket-tls-required', remediation, trail, forged: why }] });
    for (const { stdout } of [table, csv, json]) expect(stdout).not.toMatch(/All is well|arn:aws:s3:::records/);

    for (const format of ['table', 'json', 'csv']) {
      const { code, stdout, stderr } = await posture(
        ['log', '--remediation', `s3-bucket-tls-required/${remediation}`, '--format', format],
        env,
      );
      expect(code).toBe(1);
      expect(stdout + stderr).toContain('the rule of its key');
      expect(stdout).not.toMatch(/All is well|intact {2}/);
    }
  });

  it('shows what people requested among the events of the function, each chain by itself', async () => {
    const rule = 's3-bucket-versioning-enabled';
    const remediation = '01K6Z3NDEKTSV4RRFFQ69G5FAZ';
    const subject = {
      ...{ remediation, rule, version: '0.1.0', finding: 'f', source: 'security-hub', detectedBy: 'S3.14', partition: 'aws' },
      ...{ account: account.account, region: 'eu-west-1', resource: 'arn:aws:s3:::asked', resourceType: 'AWS::S3::Bucket' },
    };
    let minute = 0;
    const clock = { now: () => new Date(Date.UTC(2026, 3, 1, 12, minute++)), sleep: async () => {} };
    const journalOf = (by: 'rule' | 'control') =>
      openJournal(dynamoLog(account.client(DynamoDBClient), 'posture-log', { by, rule }), clock, subject);
    const own = journalOf('rule');
    await own.write({ kind: 'approval-requested', outcome: 'awaiting-approval', reason: 'Asks.', actor: 'role' });
    await journalOf('control').write({ kind: 'approved', reason: 'Alice approved.', actor: 'alice' });
    await own.write({ kind: 'planned', reason: 'Plans.', actor: 'role' });
    const { code, stdout } = await posture(['log', '--remediation', remediation], env);
    expect(code).toBe(0);
    expect(stdout).toMatch(/1\. approval-requested[\s\S]*1\. approved[\s\S]*by alice, logged by the control function[\s\S]*2\. planned/);
    expect(stdout).toContain('Each of the 2 hash chains of the 3 events is valid');
    const json = await posture(['log', '--remediation', `${rule}/${remediation}`, '--json'], env);
    expect(JSON.parse(json.stdout)).toMatchObject({
      intact: true,
      forged: [],
      events: [{ trail: `${rule}/${remediation}` }, { trail: `control/${rule}/${remediation}` }, { kind: 'planned' }],
    });
  });

  it('shows which tool requested a remediation, and what it said, without what could steer a terminal', async () => {
    const rule = 's3-bucket-versioning-enabled';
    const [remediation, refused] = ['01K6Z3NDEKTSV4RRFFQ69G5FB0', '01K6Z3NDEKTSV4RRFFQ69G5FB1'];
    const clock = { now: () => new Date(Date.UTC(2026, 4, 1, 12)), sleep: async () => {} };
    const journalOf = (by: 'rule' | 'requests', id: string) =>
      openJournal(dynamoLog(account.client(DynamoDBClient), 'posture-log', { by, rule }), clock, {
        ...{
          remediation: id,
          rule,
          version: '0.1.0',
          finding: 'posture.finding.siem/A-1',
          source: 'custom',
          detectedBy: 'S3.14',
          partition: 'aws',
        },
        ...{ account: account.account, region: 'eu-west-1', resource: 'arn:aws:s3:::listed', resourceType: 'AWS::S3::Bucket' },
      });
    const request = { requester: 'siem', reference: 'A-1' };
    const evidence = { technique: 'T1530', summary: 'Listed\u001b[2J by anybody.' };
    await journalOf('rule', remediation).write({
      kind: 'observed',
      outcome: 'observed',
      reason: 'Observes.',
      actor: 'role',
      ...request,
      evidence,
    });
    await journalOf('requests', refused).write({
      kind: 'request-refused',
      code: 'beyond-requester',
      reason: 'No.',
      actor: 'role',
      ...request,
    });
    const shown = await posture(['log', '--remediation', remediation], env);
    expect(shown.stdout).toMatch(
      / requested by siem, reference A-1\n +evidence summary: Listed\[2J by anybody\.\n +evidence technique: T1530\n/,
    );
    const { stdout } = await posture(['log', '--remediation', refused], env);
    expect(stdout).toMatch(
      /1\. request-refused[\s\S]*code beyond-requester[\s\S]*by role, logged by the function for requests\n +requested by siem/,
    );
  });

  it('shows the remediations of a ticket, by what the function of tickets logged alone', async () => {
    const rule = 's3-bucket-versioning-enabled';
    const [ticketed, planted] = ['01K6Z3NDEKTSV4RRFFQ69G5FC0', '01K6Z3NDEKTSV4RRFFQ69G5FC1'];
    const clock = { now: () => new Date(Date.UTC(2026, 4, 2, 12)), sleep: async () => {} };
    const write = (by: 'rule' | 'tickets', remediation: string, input: EventInput) =>
      openJournal(dynamoLog(account.client(DynamoDBClient), 'posture-log', { by, rule }), clock, {
        ...{ remediation, rule, version: '0.1.0', finding: 'f', source: 'security-hub', detectedBy: 'S3.14', partition: 'aws' },
        ...{ account: account.account, region: 'eu-west-1', resource: 'arn:aws:s3:::ticketed', resourceType: 'AWS::S3::Bucket' },
      }).write(input);
    const ticket = { kind: 'ticketed', reason: 'Its ticket is SEC-12.', actor: 'tickets', ticket: 'SEC-12' } as const;
    await write('rule', ticketed, { kind: 'observed', outcome: 'observed', reason: 'Observes.', actor: 'role' });
    await write('tickets', ticketed, ticket);
    await write('rule', planted, ticket);
    const { code, stdout } = await posture(['log', '--ticket', 'SEC-12'], env);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Remediation 01K6Z3NDEKTSV4RRFFQ69G5FC0\n[\s\S]*1\. ticketed[\s\S]*logged by the function of tickets/);
    expect(stdout).not.toContain(planted);
    expect(await posture(['log', '--ticket', 'SEC-13'], env)).toMatchObject({ code: 1, stderr: expect.stringContaining('"SEC-13"') });
    expect((await posture(['log', '--ticket', 'SEC-12', '--rule', rule], env)).stderr).toContain('Remove --rule');
  });

  it('that finds nothing says what may be wrong with the question', async () => {
    const said = async (...args: string[]) => posture(['log', ...args], env);
    expect(await said('--rule', 's3-bucket-versionin-enabled')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'No events found. This version has no rule "s3-bucket-versionin-enabled". Did you mean s3-bucket-versioning-enabled?\n',
    });
    expect((await said('--resource', 'records', '--format', 'csv')).stderr).toBe(
      'No events found. Specify the ARN of the resource: "records" is not an ARN.\n',
    );
    expect((await said('--rule', 'kms-key-rotation-enabled', '--json')).stderr).toBe('');
  });

  it('says what is wrong with a question, and what is allowed', async () => {
    const said = async (...args: string[]) => {
      const { code, stdout, stderr } = await posture(['log', ...args], env);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      return stderr;
    };
    expect(await said('--outcome', 'fixd')).toContain('Allowed choices are fixed, partly-fixed');
    expect(await said('--account', '1234')).toContain('Specify a 12-digit account id.');
    expect(await said('--since', 'yesterday')).toContain('--since "yesterday" is not a valid time. Specify a date (2026-03-01)');
    expect(await said('--since', '2026-03-02', '--until', '2026-03-01')).toContain('Specify an earlier --since or a later --until.');
    expect(await said('--limit', '0')).toContain('Specify a whole number above 0, or `all`.');
    expect(await said('--after', 'nonsense', '--rule', 'x')).toContain('The cursor is invalid.');
    expect(await said('--json', '--format', 'csv')).toContain("can't be combined");
    expect(await said('--remediation', fixed, '--rule', 'x')).toContain('Remove --rule.');
    expect(await said('--remediation', '01K6Z3NDEKTSV4RRFFQ69G5FAA')).toContain('The log has no remediation 01K6Z3NDEKTSV4RRFFQ69G5FAA.');
  });

  it('says where the table should be, and what to do where it is not', async () => {
    const elsewhere = await posture(['log', '--region', 'eu-north-1'], env);
    expect(elsewhere).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        `The log table posture-log does not exist in account ${account.account}, eu-north-1. Deploy the stack Posture there`,
      ),
    });
    const other = await posture(['log'], { ...env, POSTURE_LOG_TABLE: 'other' });
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('The log table other does not exist') });
  });
});
