import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Api, send } from '../../functions/tickets/http';

const secret = 'a-token-that-nobody-may-see';
let server: Server;
let base = '';
/** The URL that was asked, with its headers. */
const asked: { readonly url: string; readonly authorization: string | undefined }[] = [];
const serve = async (answer: RequestListener) => {
  asked.length = 0;
  server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', authorization: request.headers.authorization });
    return answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const api = (): Api => ({
  vendor: 'Tracker',
  base,
  headers: async () => ({ authorization: `Basic ${Buffer.from(`me:${secret}`).toString('base64')}` }),
  secrets: () => [secret],
  messageIn: (body) => (body as { readonly message?: string } | undefined)?.message,
  timeout: 2000,
});
const ask = (over: object = {}) => send(api(), { method: 'GET', path: '/x', ...over });

describe('a request to a tracker', () => {
  it('follows no redirect, which would take the credentials to another host', async () => {
    await serve((request, response) =>
      request.url === '/x' ? response.writeHead(302, { location: '/stolen' }).end() : response.end('{}'),
    );
    await expect(ask()).rejects.toMatchObject({
      failure: 'moved',
      message: 'Tracker, GET /x: 302. It is at another address now ("/stolen"): set that in the policy.',
    });
    expect(asked.map(({ url }) => url)).toEqual(['/x']);
  });

  it('carries no credentials if it asks what everybody can read', async () => {
    await serve((_, response) => response.end('{}'));
    await ask({ anonymous: true });
    await ask();
    expect(asked.map(({ authorization }) => authorization === undefined)).toEqual([true, false]);
  });

  it('repeats no secret that the tracker repeats, in whatever form', async () => {
    const message = `${secret} ${Buffer.from(`me:${secret}`).toString('base64')} is wrong\n\u001b[31m${'x'.repeat(1000)}`;
    await serve((_, response) => response.writeHead(401).end(JSON.stringify({ message })));
    const error = await ask().catch((caught: Error) => caught);
    expect(error).toMatchObject({ failure: 'unauthorized' });
    expect((error as Error).message).toMatch(/^Tracker, GET \/x: 401: \[secret\] \[secret\] is wrong \[31mx+… \(\d+ characters\)\.$/);
  });

  it.each([
    [400, {}, 'rejected', undefined],
    [403, {}, 'forbidden', undefined],
    [403, { 'retry-after': '30' }, 'throttled', 30],
    [403, { 'x-ratelimit-remaining': '0' }, 'throttled', undefined],
    [404, {}, 'not-found', undefined],
    [410, {}, 'not-found', undefined],
    [429, {}, 'throttled', undefined],
    [429, { 'retry-after': '99999999' }, 'throttled', 900],
    [503, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, 'unavailable', 60],
    [500, { 'retry-after': '-1' }, 'unavailable', 60],
  ] as const)('that is answered with %d and %j is %s', async (status, headers, failure, retryAfter) => {
    await serve((_, response) => response.writeHead(status, headers).end('<html>'));
    await expect(ask()).rejects.toMatchObject({ failure, retryAfter });
  });

  it('is not answered by something else than JSON, or by more than anybody would send', async () => {
    await serve((_, response) => response.end('<html>Sign in</html>'));
    await expect(ask()).rejects.toMatchObject({ failure: 'unanswered', message: 'Tracker, GET /x: the answer 200 is not JSON.' });
    server.close();
    await serve((_, response) => response.end(`"${'x'.repeat(3_000_000)}"`));
    await expect(ask()).rejects.toMatchObject({ failure: 'unanswered', message: expect.stringContaining('more than 2000000 bytes') });
  });

  it('has a time limit that includes the body', async () => {
    await serve((_, response) => void response.write('{"a":'));
    await expect(send({ ...api(), timeout: 300 }, { method: 'GET', path: '/x' })).rejects.toMatchObject({
      failure: 'unanswered',
      message: expect.stringContaining('aborted due to timeout'),
    });
  });

  it('says which connection failed', async () => {
    await serve((_, response) => response.end('{}'));
    await expect(send({ ...api(), base: 'http://127.0.0.1:1' }, { method: 'GET', path: '/x' })).rejects.toMatchObject({
      failure: 'unanswered',
    });
  });
});
