import { createHmac } from 'node:crypto';
import { createContext, runInContext } from 'node:vm';
import { parse } from 'yaml';
import { receive } from '../../functions/answers/endpoint/receive';
import type { AnswerMessage } from '../../functions/answers/message';
import { systemClock } from '../../functions/clock';
import { type Policy, policy } from '../../functions/policy/policy';
import { checkSlack } from '../../functions/tickets/check-slack';
import { checkRoutingKey, pagerDuty } from '../../functions/tickets/pager-duty';
import type { Credentials, Secret } from '../../functions/tickets/secret';
import { tryTracker } from '../../functions/tickets/try-tracker';
import { trackerOf } from '../../functions/tickets/vendors/tracker-of';
import { memoryDeliveries } from '../answers/answering';
import { eventOf } from '../tickets/desk';
import { startGitHub } from '../tickets/stand-ins/github';
import { startJira } from '../tickets/stand-ins/jira';
import { startPagerDuty } from '../tickets/stand-ins/pager-duty';
import { startServiceNow } from '../tickets/stand-ins/service-now';
import { startSlack } from '../tickets/stand-ins/slack';
import type { StandIn } from '../tickets/stand-ins/stand-in';
import { blocks, page } from './pages';

const policyOf = (name: string): Policy => policy.parse(parse(blocks(page(name), 'yaml')[0] ?? ''));

