import { createVerify, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { checkerOf } from '../openapi/reference';
import { type Answer, type Operation, type Request, type StandIn, type StandInOptions, standIn } from './stand-in';

// Written from docs.github.com/en/rest/issues/issues, docs.github.com/en/rest/issues/comments, docs.github.com/en/rest/repos/repos and
// docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api. The shapes of the requests are written by hand from these pages, and
// each request is also held against the description that GitHub publishes.

export interface GitHubIssue {
  readonly number: number;
  readonly title: string;
  body: string;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly created: number;
  state: 'open' | 'closed';
  state_reason: string | null;
  readonly comments: string[];
  readonly history: string[];
  readonly isPullRequest?: boolean;
  /** Who opened it; left out, the user of the token. */
  readonly by?: string;
  /** The app that opened it. */
  readonly app?: string;
}

export interface GitHubOptions extends StandInOptions {
  readonly token: string;
  readonly visibility?: 'private' | 'internal' | 'public';
  readonly isArchived?: boolean;
  readonly hasIssues?: boolean;
  /** Also accepts the tokens of an installation of this app. Source: docs.github.com/en/rest/apps/apps. */
  readonly app?: { readonly id: string; readonly installation: string; readonly publicKey: KeyObject };
  /** Without it, labels and assignees are dropped silently. */
  readonly canTriage?: boolean;
}

/** A comment of a person or an app. */
export interface GitHubComment {
  readonly id: number;
  readonly issue: number;
  body: string;
  readonly user: { readonly id: number; login: string; readonly type: string };
  readonly created_at: string;
  updated_at: string;
  readonly performed_via_github_app: object | null;
}

export interface GitHub extends StandIn {
  readonly issues: GitHubIssue[];
  readonly said: GitHubComment[];
  /** The tokens of the installation, and when each expires. */
  readonly tokens: Map<string, number>;
}

const label = z.string().min(1).max(50);
const createShape = z.strictObject({
  title: z.string().min(1).max(256),
  body: z.string().max(65_536),
  labels: z.array(label).optional(),
  assignees: z.array(z.string()).max(10).optional(),
});
const updateShape = z.strictObject({
  body: z.string().max(65_536).optional(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.enum(['completed', 'not_planned', 'duplicate', 'reopened']).nullable().optional(),
});

/** The user of the token. */
const own = 'posture-bot';

const readOnly = { status: 403, body: { message: 'Repository was archived so is read-only.' } };

/** GitHub with the repository acme/security. */
export async function startGitHub(options: GitHubOptions): Promise<GitHub> {
  const { token, now, searchLag = 30_000, visibility = 'private', canTriage = true, hasIssues = true, isArchived = false } = options;
  const issues: GitHubIssue[] = [];
  const said: GitHubComment[] = [];
  const tokens = new Map<string, number>();
  const repository = '/repos/acme/security';
  const operations: readonly Operation[] = [
    { method: 'POST', path: at('/issues'), body: createShape, answer: create },
    { method: 'GET', path: at('/issues'), answer: list },
    {
      method: 'GET',
      path: at('/issues/(\\d+)'),
      answer: (_, [number]) => withIssue(number, (issue) => ({ status: 200, body: shown(issue) })),
    },
    { method: 'PATCH', path: at('/issues/(\\d+)'), body: updateShape, answer: update },
    {
      method: 'POST',
      path: at('/issues/(\\d+)/comments'),
      body: z.strictObject({ body: z.string().min(1).max(65_536) }),
      answer: comment,
    },
    { method: 'GET', path: at('/issues/(\\d+)/comments'), answer: comments },
    { method: 'GET', path: at('/issues/comments/(\\d+)'), answer: oneComment },
    { method: 'GET', path: at(''), answer: readRepository },
    { method: 'GET', path: /^\/user$/, answer: readUser },
    {
      method: 'POST',
      path: /^\/app\/installations\/(\d+)\/access_tokens$/,
      body: z.strictObject({ repositories: z.array(z.string()).optional(), permissions: z.record(z.string(), z.string()).optional() }),
      answer: createToken,
    },
  ];
  const server = await standIn(
    {
      operations,
      unauthorized: ({ headers, path }, expired) =>
        (headers.authorization === `Bearer ${token}` ||
          path.startsWith('/app/') ||
          (tokens.get(headers.authorization?.slice('Bearer '.length) ?? '') ?? 0) > now()) &&
        !expired
          ? undefined
          : { status: 401, body: { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest' } },
      wrongHeaders: ({ headers }) => {
        if (headers['user-agent'] === undefined) return 'a User-Agent is required';
        return headers.accept === 'application/vnd.github+json' ? undefined : 'Accept must be application/vnd.github+json';
      },
      // A secondary rate limit answers 403 or 429.
      throttled: (retryAfter) => ({
        status: 403,
        body: { message: 'You have exceeded a secondary rate limit.' },
        headers: { 'retry-after': String(retryAfter) },
      }),
      reference: checkerOf('github'),
      unavailable: { status: 502, body: { message: 'Server Error' } },
    },
    options,
  );
  return Object.assign(server, { issues, said, tokens });

  function at(path: string): RegExp {
    return new RegExp(`^${repository}${path}$`);
  }

  // Source: docs.github.com/en/rest/users/users, "Get the authenticated user", which no token of an installation may use.
  function readUser({ headers }: Request): Answer {
    return appOf(headers) === undefined
      ? { status: 200, body: { login: own } }
      : { status: 403, body: { message: 'Resource not accessible by integration' } };
  }

  function appOf({ authorization = '' }: Request['headers']): string | undefined {
    return tokens.has(authorization.slice('Bearer '.length)) ? options.app?.id : undefined;
  }

  function create({ body, headers }: Request): Answer {
    if (!hasIssues) return { status: 410, body: { message: 'Issues has been disabled in this repository.' } };
    if (isArchived || server.archived) return readOnly;
    const { title, body: text, labels = [], assignees = [] } = body as z.infer<typeof createShape>;
    const app = appOf(headers);
    const invalid = assignees.filter((one) => server.left.includes(one));
    if (invalid.length > 0)
      return { status: 422, body: { message: 'Validation Failed', errors: [{ resource: 'Issue', field: 'assignees', code: 'invalid' }] } };
    const issue: GitHubIssue = {
      number: issues.length + 1,
      title,
      body: text,
      labels: canTriage ? labels : [],
      assignees: canTriage ? assignees : [],
      created: now(),
      ...(app !== undefined && { app, by: 'posture[bot]' }),
      state: 'open',
      state_reason: null,
      comments: [],
      history: [],
    };
    issues.push(issue);
    return { status: 201, body: shown(issue) };
  }

  function list({ query }: Request): Answer {
    const labels = (query.get('labels') ?? '').split(',').filter(Boolean);
    const state = query.get('state') ?? 'open';
    const found = issues.filter(
      (one) =>
        labels.every((name) => one.labels.includes(name)) && (state === 'all' || one.state === state) && one.created + searchLag <= now(),
    );
    const sorted = query.get('direction') === 'asc' ? found : found.toReversed();
    return { status: 200, body: sorted.slice(0, Number(query.get('per_page') ?? 30)).map(shown) };
  }

  function shown({ number, title, body, labels, state, state_reason, isPullRequest, by = own, app }: GitHubIssue) {
    const html_url = `https://github.com/acme/security/issues/${number}`;
    return {
      ...{ number, title, body, state, state_reason, html_url, labels: labels.map((name) => ({ name })) },
      user: { login: by },
      performed_via_github_app: app === undefined ? null : { id: Number(app), client_id: `Iv1.${app}` },
      ...(isPullRequest && { pull_request: {} }),
    };
  }

  function withIssue(number: string | undefined, answer: (issue: GitHubIssue) => Answer): Answer {
    const issue = issues.find((one) => String(one.number) === number);
    return issue ? answer(issue) : { status: 404, body: { message: 'Not Found' } };
  }

  function update({ body }: Request, [number]: readonly string[]): Answer {
    return withIssue(number, (issue) => {
      if (server.archived) return readOnly;
      const given = body as z.infer<typeof updateShape>;
      if (given.state !== undefined && given.state !== issue.state) issue.history.push(given.state);
      Object.assign(issue, given);
      return { status: 200, body: shown(issue) };
    });
  }

  function comment({ body }: Request, [number]: readonly string[]): Answer {
    return withIssue(number, (issue) => {
      if (server.archived) return readOnly;
      issue.comments.push((body as { body: string }).body);
      return { status: 201, body: { id: issue.comments.length } };
    });
  }

  function comments({ query }: Request, [number]: readonly string[]): Answer {
    const size = Number(query.get('per_page') ?? 30);
    const first = (Number(query.get('page') ?? 1) - 1) * size;
    return withIssue(number, (issue) => ({
      status: 200,
      body: issue.comments.slice(first, first + size).map((body, index) => ({ id: first + index + 1, body })),
    }));
  }

  function oneComment(_: Request, [id]: readonly string[]): Answer {
    const found = said.find((one) => String(one.id) === id);
    if (!found) return { status: 404, body: { message: 'Not Found' } };
    const { issue, ...shownOf } = found;
    return { status: 200, body: { ...shownOf, issue_url: `${server.url}${repository}/issues/${issue}`, author_association: 'MEMBER' } };
  }

  function createToken({ headers }: Request, [installation]: readonly string[]): Answer {
    const { app } = options;
    const [head = '', claims = '', signature = ''] = headers.authorization?.replace('Bearer ', '').split('.') ?? [];
    const isSigned =
      app !== undefined &&
      createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(app.publicKey, Buffer.from(signature, 'base64url'));
    const { iat, exp, iss } = isSigned ? JSON.parse(Buffer.from(claims, 'base64url').toString()) : {};
    const time = now() / 1000;
    if (!isSigned || iss !== app.id || iat > time || exp <= time || exp > time + 600)
      return { status: 401, body: { message: 'A JSON web token could not be decoded' } };
    if (installation !== app.installation) return { status: 404, body: { message: 'Not Found' } };
    const made = `ghs_installation-token-${tokens.size + 1}`;
    tokens.set(made, now() + 3_600_000);
    return { status: 201, body: { token: made, expires_at: new Date(now() + 3_600_000).toISOString() } };
  }

  function readRepository(): Answer {
    const shownAs = server.open ? 'public' : visibility;
    const permissions = { admin: false, push: canTriage, triage: canTriage, pull: true };
    return {
      status: 200,
      body: {
        full_name: 'acme/security',
        private: shownAs !== 'public',
        visibility: shownAs,
        archived: isArchived,
        has_issues: hasIssues,
        permissions,
      },
    };
  }
}
