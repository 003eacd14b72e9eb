import { type Answering, openAnswering } from './answering';
import { secret, signed } from './signed';

let desk: Answering;
beforeEach(async () => {
  desk = await openAnswering();
  await desk.tell({ outcome: 'awaiting-approval', approval: { hash: 'a'.repeat(64), expires: '2026-12-01T09:00:00.000Z' } });
  desk.later(120);
});
afterEach(() => desk.standIn.stop());

const approves = `/posture approve ${'a'.repeat(16)}`;
const request = (body: unknown, over: object = {}) =>
  signed({ sender: 'github', body: typeof body === 'string' ? body : JSON.stringify(body), now: desk.now(), ...over });
const comment = (over: object = {}) => ({ ...desk.say(0, { user: desk.user, text: approves }), ...over });

describe('a forged or replayed answer', () => {
  it.each([
    ['is not signed', () => ({ ...request(comment()), headers: {} }), 'unsigned'],
    ['is signed with another secret', () => request(comment(), { secret: 'another-secret-of-nobody' }), 'wrong-signature'],
    ['is changed after it was signed', () => ({ ...request(comment()), body: request(comment({ a: 1 })).body }), 'wrong-signature'],
    ['has the signature of another vendor', () => request(comment(), { sender: 'jira-cloud' }), 'unsigned'],
    ['has a secret of Slack at the address of Slack', () => ({ ...request(comment()), rawPath: '/slack' }), 'unsigned'],
    ['is too large, signed or not', () => ({ ...request(comment()), body: 'a'.repeat(600_001) }), 'too-large'],
    ['is no JSON, though signed', () => request('{"action":"created"'), 'malformed'],
    ['has other ids than a vendor has', () => request(comment({ issue: { number: '../../user' } })), 'malformed'],
    ['names its parent', () => request(comment({ issue: { number: '..' } })), 'malformed'],
    ['goes to another address', () => ({ ...request(comment()), rawPath: '/' }), 'not-found'],
    ['is read, not posted', () => ({ ...request(comment()), requestContext: { http: { method: 'GET' } } }), 'not-found'],
    ['is no request', () => ({ Records: [] }), 'no-request'],
    ['is about something else', () => request({ zen: 'Keep it logically awesome.', hook_id: 1 }), 'ignored'],
    ['is an edited comment', () => request(comment({ action: 'edited' })), 'ignored'],
    ['is a comment without a command', () => request(desk.say(0, { user: desk.user, text: 'Thanks!' })), 'ignored'],
  ] as const)('that %s is not handed on', async (_, event, received) => {
    expect(await desk.receive(event())).toBe(received);
    expect(desk.queue).toEqual([]);
  });

  it('for another site is handed on, and ignored: the tracker of the policy is asked, and no other', async () => {
    expect(await desk.receive(request(comment({ repository: { full_name: 'mallory/security' } })))).toBe('queued');
    expect(await desk.work()).toEqual([{ result: 'ignored', code: 'other-site' }]);
    expect(desk.asked).toEqual([]);
  });

  it('with another id of its delivery is the same: only what is signed counts', async () => {
    const first = request(comment());
    expect(await desk.receive(first)).toBe('queued');
    expect(await desk.receive({ ...first, headers: { ...first.headers, 'x-github-delivery': 'another' } })).toBe('replayed');
    expect(desk.queue).toHaveLength(1);
  });

  it('is handed on again if the queue did not take it: nothing is lost', async () => {
    const event = request(comment());
    const { enqueue } = desk.endpoint;
    Object.assign(desk.endpoint, { enqueue: () => Promise.reject(new Error('The queue is away.')) });
    await expect(desk.receive(event)).rejects.toThrow('The queue is away.');
    Object.assign(desk.endpoint, { enqueue });
    expect(await desk.receive(event)).toBe('queued');
  });
});

describe('the secret of the webhooks', () => {
  it('is read again for a signature that it did not make, and the one before it counts until it is removed', async () => {
    const next = 'the-next-secret-of-the-webhooks';
    expect(await desk.receive(request(comment(), { secret: next }))).toBe('wrong-signature');
    desk.secrets({ tracker: next, 'tracker-before': secret });
    expect(await desk.receive(request(comment(), { secret: next }))).toBe('queued');
    expect(await desk.receive(request(comment()))).toBe('queued');
    desk.secrets({ tracker: next });
    expect(await desk.receive(request(comment()))).toBe('wrong-signature');
  });

  it.each([{}, { tracker: 'short' }, { tracker: secret, 'tracker-before': 'x' }, { slack: secret }])(
    'receives nothing if it is incomplete or short: %j',
    async (given) => {
      desk.secrets(given as Record<string, string>);
      await expect(desk.receive(request(comment()))).rejects.toThrow('at least 16 characters');
      expect(desk.queue).toEqual([]);
    },
  );
});
