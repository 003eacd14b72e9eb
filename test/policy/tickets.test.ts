import { outcomeEvent } from '../../functions/outcomes/outcome-event';
import { policy } from '../../functions/policy/policy';
import { readPolicy } from '../../functions/policy/read';
import { isTrackerUrl } from '../../functions/policy/tickets';
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

describe('tickets about responses', () => {
  const confidential = (over: object) => problemsOf({ tracker: { ...tracker, ...over }, responses: 'confidential' });

  it('need a security level in Jira, and security incidents in ServiceNow', () => {
    const jira = { vendor: 'jira-cloud', url: 'https://acme.atlassian.net', project: 'SEC' };
    const serviceNow = { vendor: 'servicenow', url: 'https://acme.service-now.com' };
    expect(confidential({})).toEqual([]);
    expect(confidential(jira)).toEqual([expect.stringContaining('need a security level')]);
    expect(confidential({ ...jira, securityLevel: 'Security team' })).toEqual([]);
    expect(confidential({ ...serviceNow, project: 'incident' })).toEqual([expect.stringContaining('must be security incidents')]);
    expect(confidential({ ...serviceNow, project: 'sn_si_incident' })).toEqual([]);
    expect(problemsOf({ tracker: { ...tracker, ...jira } })).toEqual([]);
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