/** The secret that the first commands of a page store. */
function secretOf(name: string): Secret {
  const [json = ''] = /\{ "[^']*?\}/.exec(blocks(page(name), 'sh')[0] ?? '') ?? [];
  const credentials = JSON.parse(json) as Credentials;
  return { read: async () => credentials, refused: () => false, seen: () => Object.values(credentials) };
}

const now = Date.now;
const trackers: Readonly<Record<string, (given: Credentials) => Promise<StandIn>>> = {
  'docs/tickets/jira-cloud.md': ({ email, token }) =>
    startJira({ edition: 'cloud', credentials: `${email}:${token}`, now, searchLag: 0, levels: ['Security team'] }),
  'docs/tickets/jira-data-center.md': ({ token = '' }) =>
    startJira({ edition: 'data-center', credentials: token, now, searchLag: 0, levels: ['Security team'] }),
  'docs/tickets/github.md': ({ token = '' }) => startGitHub({ token, now, searchLag: 0 }),
  'docs/tickets/servicenow.md': ({ user = '', password = '' }) => startServiceNow({ user, password, table: 'sn_si_incident', now }),
};

describe.each(Object.entries(trackers))('the example of %s', (name, start) => {
  it('leads to a ticket: the policy and the secret are accepted, and the tracker opens and closes one', async () => {
    const secret = secretOf(name);
    const server = await start(await secret.read());
    try {
      const { tickets } = policyOf(name);
      if (!tickets) throw new Error('The example names no tracker.');
      const tracker = trackerOf({ ...tickets.tracker, url: server.url }, secret, { clock: systemClock });
      expect(await tracker.check()).toEqual([]);
      expect((await tryTracker(tracker, 'posture-0123456789abcdef', { clock: systemClock, within: 5 })).problems).toEqual([]);
      expect(server.violations).toEqual([]);
    } finally {
      await server.stop();
    }
  });

  it('has every command of the way, in order', () => {
    const commands = blocks(page(name), 'sh').join('\n');
    const order = ['create-secret', 'posture policy check', 'posture tickets check', 'posture tickets test', 'posture fix', 'posture log'];
    const at = order.map((command) => commands.indexOf(command));
    expect(at).toEqual(at.toSorted((a, b) => a - b));
    expect(at).not.toContain(-1);
    expect(page(name)).toContain('`npx cdk deploy --all`');
  });

  it('names who answers in a way that the policy accepts', () => {
    const [, answering = ''] = blocks(page(name), 'yaml');
    const { tickets } = policy.parse(parse(answering));
    expect(tickets?.answers?.operators).toHaveLength(1);
    expect(tickets?.tracker).toEqual(policyOf(name).tickets?.tracker);
  });
});

const permissions: Readonly<Record<string, string>> = {
  BROWSE_PROJECTS: 'Browse projects',
  CREATE_ISSUES: 'Create issues',
  EDIT_ISSUES: 'Edit issues',
  TRANSITION_ISSUES: 'Transition issues',
  ADD_COMMENTS: 'Add comments',
  ASSIGN_ISSUES: 'Assign issues',
  SET_ISSUE_SECURITY: 'Set issue security',
};

it.each(['docs/tickets/jira-cloud.md', 'docs/tickets/jira-data-center.md'])(
  '%s lists the permissions that are checked, and no other',
  async (name) => {
    const edition = name.includes('cloud') ? 'cloud' : 'data-center';
    const none = Object.fromEntries(Object.keys(permissions).map((one) => [one, false]));
    const secret = secretOf(name);
    const { email, token = '' } = await secret.read();
    const credentials = edition === 'cloud' ? `${email}:${token}` : token;
    const server = await startJira({ edition, credentials, now, levels: ['Security team'], permissions: none });
    try {
      const { tickets } = policyOf(name);
      const tracker = tickets && trackerOf({ ...tickets.tracker, url: server.url }, secret, { clock: systemClock });
      const missing = (await tracker?.check())?.flatMap(({ message }) => /permission ([A-Z_]+)/.exec(message)?.[1] ?? []) ?? [];
      const listed = [...page(name).matchAll(/^ {3}\| \*(.+?)\* \|/gm)].map(([, one]) => one);
      expect(missing.map((one) => permissions[one])).toEqual(listed);
    } finally {
      await server.stop();
    }
  },
);

describe('the example of docs/tickets/slack.md', () => {
  const name = 'docs/tickets/slack.md';
  it('leads to a message, with the scopes that it lists and no fewer', async () => {
    const { slack } = policyOf(name).tickets ?? {};
    if (!slack) throw new Error('The example names no channel.');
    const { token = '' } = await secretOf(name).read();
    const scopes = [...page(name).matchAll(/^ {3}\| `([a-z:]+)` \|/gm)].map(([, scope = '']) => scope);
    const problemsWith = async (given: readonly string[]) => {
      const server = await startSlack({ token, now, scopes: given });
      try {
        return await checkSlack({ ...slack, url: server.url }, secretOf(name));
      } finally {
        await server.stop();
      }
    };
    expect(await problemsWith(scopes)).toEqual([]);
    for (const scope of scopes) expect(await problemsWith(scopes.filter((one) => one !== scope))).not.toEqual([]);
  });
});

describe('the example of docs/tickets/pagerduty.md', () => {
  const name = 'docs/tickets/pagerduty.md';
  it('leads to an incident', async () => {
    const { pagerDuty: settings } = policyOf(name).tickets ?? {};
    if (!settings) throw new Error('The example names no service.');
    const secret = secretOf(name);
    const { routingKey = '' } = await secret.read();
    const server = await startPagerDuty({ routingKey, now });
    try {
      expect(await checkRoutingKey(secret)).toEqual([]);
      await pagerDuty({ ...settings, url: server.url }, secret)('trigger', 'posture-0123456789abcdef', eventOf());
      expect([...server.incidents]).toEqual([['posture-0123456789abcdef', 'triggered']]);
      expect(server.violations).toEqual([]);
    } finally {
      await server.stop();
    }
  });
});

it('the example of docs/tickets/amazon-q.md names a topic that the policy accepts, as the command creates it', () => {
  const name = 'docs/tickets/amazon-q.md';
  const [topic] = policyOf(name).notifications.topics;
  const [, created] = /create-topic --name (\S+)/.exec(blocks(page(name), 'sh').join('\n')) ?? [];
  expect(topic).toMatchObject({ format: 'chat', topic: expect.stringMatching(new RegExp(`:${created}$`)) });
});

/** As an instance of ServiceNow runs it, with the objects that it uses there. */
function runBusinessRule(script: string, entry: Readonly<Record<string, string>>, secret: string) {
  const sent: { endpoint?: string; body?: string; readonly headers: Record<string, string> } = { headers: {} };
  class GlideRecord {
    addQuery() {}
    orderByDesc() {}
    setLimit() {}
    query() {}
    next = () => true;
    getValue = (field: string) => entry[field];
    getUniqueValue = () => entry['sys_id'];
  }
  class GlideDateTime {
    getNumericValue = () => Date.now();
  }
  class GlideCertificateEncryption {
    /** The key is in Base64, and so is what it returns. */
    generateMac = (key: string, algorithm: string, text: string) => {
      expect(algorithm).toBe('HmacSHA256');
      return createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64');
    };
  }
  class RESTMessageV2 {
    setHttpMethod = (method: string) => expect(method).toBe('POST');
    setEndpoint = (endpoint: string) => {
      sent.endpoint = endpoint;
    };
    setRequestHeader = (header: string, value: string) => {
      sent.headers[header.toLowerCase()] = value;
    };
    setRequestBody = (body: string) => {
      sent.body = body;
    };
    execute() {}
  }
  const properties: Readonly<Record<string, string>> = { instance_name: 'acme', 'posture.secret': secret };
  const gs = { getProperty: (key: string) => properties[key] };
  const GlideStringUtil = { base64Encode: (text: string) => Buffer.from(text).toString('base64') };
  const current = { getUniqueValue: () => entry['element_id'] };
  const sn_ws = { RESTMessageV2 };
  runInContext(
    script,
    createContext({ GlideRecord, GlideDateTime, GlideCertificateEncryption, GlideStringUtil, gs, sn_ws, current, JSON }),
  );
  return sent;
}

describe('the business rule of docs/tickets/servicenow.md', () => {
  const [script = ''] = blocks(page('docs/tickets/servicenow.md'), 'js');
  const secret = '0123456789abcdef0123456789abcdef';
  const entry = { sys_id: 'a'.repeat(32), element_id: 'b'.repeat(32), value: `/posture approve ${'c'.repeat(16)} “fine”, says Zoë` };

  it('sends a request that the endpoint of answers hands on', async () => {
    const queue: AnswerMessage[] = [];
    const { endpoint, headers, body = '' } = runBusinessRule(script, entry, secret);
    expect(endpoint).toBe('<AnswersUrl>/tracker');
    const event = { version: '2.0', rawPath: '/tracker', headers, body, requestContext: { http: { method: 'POST' } } };
    const received = await receive(event, {
      ...({ tracker: 'servicenow', hasSlack: false, deliveries: memoryDeliveries(), clock: systemClock } as const),
      secret: { read: async () => ({ tracker: secret }), refused: () => false, seen: () => [] },
      enqueue: async (message) => void queue.push(message),
    });
    expect(received).toBe('queued');
    expect(queue).toEqual([
      { kind: 'comment', vendor: 'servicenow', site: 'acme.service-now.com', ticket: entry.element_id, comment: entry.sys_id },
    ]);
  });

  it('sends nothing about other entries', () => {
    expect(runBusinessRule(script, { ...entry, value: 'Thanks!' }, secret).body).toBeUndefined();
  });
});
