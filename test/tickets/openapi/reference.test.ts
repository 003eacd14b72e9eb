import { startGitHub } from '../stand-ins/github';
import { startJira } from '../stand-ins/jira';
import type { Request } from '../stand-ins/stand-in';
import { checkerOf } from './reference';

const request = (method: string, path: string, body?: unknown): Request => {
  const url = new URL(path, 'http://127.0.0.1');
  return { method, path: url.pathname, query: url.searchParams, headers: {}, body };
};
const repository = '/repos/acme/security';

describe('a request that is held against the published description', () => {
  it.each([
    ['github', request('POST', `${repository}/issues`, { title: 'A title', labels: ['posture'] }), undefined],
    ['github', request('POST', `${repository}/issues`, { body: 'No title.' }), /title/],
    ['github', request('POST', `${repository}/issues`, { title: 'A title', tags: [] }), /additional properties/],
    ['github', request('PATCH', `${repository}/issues/1`, { state: 'done' }), /allowed values/],
    ['github', request('GET', `${repository}/issues?state=all&per_page=100`), undefined],
    ['github', request('GET', `${repository}/issues?status=all`), /status is not in the description/],
    ['github', request('GET', `${repository}/issues?per_page=many`), /per_page/],
    ['jira', request('POST', '/rest/api/3/issue', { fields: { summary: 'A title' } }), undefined],
    ['jira', request('POST', '/rest/api/3/issue', { field: {} }), /additional properties/],
    ['jira', request('POST', '/rest/api/3/issue/SEC-1/transitions', { transition: { id: 31 } }), /must be string/],
    ['jira', request('GET', '/rest/api/3/issue/SEC-1?fields=labels,status'), undefined],
    ['jira', request('GET', '/rest/api/3/issue/SEC-1', {}), /it has a body/],
    ['jira', request('GET', '/rest/api/3/mypermissions?project=SEC'), /project is not in the description/],
  ] as const)('%s %#', (name, given, wrong) => {
    const problem = checkerOf(name)(given);
    if (wrong === undefined) expect(problem).toBeUndefined();
    else expect(problem).toMatch(wrong);
  });

  it('is refused by the stand-ins of GitHub and Jira Cloud, and counted', async () => {
    const gitHub = await startGitHub({ token: 't', now: Date.now });
    const jira = await startJira({ edition: 'cloud', credentials: 'u:t', now: Date.now });
    try {
      const accept = { accept: 'application/vnd.github+json', 'user-agent': 'test' };
      await fetch(`${gitHub.url}${repository}/issues?status=all`, { headers: { ...accept, authorization: 'Bearer t' } });
      await fetch(`${jira.url}/rest/api/3/mypermissions?project=SEC`, {
        headers: { authorization: `Basic ${Buffer.from('u:t').toString('base64')}` },
      });
      expect([...gitHub.violations, ...jira.violations]).toEqual([
        `GET ${repository}/issues: status is not in the description`,
        'GET /rest/api/3/mypermissions: project is not in the description',
      ]);
    } finally {
      await Promise.all([gitHub.stop(), jira.stop()]);
    }
  });
});
