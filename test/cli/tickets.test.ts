import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Account } from '../emulator/account';
import { useEmulator } from '../emulator/use';
import { type GitHub, type GitHubOptions, startGitHub } from '../tickets/stand-ins/github';
import { type JiraOptions, startJira } from '../tickets/stand-ins/jira';
import type { StandIn } from '../tickets/stand-ins/stand-in';
import { environmentOf } from './central';
import { usePosture } from './posture';

const emulator = useEmulator();
const posture = usePosture();
const token = 'a-token-that-nobody-may-see';
const folder = mkdtempSync(path.join(tmpdir(), 'posture-tickets-'));
afterAll(() => rmSync(folder, { recursive: true }));

let account: Account;
beforeAll(async () => {
  account = await emulator.account();
  const secrets = account.client(SecretsManagerClient);
  await secrets.send(
    new CreateSecretCommand({ Name: 'posture/tracker', SecretString: JSON.stringify({ token, email: 'bot@acme.example' }) }),
  );
});

async function run(command: 'check' | 'test', server: StandIn, tracker: object, ...options: readonly string[]) {
  const file = path.join(folder, 'policy.json');
  writeFileSync(file, JSON.stringify({ tickets: { tracker: { url: server.url, secret: 'posture/tracker', searchLag: 1, ...tracker } } }));
  try {
    return await posture(['tickets', command, file, ...options], environmentOf(account));
  } finally {
    await server.stop();
  }
}
const gitHub = (over: Partial<GitHubOptions> = {}): Promise<GitHub> => startGitHub({ token, now: Date.now, searchLag: 500, ...over });
const repository = { vendor: 'github', project: 'acme/security' };
const jira = (over: Partial<JiraOptions> = {}) =>
  startJira({ edition: 'cloud', credentials: `bot@acme.example:${token}`, now: Date.now, searchLag: 500, ...over });
const project = { vendor: 'jira-cloud', project: 'SEC' };

describe('posture tickets check', () => {
  it('says that a private project can be used', async () => {
    expect(await run('check', await gitHub(), repository)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^acme\/security \(github\) can be used/),
    });
    expect(await run('check', await jira(), project, '--json')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"valid": true'),
    });
  });

  it.each([
    ['a public repository', () => gitHub({ visibility: 'public' }), repository, /is public\. .*specify a private repository/],
    ['a repository of the whole enterprise', () => gitHub({ visibility: 'internal' }), repository, /is internal\./],
    ['an archived repository', () => gitHub({ isArchived: true }), repository, /is archived/],
    ['a repository without issues', () => gitHub({ hasIssues: false }), repository, /Issues are disabled/],
    ['a repository whose labels it can not set', () => gitHub({ canTriage: false }), repository, /can't set labels/],
    ['a project that everybody can read', () => jira({ isPublic: true }), project, /can be read without signing in/],
    ['an archived project', () => jira({ isArchived: true }), project, /is archived/],
    ['a project that is not there', () => jira(), { ...project, project: 'OPS' }, /"OPS" does not exist, or the user can't see it/],
    ['an unknown issue type', () => jira(), { ...project, type: 'Bug' }, /no issue type "Bug"\. It has "Task"/],
    [
      'a required field',
      () => jira({ required: ['customfield_10010'] }),
      project,
      /requires the field "customfield_10010".*tickets\.tracker\.fields/,
    ],
    [
      'a permission that is missing',
      () => jira({ permissions: { TRANSITION_ISSUES: false } }),
      project,
      /lacks the permission TRANSITION_ISSUES/,
    ],
    [
      'a security level that the user can not set',
      () => jira({ levels: ['Managers'] }),
      { ...project, securityLevel: 'Security team' },
      /can't set the security level "Security team".*It can set "Managers"/,
    ],
    [
      'a security level without the permission to set it',
      () => jira({ levels: ['Security team'], permissions: { SET_ISSUE_SECURITY: false } }),
      { ...project, securityLevel: 'Security team' },
      /lacks the permission SET_ISSUE_SECURITY/,
    ],
    ['credentials that are not accepted', () => jira({ credentials: 'other' }), project, /401.*Replace the credentials in the secret/],
    ['a secret that does not exist', () => gitHub(), { ...repository, secret: 'posture/other' }, /"posture\/other" can't be read/],
  ])('refuses %s', async (_, start, tracker, message) => {
    const { code, stdout, stderr } = await run('check', await start(), tracker);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain(token);
  });

  it('accepts a required field that the policy sets', async () => {
    const tracker = { ...project, fields: { customfield_10010: { value: 'x' } } };
    expect(await run('check', await jira({ required: ['customfield_10010'] }), tracker)).toMatchObject({ code: 0 });
  });
});

describe('posture tickets test', () => {
  it('opens a ticket and closes it', async () => {
    const server = await gitHub();
    const { code, stdout } = await run('test', server, repository);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^#1 was opened, commented, closed, reopened and closed: https:\/\/github\.com\/acme\/security\/issues\/1\nA search found it after \d seconds/,
      ),
    ]);
    expect(server.issues).toMatchObject([
      { state: 'closed', history: ['closed', 'open', 'closed'], comments: [expect.stringContaining('A comment')] },
    ]);
    expect(server.violations).toEqual([]);
  });

  it('opens nothing where the check fails', async () => {
    const server = await gitHub({ visibility: 'public' });
    expect(await run('test', server, repository)).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing was opened') });
    expect(server.issues).toEqual([]);
  });

  it('says that the workflow has no way back', async () => {
    expect(await run('test', await jira({ isFinal: true }), project)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/the workflow of SEC-1 has no transition/),
    });
  });

  it('says that the search is slower than the policy assumes', async () => {
    expect(await run('test', await gitHub({ searchLag: 60_000 }), repository)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Increase tickets\.tracker\.searchLag/),
    });
  });
});
