import * as z from 'zod';
import type { TrackerSettings } from '../../policy/tickets';
import { accessToken, withFreshToken } from '../access-token';
import { type ApiRequest, maxComments, send } from '../http';
import { markdown } from '../markup/markdown';
import { field, type Secret } from '../secret';
import type { Ticket, Tracker, TrackerProblem } from '../tracker';
import { isTrackerError } from '../tracker-error';
import { absent, expectShape, refuseOpen } from './answer';
import { installationToken, isApp } from './github-app';
import type { VendorOptions } from './vendor-options';

export const issueShape = z.object({
  number: z.int().positive(),
  html_url: z.string().max(500),
  state: z.enum(['open', 'closed']),
  labels: z.array(z.union([z.string(), z.object({ name: z.string().optional() })])),
  pull_request: z.unknown().optional(),
  user: z.object({ login: z.string() }).nullish(),
  performed_via_github_app: z.object({ id: z.int(), client_id: z.string().optional() }).nullish(),
});
const userShape = z.object({ login: z.string().min(1) });
const commentsShape = z.array(z.object({ body: z.string().nullish() }));
const repositoryShape = z.object({
  full_name: z.string(),
  private: z.boolean(),
  visibility: z.string().optional(),
  archived: z.boolean(),
  has_issues: z.boolean(),
  permissions: z.object({ push: z.boolean(), triage: z.boolean().default(false) }).optional(),
});
const errorShape = z.object({ message: z.string() });

type Ask = (request: ApiRequest) => Promise<unknown>;
type Issue = z.infer<typeof issueShape>;
const perPage = 100;
const notesPerPage = 30;
const maxPages = 70;

export function connectToGitHub({ url, project }: TrackerSettings, secret: Secret, { timeout, clock }: VendorOptions): Ask {
  const common = {
    ...{ vendor: 'GitHub', base: url.replace(/\/+$/, ''), secrets: secret.seen },
    ...(timeout !== undefined && { timeout }),
    messageIn: (body: unknown) => errorShape.safeParse(body).data?.message,
  };
  const tokenNow = async () => {
    const credentials = await secret.read();
    if (!isApp(credentials)) return field(credentials, 'token', 'GitHub');
    return accessToken(secret, (given) => installationToken(common, given, { project, clock }), clock);
  };
  const headers = async () => ({
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    authorization: `Bearer ${await tokenNow()}`,
  });
  return (request) => withFreshToken(secret, () => send({ ...common, headers }, request));
}

/**
 * Issues of GitHub, also of Enterprise Server (`https://<host>/api/v3`). A ticket is found by its label, which collaborators with the role triage can
 * also give to an issue of theirs: ours is what our user, or our app, opened. Source: docs.github.com/en/rest/issues.
 */
