import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { checkEndpoint } from '../../functions/answers/check-answers';
import type { Account } from '../emulator/account';
import { useEmulator } from '../emulator/use';
import { type GitHub, type GitHubOptions, startGitHub } from '../tickets/stand-ins/github';
import { type JiraOptions, startJira } from '../tickets/stand-ins/jira';
import { type SlackOptions, type Slack as SlackServer, startSlack } from '../tickets/stand-ins/slack';
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
  return runWith({}, command, server, tracker, ...options);
}

/** `more`: of the section `tickets`. */
async function runWith(more: object, command: 'check' | 'test', server: StandIn, tracker: object, ...options: readonly string[]) {
  const file = path.join(folder, 'policy.json');
  const section = { exposures: 'none', tracker: { url: server.url, secret: 'posture/tracker', searchLag: 1, ...tracker }, ...more };
  writeFileSync(file, JSON.stringify({ tickets: section }));
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

describe('posture tickets check of what else the policy names', () => {
  const key = 'R0123456789abcdef0123456789abcde';
  const put = (Name: string, content: object) =>
    account.client(SecretsManagerClient).send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(content) }));
  const slackOf = (slack: SlackServer, over: object = {}) => ({
    slack: { workspace: 'T012AB3CD', channel: 'C012AB3CD', secret: 'posture/slack', url: slack.url, ...over },
  });
  beforeAll(async () => {
    await put('posture/slack', { token: 'xoxb-1' });
    await put('posture/no-token', { other: 'xoxb-1' });
    await put('posture/pagerduty', { routingKey: key });
    await put('posture/api-key', { routingKey: 'u+abcdefghij' });
    await put('posture/answers', { tracker: 'a'.repeat(32), slack: 'b'.repeat(32) });
    await put('posture/short', { tracker: 'short-secret' });
  });
  const check = async (section: (slack: SlackServer) => object, over: Partial<SlackOptions> = {}, ...options: readonly string[]) => {
    const slack = await startSlack({ token: 'xoxb-1', now: Date.now, ...over });
    try {
      const result = await runWith(section(slack), 'check', await gitHub(), repository, ...options);
      return { ...result, messages: slack.messages, violations: slack.violations };
    } finally {
      await slack.stop();
    }
  };

  it('says that all of it can be used, and writes nothing anywhere', async () => {
    const all = (slack: SlackServer) => ({ ...slackOf(slack), pagerDuty: { secret: 'posture/pagerduty' } });
    const { code, stdout, messages, violations } = await check(all);
    expect([code, stdout.split('\n').slice(0, 2)]).toEqual([0, ['Slack (C012AB3CD) can be used.', 'PagerDuty can be used.']]);
    expect([messages, violations]).toEqual([[], []]);
  });

  it.each<[string, (slack: SlackServer) => object, Partial<SlackOptions>, RegExp]>([
    ['a channel without the app', slackOf, { channel: { is_member: false } }, /is not in the Slack channel C012AB3CD\. Invite the app/],
    ['a channel that is not there', (slack) => slackOf(slack, { channel: 'C999' }), {}, /C999 does not exist, or is private/],
    ['a public channel', slackOf, { channel: { is_private: false } }, /is public: everybody in the workspace/],
    ['an archived channel', slackOf, { channel: { is_archived: true } }, /is archived/],
    ['a channel of two organizations', slackOf, { channel: { is_ext_shared: true } }, /shared with another organization/],
    ['a token that may not write', slackOf, { scopes: ['users:read', 'groups:read'] }, /lacks the scope chat:write/],
    ['a token that may not read the channel', slackOf, { scopes: ['users:read', 'chat:write'] }, /Add the scope groups:read/],
    ['a token of another workspace', (slack) => slackOf(slack, { workspace: 'T999' }), {}, /of the workspace "T012AB3CD", not T999/],
    ['a token that is revoked', slackOf, { token: 'xoxb-2' }, /invalid_auth.*Replace the credentials/],
    ['a secret without the token', (slack) => slackOf(slack, { secret: 'posture/no-token' }), {}, /has no field token/],
    ['a key that is none', () => ({ pagerDuty: { secret: 'posture/api-key' } }), {}, /12 characters that are no integration key/],
    [
      'a signing secret that is too short',
      () => ({ answers: { secret: 'posture/short', operators: [{ person: 'arn:aws:iam::111122223333:user/ada', user: '7' }] } }),
      {},
      /each signing secret at least 16 characters/,
    ],
  ])('refuses %s', async (_, section, over, message) => {
    const { code, stderr } = await check(section, over);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/xoxb-1|short-secret|abcdefghij/);
  });

  it('says that there is no endpoint yet', async () => {
    const answers = { secret: 'posture/answers', operators: [{ person: 'arn:aws:iam::111122223333:user/ada', user: '7' }] };
    expect(await check(() => ({ answers }))).toMatchObject({ code: 0, stdout: expect.stringContaining('no endpoint of answers here yet') });
  });
});

describe('the endpoint of answers', () => {
  let status = 401;
  const asked: string[] = [];
  const server = createServer(({ method, url }, response) => {
    asked.push(`${method} ${url}`);
    response.writeHead(status).end();
  });
  let url: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());
  const slack = { workspace: 'T012AB3CD', channel: 'C012AB3CD', secret: 'posture/slack', url: 'https://slack.com/api' };

  it('is right where it refuses an empty request at each path', async () => {
    expect(await checkEndpoint(`${url}/`, { slack })).toEqual([]);
    expect(asked.toSorted()).toEqual(['POST /slack', 'POST /tracker']);
  });

  it.each([
    [404, 'endpoint-not-found', 'deploy again'],
    [200, 'endpoint-refuses-wrongly', 'not the endpoint of the stack'],
    [500, 'endpoint-refuses-wrongly', 'posture-answers-endpoint'],
    [429, 'endpoint-refuses-wrongly', 'check again in a minute'],
  ])('is not where it answers %d', async (answered, code, advice) => {
    status = answered;
    expect(await checkEndpoint(url, {})).toEqual([{ code, message: expect.stringContaining(advice) }]);
  });

  it('is not where nothing answers', async () => {
    expect(await checkEndpoint('http://127.0.0.1:1', {})).toMatchObject([{ code: 'endpoint-not-found' }]);
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
