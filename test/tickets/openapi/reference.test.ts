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
});
