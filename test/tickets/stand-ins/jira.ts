import * as z from 'zod';
import { checkerOf } from '../openapi/reference';
import { adf } from './adf';
import { type Answer, type Operation, type Request, type StandIn, type StandInOptions, standIn } from './stand-in';

// Written from developer.atlassian.com/cloud/jira/platform/rest/v3 (groups Issues, Issue search, Issue comments, Permissions, Projects),
// developer.atlassian.com/cloud/jira/platform/search-and-reconcile, and developer.atlassian.com/server/jira/platform/rest (version 2) for Data
// Center. The shapes of the requests are written by hand from these pages; those of Cloud are also held against
// the description that Atlassian publishes, as far as it has them.

export interface JiraIssue {
  readonly id: string;
  readonly key: string;
  readonly fields: Record<string, unknown>;
  readonly created: number;
  statusId: string;
  readonly comments: unknown[];
  readonly history: string[];
}

export interface JiraOptions extends StandInOptions {
  readonly edition: 'cloud' | 'data-center';
  /** `user:token` for Cloud, the token for Data Center. */
  readonly credentials: string;
  /** Custom fields that the create screen requires. */
  readonly required?: readonly string[];
  /** Whether somebody who is not signed in can read the project. */
  readonly isPublic?: boolean;
  readonly permissions?: Readonly<Record<string, boolean>>;
  readonly isArchived?: boolean;
  /** The security levels that the user can set. */
  readonly levels?: readonly string[];
  /** The workflow has no way from Done to another status. */
  readonly isFinal?: boolean;
}

interface JiraUser {
  readonly accountId?: string;
  readonly key?: string;
  name?: string;
  readonly accountType?: string;
  active: boolean;
}

/** A comment of a person or an app. */
export interface JiraComment {
  readonly id: string;
  readonly issue: string;
  body: unknown;
  readonly author: JiraUser;
  updateAuthor: JiraUser;
  readonly created: string;
  updated: string;
}

export interface Jira extends StandIn {
  readonly issues: JiraIssue[];
  readonly said: JiraComment[];
}

const statuses = {
  1: { name: 'To Do', category: 'new' },
  2: { name: 'In Progress', category: 'indeterminate' },
  3: { name: 'Done', category: 'done' },
} as const;
type StatusId = keyof typeof statuses;

const project = 'SEC';
const readOnly = { status: 403, body: { errorMessages: ['The project is archived.'], errors: {} } };
const types = [{ id: '10001', name: 'Task', subtask: false }];

