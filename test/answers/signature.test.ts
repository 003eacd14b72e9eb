import { type Headers, type Sender, signatureProblem } from '../../functions/answers/endpoint/signature';
import { secret, signed } from './signed';

const now = Date.parse('2026-11-24T09:00:00Z');
const senders: readonly Sender[] = ['jira-cloud', 'jira-data-center', 'github', 'servicenow', 'slack'];
const body = '{"a":"é"}';
const check = (sender: Sender, headers: Headers, { text = body, secrets = [secret] as readonly string[], at = now } = {}) =>
  signatureProblem(sender, { headers, body: Buffer.from(text) }, secrets, new Date(at));
const headersOf = (sender: Sender, over: object = {}) => signed({ sender, body, now, ...over }).headers;

describe('a signature', () => {
  // From the pages of the vendors on how to verify their signatures.
  it.each([
    [
      'github',
      "It's a Secret to Everybody",
      'Hello, World!',
      { 'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' },
    ],
    [
      'jira-cloud',
      "It's a Secret to Everybody",
      'Hello World!',
      { 'x-hub-signature': 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9' },
    ],
    [
      'slack',
      '8f742231b10e8888abcd99yyyzzz85a5',
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
      {
        'x-slack-request-timestamp': '1531420618',
        'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
      },
    ],
  ] as const)('of the example that %s publishes is valid', (sender, key, text, headers) =>
    expect(check(sender, headers, { text, secrets: [key], at: 1_531_420_618_000 })).toBeUndefined(),
  );

  it.each(senders)('of %s is valid for its body and its secret alone', (sender) => {
    const headers = headersOf(sender);
    expect(check(sender, headers)).toBeUndefined();
    expect(check(sender, headers, { text: `${body} ` })).toBe('wrong-signature');
    expect(check(sender, headers, { secrets: ['another-secret-of-the-webhooks'] })).toBe('wrong-signature');
    expect(check(sender, headers, { secrets: [] })).toBe('wrong-signature');
    expect(check(sender, {})).toBe('unsigned');
  });

  it.each(senders)('of %s is valid by either of two secrets during a rotation, and by the old one no more after it', (sender) => {
    const before = headersOf(sender, { secret: 'the-secret-before-this-one' });
    expect(check(sender, before, { secrets: [secret, 'the-secret-before-this-one'] })).toBeUndefined();
    expect(check(sender, before)).toBe('wrong-signature');
  });

  it.each(senders)('of %s that is cut, empty, or of another form is none', (sender) => {
    const [name = ''] = Object.keys(headersOf(sender)).filter((one) => one.includes('signature'));
    const whole = headersOf(sender)[name as keyof ReturnType<typeof headersOf>] as string;
    for (const given of [whole.slice(0, -2), '', whole.replace(/=.*$/, '='), `${whole}00`, whole.replace('=', ':')]) {
      expect(['unsigned', 'wrong-signature']).toContain(check(sender, { ...headersOf(sender), [name]: given }));
    }
  });

  it.each(['servicenow', 'slack'] as const)('of %s is of now: its time is signed, and five minutes old at most', (sender) => {
    const at = (seconds: number) => headersOf(sender, { time: now / 1000 + seconds });
    expect([-301, -300, 300, 301].map((seconds) => check(sender, at(seconds)))).toEqual([
      'old-timestamp',
      undefined,
      undefined,
      'old-timestamp',
    ]);
    const header = sender === 'slack' ? 'x-slack-request-timestamp' : 'x-posture-timestamp';
    expect(check(sender, { ...at(-4000), [header]: String(now / 1000) })).toBe('wrong-signature');
    expect(check(sender, headersOf(sender, { time: 'now' }))).toBe('old-timestamp');
  });
});