export function github(settings: TrackerSettings, secret: Secret, options: VendorOptions): Tracker {
  const { project, fields } = settings;
  const ask = connectToGitHub(settings, secret, options);
  const at = (rest: string) => `/repos/${project}${rest}`;
  const named = (issue: Issue) => issue.labels.map((label) => (typeof label === 'string' ? label : label.name));
  const ticketOf = ({ number, html_url, state }: Issue): Ticket => ({ id: String(number), key: `#${number}`, url: html_url, state });
  /** An issue that was transferred is not ours any more. If the repository itself was renamed, that is an error, and its issues are where they were. */
  const transferred = async (error: unknown): Promise<undefined> => {
    if (!isTrackerError(error) || error.failure !== 'moved') throw error;
    await ask({ method: 'GET', path: at('') });
  };
  const openedByUs = async (): Promise<(issue: Issue) => boolean> => {
    const credentials = await secret.read();
    if (isApp(credentials)) {
      const app = field(credentials, 'appId', 'GitHub');
      return ({ performed_via_github_app: by }) => [String(by?.id), by?.client_id].includes(app);
    }
    const { login } = expectShape(userShape, await ask({ method: 'GET', path: '/user' }), 'GitHub');
    return ({ user }) => user?.login === login;
  };
  const update = async (id: string, body: object) => void (await ask({ method: 'PATCH', path: at(`/issues/${id}`), body }));

  return {
    async find(mark) {
      const query = { labels: mark, state: 'all', sort: 'created', direction: 'asc', per_page: String(perPage) };
      const answer = await ask({ method: 'GET', path: at('/issues'), query });
      const found = expectShape(z.array(issueShape), answer, 'GitHub').filter(
        (issue) => issue.pull_request === undefined && named(issue).includes(mark),
      );
      if (found.length === 0) return [];
      return found.filter(await openedByUs()).map(ticketOf);
    },
    async read(id) {
      const answer = await ask({ method: 'GET', path: at(`/issues/${id}`) })
        .catch(absent)
        .catch(transferred);
      return answer === undefined ? undefined : ticketOf(expectShape(issueShape, answer, 'GitHub'));
    },
    async create(mark, { title, body, assignee }) {
      refuseOpen(await checkGitHub(project, ask, true), 'GitHub');
      const own = {
        title: title.slice(0, 256),
        body: markdown(body, mark),
        labels: ['posture', mark],
        ...(assignee !== undefined && { assignees: [assignee] }),
      };
      const issue = expectShape(issueShape, await ask({ method: 'POST', path: at('/issues'), body: { ...fields, ...own } }), 'GitHub');
      return { ...ticketOf(issue), ...(!named(issue).includes(mark) && { dropped: ['labels'] }) };
    },
    describe: (id, mark, body) => update(id, { body: markdown(body, mark) }),
    async comment(id, { body, mark }) {
      await ask({ method: 'POST', path: at(`/issues/${id}/comments`), body: { body: markdown(body, mark) } });
      return {};
    },
    /** Comments are listed oldest first, and only so. */
    async hasNote(id, mark) {
      for (let page = 1; page <= maxPages; page += 1) {
        const query = { per_page: String(notesPerPage), page: String(page) };
        const answer = await ask({ method: 'GET', path: at(`/issues/${id}/comments`), query, maxBytes: maxComments }).catch(absent);
        if (answer === undefined) return false;
        const list = expectShape(commentsShape, answer, 'GitHub');
        if (list.some(({ body }) => body?.includes(`<!-- ${mark} -->`))) return true;
        if (list.length < notesPerPage) return false;
      }
      return false;
    },
    close: (id) => update(id, { state: 'closed', state_reason: 'completed' }),
    reopen: (id) => update(id, { state: 'open', state_reason: 'reopened' }),
    check: async () => checkGitHub(project, ask, isApp(await secret.read())),
  };
}

/** What an app may do is said by its installation: without the permission, GitHub gives it no token. */
async function checkGitHub(project: string, ask: Ask, byApp: boolean): Promise<readonly TrackerProblem[]> {
  const answer = await ask({ method: 'GET', path: `/repos/${project}` }).catch(absent);
  if (answer === undefined)
    return [
      {
        code: 'not-found',
        message: `The repository ${project} does not exist, or the token can't see it. Check its name and the token.`,
      },
    ];
  const repository = expectShape(repositoryShape, answer, 'GitHub');
  const { visibility = repository.private ? 'private' : 'public', archived, has_issues, permissions } = repository;
  const problems: readonly (readonly [boolean, TrackerProblem['code'], string])[] = [
    [
      visibility !== 'private',
      'readable-by-everybody',
      `The repository ${project} is ${visibility}. Tickets describe misconfigurations: specify a private repository.`,
    ],
    [archived, 'archived', `The repository ${project} is archived. Restore it, or specify another one.`],
    [!has_issues, 'issues-disabled', `Issues are disabled in the repository ${project}. Enable them in its settings.`],
    [
      !byApp && permissions !== undefined && !permissions.push && !permissions.triage,
      'permission-missing',
      `The token can't set labels in the repository ${project}, by which tickets are found. Give its user the role triage or write.`,
    ],
  ];
  return problems.flatMap(([is, code, message]) => (is ? [{ code, message }] : []));
}
