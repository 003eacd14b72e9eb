import { createHash } from 'node:crypto';
import { tickets as shape, type TrackerSettings } from '../../functions/policy/tickets';
import type { Secret } from '../../functions/tickets/secret';
import type { Tracker } from '../../functions/tickets/tracker';
import { trackerOf } from '../../functions/tickets/vendors/tracker-of';
import { type GitHub, startGitHub } from './stand-ins/github';
import { type Jira, startJira } from './stand-ins/jira';
import { type ServiceNow, startServiceNow } from './stand-ins/service-now';
import type { StandIn } from './stand-ins/stand-in';

export const token = 'a-token-that-nobody-may-see';

/** What a ticket of a stand-in looks like, whatever its vendor. */
export interface Seen {
  readonly mark: string;
  readonly state: 'open' | 'closed';
  readonly title: string;
  readonly body: string;
  readonly notes: readonly string[];
}

/** What a person writes in a ticket. */
export interface Words {
  /** The id that no renaming changes. */
  readonly user: string;
  readonly text: string;
  readonly doubt?: 'edited' | 'automated' | 'unknown-user';
}

export interface World {
  /** Somebody comments on a ticket. Returns the body of the webhook that the vendor sends. */
  readonly say: (index: number, words: Words) => object;
  readonly standIn: StandIn;
  readonly tracker: Tracker;
  readonly settings: TrackerSettings;
  readonly secret: Secret;
  readonly tickets: () => readonly Seen[];
  /** Somebody writes the same comment so many times. */
  readonly flood: (index: number, text: string, times: number) => void;
  /** Deletes all tickets. */
  readonly empty: () => void;
  /** Closes or opens a ticket, as a person would. */
  readonly set: (index: number, state: 'open' | 'closed') => void;
}

const secretOf = (credentials: Readonly<Record<string, string>>): Secret => ({
  read: async () => credentials,
  refused: () => false,
  seen: () => Object.values(credentials),
});

const settingsOf = (given: object): TrackerSettings => shape.parse({ tracker: { secret: 'posture/tracker', ...given } }).tracker;

interface Options {
  readonly now: () => number;
  readonly searchLag?: number;
  readonly timeout?: number;
  readonly retryAfter?: number;
  /** Of the stand-in alone. */
  readonly vendor?: object;
  /** Of the section `tracker` of the policy. */
  readonly settings?: object;
}

/** Rich text as JSON; wiki text as it is shown. */
const textOf = (given: unknown): string => (typeof given === 'string' ? given.replace(/\\(.)/g, '$1') : JSON.stringify(given));

/** As Jira writes a time. */
const stampOf = (time: number): string => new Date(time).toISOString().replace('Z', '+0000');

const richText = (text: string) => ({ type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] });

const marked = (labels: readonly string[]) => labels.find((label) => label.startsWith('posture-')) ?? '';

