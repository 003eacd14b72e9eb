import { outcomeEvent } from '../../functions/outcomes/outcome-event';
import { policy } from '../../functions/policy/policy';
import { readPolicy } from '../../functions/policy/read';
import { isTrackerUrl } from '../../functions/policy/tracker-url';
import * as fc from '../fast-check';
import { told } from '../outcomes/logged';

const now = new Date('2026-11-24T09:00:00Z');
const tracker = { vendor: 'github', url: 'https://api.github.com', project: 'acme/security', secret: 'posture/github' };
const read = (section: object) => readPolicy(JSON.stringify({ tickets: { tracker, ...section } }), [], now);
const problemsOf = (section: object): readonly string[] => {
  try {
    read(section);
    return [];
  } catch (error) {
    return (error as { readonly problems: readonly { readonly message: string }[] }).problems.map(({ message }) => message);
  }
};

describe('the address of a tracker', () => {
  it.each([
    'https://acme.atlassian.net',
    'https://api.github.com',
    'https://jira.acme.example:8443/jira',
    'http://127.0.0.1:8080',
    'http://localhost:1',
  ])('can be %s', (url) => expect(isTrackerUrl(url)).toBe(true));

  it.each([
    ...['http://acme.atlassian.net', 'ftp://acme.example', 'acme.atlassian.net', '', 'https://', 'javascript:alert(1)'],
    ...[
      'https://user:word@acme.example',
      'https://user@acme.example',
      'https://acme.example/?a=b',
      'https://acme.example/#a',
      'https://acme.example?',
    ],
    ...[
      'https://10.0.0.1',
      'https://192.168.1.1',
      'https://169.254.169.254',
      'https://[::1]',
      'https://[fd00::1]',
      'https://8.8.8.8',
      'https://2852039166',
    ],
    ...[
      'https://0xa9.0xfe.43518',
      'https://jira',
      'https://jira.internal',
      'https://jira.corp',
      'https://metadata.google.internal',
      'https://acme.example.',
      'http://127.0.0.2',
    ],
    ...['https://localhost.localhost', 'http://localhost.acme.example', 'http://127.0.0.1.acme.example'],
  ])('can not be %j', (url) => expect(isTrackerUrl(url)).toBe(false));

  it('is never one by number, whatever its notation', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.ipV4Extended(),
          fc.ipV6().map((one) => `[${one}]`),
        ),
        (host) => {
          if (host !== '127.0.0.1') expect(isTrackerUrl(`https://${host}/`)).toBe(new URL(`https://${host}/`).hostname === '127.0.0.1');
        },
      ),
    );
  });
});

describe('tickets about responses and exposed resources', () => {
  const problems = (over: object, more: object) => problemsOf({ tracker: { ...tracker, ...over }, ...more });
  const confidential = (over: object) => problems(over, { responses: 'confidential', exposures: 'none' });

  it('need a security level in Jira, and security incidents in ServiceNow', () => {
    const jira = { vendor: 'jira-cloud', url: 'https://acme.atlassian.net', project: 'SEC' };
    const serviceNow = { vendor: 'servicenow', url: 'https://acme.service-now.com' };
    expect(confidential({})).toEqual([]);
    expect(confidential(jira)).toEqual([expect.stringContaining('need a security level')]);
    expect(confidential({ ...jira, securityLevel: 'Security team' })).toEqual([]);
    expect(confidential({ ...serviceNow, project: 'incident' })).toEqual([expect.stringContaining('must be security incidents')]);
    expect(confidential({ ...serviceNow, project: 'sn_si_incident' })).toEqual([]);
    expect(problems(jira, { exposures: 'none' })).toEqual([]);
    expect(problems(jira, {})).toEqual([
      'tickets about exposures need a security level. Set securityLevel, or tickets.exposures to `none`.',
    ]);
    expect(problems({ ...serviceNow, project: 'incident' }, {})).toEqual([
      expect.stringContaining('tickets about exposures must be security'),
    ]);
  });
});