/** Jira with the project SEC and the issue type Task. */
export async function startJira(options: JiraOptions): Promise<Jira> {
  const { edition, credentials, now, searchLag = 30_000, required = [], isPublic = false, permissions = {}, levels = [] } = options;
  const cloud = edition === 'cloud';
  const base = cloud ? '/rest/api/3' : '/rest/api/2';
  const issues: JiraIssue[] = [];
  const said: JiraComment[] = [];
  const richText = cloud ? adf : z.string().max(32_767);
  const fields = z.looseObject({
    project: z.strictObject({ key: z.string() }),
    issuetype: z.strictObject({ name: z.string() }),
    summary: z
      .string()
      .min(1)
      .max(255)
      .regex(/^[^\n\r]*$/),
    description: richText.optional(),
    labels: z.array(z.string().regex(/^\S{1,255}$/)).optional(),
    security: z.strictObject({ name: z.string() }).optional(),
  });
  const expected = cloud ? `Basic ${Buffer.from(credentials).toString('base64')}` : `Bearer ${credentials}`;

  const operations: readonly Operation[] = [
    { method: 'POST', path: at('/issue'), body: z.strictObject({ fields }), answer: create },
    {
      method: 'POST',
      path: at(cloud ? '/search/jql' : '/search'),
      body: z.strictObject({ jql: z.string(), fields: z.array(z.string()), maxResults: z.int().max(5000) }),
      answer: search,
    },
    { method: 'GET', path: at('/issue/([^/]+)'), answer: (_, [id]) => withIssue(id, (issue) => ({ status: 200, body: shown(issue) })) },
    {
      method: 'PUT',
      path: at('/issue/([^/]+)'),
      body: z.strictObject({ fields: z.strictObject({ description: richText }) }),
      answer: edit,
    },
    { method: 'POST', path: at('/issue/([^/]+)/comment'), body: z.strictObject({ body: richText }), answer: comment },
    { method: 'GET', path: at('/issue/([^/]+)/comment'), answer: comments },
    { method: 'GET', path: at('/issue/([^/]+)/comment/([^/]+)'), answer: oneComment },
    { method: 'GET', path: at('/issue/([^/]+)/transitions'), answer: (_, [id]) => withIssue(id, transitions) },
    {
      method: 'POST',
      path: at('/issue/([^/]+)/transitions'),
      body: z.strictObject({ transition: z.strictObject({ id: z.string() }), fields: z.record(z.string(), z.unknown()).optional() }),
      answer: transition,
    },
    { method: 'GET', path: at('/project/([^/]+)'), answer: readProject },
    {
      method: 'GET',
      path: at('/project/([^/]+)/securitylevel'),
      answer: () => ({ status: 200, body: { levels: levels.map((name) => ({ name })) } }),
    },
    { method: 'GET', path: at('/mypermissions'), answer: myPermissions },
    { method: 'GET', path: at('/issue/createmeta/([^/]+)/issuetypes'), answer: createTypes },
    { method: 'GET', path: at('/issue/createmeta/([^/]+)/issuetypes/([^/]+)'), answer: createFields },
  ];
  const server = await standIn(
    {
      operations,
      unauthorized: ({ headers, path, method }, expired) => {
        if (headers.authorization === undefined && (isPublic || server.open) && method === 'GET' && path === `${base}/project/${project}`)
          return undefined;
        return headers.authorization === expected && !expired
          ? undefined
          : { status: 401, body: 'Client must be authenticated to access this resource.', headers: { 'content-type': 'text/plain' } };
      },
      wrongHeaders: ({ headers, method }) =>
        method !== 'GET' && headers['content-type'] !== 'application/json' ? 'Content-Type must be application/json' : undefined,
      throttled: (retryAfter) => ({ status: 429, body: '', headers: { 'retry-after': String(retryAfter) } }),
      ...(cloud && { reference: checkerOf('jira') }),
      unavailable: { status: 503, body: '<html>Service Unavailable</html>', headers: { 'content-type': 'text/html' } },
    },
    options,
  );
  return Object.assign(server, { issues, said });

  function at(path: string): RegExp {
    return new RegExp(`^${base}${path}$`);
  }

  function invalid(errors: Readonly<Record<string, string>>): Answer {
    return { status: 400, body: { errorMessages: [], errors } };
  }

  function create({ body }: Request): Answer {
    const given = (body as { fields: z.infer<typeof fields> }).fields;
    if (given.project.key !== project) return invalid({ project: 'valid project is required' });
    if (options.isArchived || server.archived) return invalid({ project: 'The project is archived.' });
    if (given.issuetype.name !== 'Task') return invalid({ issuetype: 'Specify a valid issue type' });
    if (given.security && !levels.includes(given.security.name)) return invalid({ security: 'The security level is not valid.' });
    const { accountId, name } = (given['assignee'] ?? {}) as { readonly accountId?: string; readonly name?: string };
    const assignee = accountId ?? name;
    if (assignee !== undefined && server.left.includes(assignee))
      return invalid({ assignee: `User '${assignee}' cannot be assigned issues.` });
    const missing = [...required, ...server.required].find((one) => given[one] === undefined);
    if (missing !== undefined) return invalid({ [missing]: `Field '${missing}' is required.` });
    const number = issues.length + 1;
    const issue: JiraIssue = {
      id: String(10_000 + number),
      key: `${project}-${number}`,
      fields: { ...given },
      created: now(),
      statusId: '1',
      comments: [],
      history: [],
    };
    issues.push(issue);
    return { status: 201, body: { id: issue.id, key: issue.key, self: `${server.url}${base}/issue/${issue.id}` } };
  }

  function search({ body }: Request): Answer {
    const { jql } = body as { jql: string };
    const asked =
      /^project = "([^"]+)" AND labels = "([^"]+)" AND creator = currentUser\(\) ORDER BY created ASC$/.exec(jql)?.slice(1) ?? [];
    const [key, label] = asked;
    if (key === undefined) return { status: 400, body: { errorMessages: [`Error in the JQL Query: ${jql}`], errors: {} } };
    const found = issues.filter(
      (one) => key === project && (one.fields['labels'] as readonly string[]).includes(label ?? '') && one.created + searchLag <= now(),
    );
    return { status: 200, body: cloud ? { issues: found.map(shown), isLast: true } : { issues: found.map(shown), total: found.length } };
  }

  function shown({ id, key, fields: given, statusId }: JiraIssue) {
    const { name, category } = statuses[Number(statusId) as StatusId];
    return { id, key, fields: { labels: given['labels'], status: { id: statusId, name, statusCategory: { key: category } } } };
  }

  function withIssue(id: string | undefined, answer: (issue: JiraIssue) => Answer): Answer {
    const issue = issues.find((one) => one.id === id || one.key === id);
    return issue
      ? answer(issue)
      : { status: 404, body: { errorMessages: ['Issue does not exist or you do not have permission to see it.'] } };
  }

  function edit({ body }: Request, [id]: readonly string[]): Answer {
    return withIssue(id, (issue) => {
      Object.assign(issue.fields, (body as { fields: object }).fields);
      return { status: 204 };
    });
  }

  function comment({ body }: Request, [id]: readonly string[]): Answer {
    return withIssue(id, (issue) => {
      if (server.archived) return readOnly;
      issue.comments.push((body as { body: unknown }).body);
      return { status: 201, body: { id: String(issue.comments.length) } };
    });
  }

  function comments({ query }: Request, [id]: readonly string[]): Answer {
    return withIssue(id, (issue) => ({
      status: 200,
      body: {
        comments: issue.comments
          .map((body, index) => ({ id: String(index + 1), body }))
          .reverse()
          .slice(0, Number(query.get('maxResults') ?? 50)),
        total: issue.comments.length,
      },
    }));
  }

  function oneComment(_: Request, [issue, id]: readonly string[]): Answer {
    return withIssue(issue, (of) => {
      const found = said.find((one) => one.id === id && one.issue === of.id);
      return found ? { status: 200, body: found } : { status: 404, body: { errorMessages: [`Can not find a comment for the id: ${id}.`] } };
    });
  }

  function transitions({ statusId }: JiraIssue): Answer {
    const others = (Object.keys(statuses) as readonly string[]).filter((id) => id !== statusId && !(options.isFinal && statusId === '3'));
    const list = others.map((id) => {
      const { name, category } = statuses[Number(id) as StatusId];
      return { id: `${id}1`, name, to: { id, name, statusCategory: { key: category } } };
    });
    return { status: 200, body: { transitions: list } };
  }

  function transition({ body }: Request, [id]: readonly string[]): Answer {
    return withIssue(id, (issue) => {
      if (server.archived) return readOnly;
      const { transition: chosen, fields: given = {} } = body as { transition: { id: string }; fields?: object };
      const target = chosen.id.slice(0, 1);
      const missing = target === '3' ? server.required.find((name) => !(name in given)) : undefined;
      if (missing !== undefined) return invalid({ [missing]: `Field '${missing}' is required.` });
      if (!(target in statuses) || target === issue.statusId) return invalid({ transition: 'It is not valid for this issue.' });
      issue.statusId = target;
      issue.history.push(statuses[Number(target) as StatusId].name);
      return { status: 204 };
    });
  }

  function readProject(_: Request, [key]: readonly string[]): Answer {
    if (key !== project) return { status: 404, body: { errorMessages: [`No project could be found with key '${key}'.`] } };
    return { status: 200, body: { id: '1', key: project, archived: options.isArchived ?? false } };
  }

  function myPermissions({ query }: Request): Answer {
    const asked = (query.get('permissions') ?? '').split(',').filter(Boolean);
    const list = asked.map((name) => [name, { key: name, havePermission: permissions[name] ?? true }] as const);
    return { status: 200, body: { permissions: Object.fromEntries(list) } };
  }

  function createTypes(_: Request, [key]: readonly string[]): Answer {
    if (key !== project) return { status: 404, body: { errorMessages: ['No project.'] } };
    return { status: 200, body: cloud ? { issueTypes: types, total: 1 } : { values: types, total: 1, isLast: true } };
  }

  function createFields(): Answer {
    const standard = ['project', 'issuetype', 'summary'].map((fieldId) => ({ fieldId, required: true, hasDefaultValue: false }));
    const own = required.map((fieldId) => ({ fieldId, name: `Name of ${fieldId}`, required: true, hasDefaultValue: false }));
    const others = ['description', 'labels'].map((fieldId) => ({ fieldId, required: false, hasDefaultValue: false }));
    const list = [...standard, ...own, ...others];
    return { status: 200, body: cloud ? { fields: list, total: list.length } : { values: list, total: list.length, isLast: true } };
  }
}