async function jiraWorld(
  edition: 'cloud' | 'data-center',
  { now, searchLag, retryAfter, timeout = 500, vendor, settings: more }: Options,
): Promise<World> {
  const credentials = edition === 'cloud' ? `bot@acme.example:${token}` : token;
  const options = {
    edition,
    credentials,
    now,
    ...(searchLag !== undefined && { searchLag }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
  const server: Jira = await startJira({ ...options, ...vendor });
  const settings = settingsOf({ vendor: `jira-${edition}`, url: server.url, project: 'SEC', ...more });
  const secret = secretOf({ token, email: 'bot@acme.example' });
  return {
    ...{ standIn: server, settings, secret, tracker: trackerOf(settings, secret, { timeout, clock: { now: () => new Date(now()) } }) },
    tickets: () =>
      server.issues.map(({ fields, statusId, comments }) => ({
        mark: marked(fields['labels'] as readonly string[]),
        state: statusId === '3' ? 'closed' : 'open',
        title: String(fields['summary']),
        body: textOf(fields['description']),
        notes: comments.map(textOf),
      })),
    flood: (index, text, times) =>
      void server.issues[index]?.comments.push(...Array(times).fill(edition === 'cloud' ? richText(text) : text)),
    empty: () => void server.issues.splice(0),
    set: (index, state) => {
      const issue = server.issues[index];
      if (issue) issue.statusId = state === 'closed' ? '3' : '1';
    },
    say(index, { user, text, doubt }) {
      const issue = server.issues[index]?.id ?? '?';
      const id = String(20_000 + server.said.length);
      const author = {
        ...(edition === 'cloud'
          ? { accountId: user, accountType: doubt === 'automated' ? 'app' : 'atlassian' }
          : { key: user, name: `name-of-${user}` }),
        active: doubt !== 'unknown-user',
      };
      const created = stampOf(now());
      const body = edition === 'cloud' ? richText(text) : text;
      const updated = doubt === 'edited' ? stampOf(now() + 5000) : created;
      server.said.push({ id, issue, body, author, updateAuthor: author, created, updated });
      return {
        ...{ timestamp: now(), webhookEvent: 'comment_created' },
        issue: { id: issue, self: `${server.url}/rest/api/2/issue/${issue}`, key: 'SEC-1' },
        comment: { id, self: `${server.url}/rest/api/2/issue/${issue}/comment/${id}`, author, body: text, created, updated },
      };
    },
  };
}

export async function gitHubWorld({ now, searchLag, retryAfter, timeout = 500, vendor, settings: more }: Options): Promise<World> {
  const options = { token, now, ...(searchLag !== undefined && { searchLag }), ...(retryAfter !== undefined && { retryAfter }) };
  const server: GitHub = await startGitHub({ ...options, ...vendor });
  const settings = settingsOf({ vendor: 'github', url: server.url, project: 'acme/security', ...more });
  const secret = secretOf({ token });
  return {
    ...{ standIn: server, settings, secret, tracker: trackerOf(settings, secret, { timeout, clock: { now: () => new Date(now()) } }) },
    tickets: () =>
      server.issues.map(({ labels, state, title, body, comments }) => ({ mark: marked(labels), state, title, body, notes: comments })),
    flood: (index, text, times) => void server.issues[index]?.comments.push(...Array<string>(times).fill(text)),
    empty: () => void server.issues.splice(0),
    set: (index, state) => {
      const issue = server.issues[index];
      if (issue) issue.state = state;
    },
    say(index, { user, text, doubt }) {
      const issue = server.issues[index]?.number ?? 0;
      const id = 3_000_000_000 + server.said.length;
      const created_at = new Date(now()).toISOString().replace(/\.\d+/, '');
      const updated_at = doubt === 'edited' ? created_at.replace('Z', '.5Z') : created_at;
      const author = { id: Number(user), login: `login-of-${user}`, type: doubt === 'unknown-user' ? 'Bot' : 'User' };
      const performed_via_github_app = doubt === 'automated' ? { id: 1 } : null;
      server.said.push({ id, issue, body: text, user: author, created_at, updated_at, performed_via_github_app });
      return {
        action: 'created',
        issue: { number: issue, title: 'A title' },
        comment: { id, body: text, user: author, created_at, updated_at },
        repository: { full_name: 'acme/security', private: true },
        sender: author,
      };
    },
  };
}

async function serviceNowWorld(
  table: 'incident' | 'sn_si_incident',
  { now, searchLag, retryAfter, timeout = 500, vendor, settings: more }: Options,
): Promise<World> {
  const account = { user: 'posture', password: token };
  const options = {
    ...account,
    table,
    now,
    ...(searchLag !== undefined && { searchLag }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
  const server: ServiceNow = await startServiceNow({ ...options, ...vendor });
  const settings = settingsOf({ vendor: 'servicenow', url: server.url, project: table, ...more });
  const secret = secretOf(account);
  return {
    ...{ standIn: server, settings, secret, tracker: trackerOf(settings, secret, { timeout, clock: { now: () => new Date(now()) } }) },
    tickets: () =>
      server.records.map((record) => ({
        mark: record['correlation_id'] ?? '',
        state: record['active'] === 'true' ? 'open' : 'closed',
        title: record['short_description'] ?? '',
        body: record['description'] ?? '',
        notes: (server.notes.get(record['sys_id'] ?? '') ?? []).toReversed(),
      })),
    flood: (index, text, times) => void server.notes.set(server.records[index]?.['sys_id'] ?? '', Array<string>(times).fill(text)),
    empty: () => void server.records.splice(0),
    set: (index, state) => {
      const record = server.records[index];
      if (record) Object.assign(record, { state: state === 'closed' ? '7' : '2', active: String(state === 'open') });
    },
    say(index, { user, text, doubt }) {
      const ticket = server.records[index]?.['sys_id'] ?? '?';
      const comment = createHash('md5').update(`entry ${server.said.length}`).digest('hex');
      const user_name = `name-of-${user.slice(0, 6)}`;
      if (!server.users.some(({ sys_id }) => sys_id === user)) server.users.push({ sys_id: user, user_name, active: 'true' });
      const author = server.users.find(({ sys_id }) => sys_id === user);
      if (author && doubt !== undefined) author.active = 'false';
      const sys_created_on = new Date(now()).toISOString().slice(0, 19).replace('T', ' ');
      const entry = { name: table, element: 'work_notes', element_id: ticket, value: text, sys_created_on };
      server.said.push({ sys_id: comment, ...entry, sys_created_by: author?.user_name ?? user_name });
      return { site: new URL(server.url).host, ticket, comment, text };
    },
  };
}

/** Each vendor with its stand-in. */
export const vendors: Readonly<Record<string, (options: Options) => Promise<World>>> = {
  'Jira Cloud': (options) => jiraWorld('cloud', options),
  'Jira Data Center': (options) => jiraWorld('data-center', options),
  GitHub: gitHubWorld,
  'ServiceNow incidents': (options) => serviceNowWorld('incident', options),
  'ServiceNow security incidents': (options) => serviceNowWorld('sn_si_incident', options),
};
