import { generateKeyPairSync } from 'node:crypto';
import { tickets as shape } from '../../functions/policy/tickets';
import type { Credentials, Secret } from '../../functions/tickets/secret';
import { trackerOf } from '../../functions/tickets/vendors/tracker-of';
import { startGitHub } from './stand-ins/github';
import { startServiceNow } from './stand-ins/service-now';
import type { StandIn } from './stand-ins/stand-in';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const draft = { title: 'A title', severity: 'low', body: [{ text: 'A text.' }] } as const;

let now = Date.parse('2026-11-24T09:00:00Z');
let server: StandIn;
afterEach(() => server.stop());

const secretOf = (credentials: Credentials): Secret => ({
  read: async () => ({ ...credentials }),
  refused: () => false,
  seen: () => Object.values(credentials),
});

async function gitHub(over: Credentials = {}) {
  const started = await startGitHub({
    ...{ token: 'nobody has it', now: () => now, app: { id: '7', installation: '42', publicKey } },
  });
  server = started;
  const settings = shape.parse({ tracker: { vendor: 'github', url: started.url, project: 'acme/security', secret: 's' } }).tracker;
  const secret = secretOf({ appId: '7', installationId: '42', privateKey: pem, ...over });
  return { started, tracker: trackerOf(settings, secret, { clock: { now: () => new Date(now) } }) };
}

async function serviceNow(over: Credentials = {}) {
  const started = await startServiceNow({ user: 'u', password: 'p', now: () => now, client: { id: 'posture', secret: 'of the client' } });
  server = started;
  const settings = shape.parse({ tracker: { vendor: 'servicenow', url: started.url, project: 'incident', secret: 's' } }).tracker;
  const secret = secretOf({ clientId: 'posture', clientSecret: 'of the client', ...over });
  return { started, tracker: trackerOf(settings, secret, { clock: { now: () => new Date(now) } }) };
}

it('an issue that another app, or a person, gave the mark is not the ticket of our app', async () => {
  const { started, tracker } = await gitHub();
  const mark = 'posture-0123456789abcdef';
  const ours = await tracker.create(mark, draft);
  const [first] = started.issues;
  if (!first) throw new Error('No issue was created.');
  started.issues.push(
    { ...first, number: 2, app: '8' },
    { ...first, number: 3, app: '' },
    { ...first, number: 4, by: 'mallory', app: '77' },
  );
  now += 60_000;
  expect((await tracker.find(mark)).map(({ id }) => id)).toEqual([ours.id]);
});

describe.each([
  ['a GitHub App', gitHub, 'ghs_installation-token-1'],
  ['an OAuth client of ServiceNow', serviceNow, 'service-now-token-1'],
] as const)('the token of %s', (_, start, first) => {
  it('is asked for once, and again before it expires', async () => {
    const { started, tracker } = await start();
    await tracker.create('posture-0123456789abcdef', draft);
    await tracker.find('posture-0123456789abcdef');
    expect([...started.tokens.keys()]).toEqual([first]);
    now += 59 * 60_000;
    await tracker.find('posture-0123456789abcdef');
    expect(started.tokens.size).toBe(2);
    expect(started.violations).toEqual([]);
  });

  it('is asked for again, once, if it was revoked: nothing was carried out', async () => {
    const { started, tracker } = await start();
    await tracker.find('posture-0123456789abcdef');
    started.tokens.set(first, 0);
    expect(await tracker.create('posture-0123456789abcdef', draft)).toMatchObject({ state: 'open' });
    expect(started.tokens.size).toBe(2);
    started.expired = true;
    const before = started.calls.length;
    await expect(tracker.find('posture-0123456789abcdef')).rejects.toMatchObject({ failure: 'unauthorized' });
    expect(started.calls.length - before).toBeLessThanOrEqual(3);
  });
});

describe('credentials that are exchanged for a token', () => {
  it('are refused with an error that says so, without a word of them', async () => {
    const { privateKey: other } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const otherPem = other.export({ type: 'pkcs8', format: 'pem' }).toString();
    const app = await gitHub({ privateKey: otherPem });
    const error: unknown = await app.tracker.find('posture-0').catch((caught: unknown) => caught);
    expect(error).toMatchObject({ failure: 'unauthorized', message: expect.stringContaining('could not be decoded') });
    expect(JSON.stringify([String(error), (error as Error).stack])).not.toMatch(/eyJ|PRIVATE/);
    await server.stop();
    const client = await serviceNow({ clientSecret: 'another one' });
    await expect(client.tracker.find('posture-0')).rejects.toMatchObject({
      failure: 'unauthorized',
      message: expect.stringMatching(/access_denied/),
    });
  });

  it('that are no key are said to be none, and not repeated', async () => {
    const { tracker } = await gitHub({ privateKey: 'not-a-key' });
    await expect(tracker.find('posture-0')).rejects.toThrow(/privateKey of the secret for GitHub is not a private key/);
    await expect(tracker.find('posture-0')).rejects.not.toThrow(/not-a-key/);
  });

  it('of an app can be checked: what it may do is said by its installation', async () => {
    const { tracker } = await gitHub();
    expect(await tracker.check()).toEqual([]);
  });
});