describe('the section `tickets`', () => {
  it('needs nothing but the tracker', () => {
    const { policy: given, warnings } = read({});
    expect(given.tickets).toMatchObject({
      changes: 'calls',
      perHour: 20,
      firstDay: 50,
      tracker: { type: 'Task', searchLag: 60, fields: {} },
    });
    expect(given.tickets?.open).toContain('awaiting-approval');
    expect(given.tickets?.close).toEqual(['confirmed', 'resource-not-found']);
    expect(warnings).toEqual([]);
    expect(policy.parse({}).tickets).toBeUndefined();
  });

  it.each([
    ['an unknown vendor', { tracker: { ...tracker, vendor: 'jira' } }, /"jira" is not a valid value\. Did you mean/],
    ['an address with a password', { tracker: { ...tracker, url: 'https://a:b@acme.example' } }, /is not a valid address of a tracker/],
    ['a repository without an owner', { tracker: { ...tracker, project: 'security' } }, /"security" is not a GitHub repository/],
    [
      'a key that is no Jira project',
      { tracker: { ...tracker, vendor: 'jira-cloud', project: 'a/b' } },
      /is not the key of a Jira project/,
    ],
    ['a quotation mark in a project', { tracker: { ...tracker, vendor: 'jira-cloud', project: 'A" OR 1' } }, /is not a valid project/],
    ['another table', { tracker: { ...tracker, vendor: 'servicenow', project: 'sys_user' } }, /is not a supported table/],
    ['a secret itself', { tracker: { ...tracker, secret: 'ghp_abc def' } }, /is not a valid name or ARN of a secret/],
    ['an unknown outcome', { open: ['fail'] }, /"fail" is not a valid value/],
    ['an outcome that opens and closes', { close: ['failed'] }, /"failed" is also in tickets\.open/],
    ['a rule that does not exist', { scope: { rules: ['s3-x'] } }, /the rule "s3-x" does not exist/],
    ['an account by number', { owners: { accounts: { 1: 'a' } } }, /.+/],
    ['an unknown key', { ticket: 1 }, /"ticket" is not a valid key/],
  ])('is refused with %s', (_, section, message) => {
    expect(problemsOf(section).join()).toMatch(message);
  });

  it('warns of a tracker on this machine', () => {
    expect(
      read({ tracker: { ...tracker, url: 'http://127.0.0.1:1' } })
        .warnings.map(({ message }) => message)
        .join(),
    ).toMatch(/on this machine/);
  });

  it('has the tags of its scope published, by which the function decides', () => {
    const given = policy.parse({ tickets: { tracker, scope: { tags: { stage: 'prod*' } } } });
    expect(outcomeEvent(told({}, { tags: { stage: 'prod-1', secret: 'x' } }), given).tags).toEqual({ stage: 'prod-1' });
  });
});

describe('the people who answer', () => {
  const ada = 'arn:aws:iam::111122223333:user/ada';
  const answering = (...people: readonly object[]) => ({ answers: { secret: 'posture/answers', operators: people } });
  const slack = { workspace: 'T012AB3CD', channel: 'C012AB3CD', secret: 'posture/slack' };

  it.each([
    ['a person for all users of a role', answering({ person: 'arn:aws:sts::111122223333:assumed-role/OnCall/*', user: '1' }), /wildcards/],
    ['a role, which is no person', answering({ person: 'arn:aws:iam::111122223333:role/OnCall', user: '1' }), /ARN of one person/],
    ['a person without a user', answering({ person: ada }), /names neither `user` nor `slack`/],
    ['nobody', answering(), /.+/],
    ['a login, which can be given to somebody else', answering({ person: ada, user: 'ada' }), /is not the number of a GitHub user/],
    ['a user who stands for two', answering({ person: ada, user: '1' }, { person: `${ada}2`, user: '1' }), /"1" is named twice/],
    ['a member of no workspace', answering({ person: ada, slack: 'U012AB3CD' }), /names no Slack workspace/],
    [
      'a member who stands for two',
      { slack, ...answering({ person: ada, slack: 'U012AB3CD' }, { person: `${ada}2`, slack: 'U012AB3CD' }) },
      /"U012AB3CD" is named twice/,
    ],
    ['a group', { slack, ...answering({ person: ada, slack: 'S012AB3CD' }) }, /is not a valid member id/],
  ])('are refused with %s', (_, section, message) => expect(problemsOf(section).join()).toMatch(message));

  it('are warned of if their answers never count', () => {
    const text = (person: string, approvals: object) =>
      readPolicy(JSON.stringify({ approvals, tickets: { tracker, ...answering({ person, user: '1' }) } }), [], now)
        .warnings.filter(({ path }) => path.startsWith('tickets'))
        .map(({ message }) => message)
        .join();
    const session = 'arn:aws:sts::111122223333:assumed-role/OnCall/ada';
    expect(text(ada, { approvers: [{ principals: [ada] }] })).toBe('');
    expect(text(ada, {})).toContain('is no approver');
    expect(text(session, { approvers: [{ principals: [session] }] })).toContain("four eyes can't tell who");
    const personal = { approvers: [{ principals: [session] }], personalSessions: ['arn:aws:iam::111122223333:role/OnCall'] };
    expect(text(session, personal)).toBe('');
  });
});
