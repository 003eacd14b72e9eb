import * as z from 'zod';
import type { TrackerSettings } from '../../policy/tickets';
import type { Document } from '../document';
import { maxComments } from '../http';
import { adf, textOfAdf } from '../markup/adf';
import { wiki } from '../markup/wiki';
import type { Secret } from '../secret';
import type { Draft, Note, Ticket, Tracker } from '../tracker';
import { TrackerError } from '../tracker-error';
import { absent, expectShape, refuseOpen } from './answer';
import { checkJira, readableByEverybody } from './jira-check';
import { connectToJira, type JiraConnection } from './jira-connection';
import type { VendorOptions } from './vendor-options';

const text = z.string().min(1).max(300);
const status = z.object({ statusCategory: z.object({ key: z.string() }) });
const issueShape = z.object({ id: text, key: text, fields: z.object({ labels: z.array(z.string()).default([]), status }) });
const foundShape = z.object({ issues: z.array(issueShape) });
const createdShape = z.object({ id: text, key: text });
const commentsShape = z.object({ comments: z.array(z.object({ body: z.unknown() })) });
const transitionsShape = z.object({ transitions: z.array(z.object({ id: text, to: status })) });
const at = (id: string, rest = '') => `/issue/${encodeURIComponent(id)}${rest}`;

/**
 * Jira Cloud (REST version 3: rich text, basic authentication with an API token) and Data Center (version 2: wiki text, personal access tokens).
 * A ticket is found by its label, among those that our user created. Source: developer.atlassian.com/cloud/jira/platform/rest/v3.
 */
export function jira(settings: TrackerSettings, secret: Secret, { timeout }: VendorOptions): Tracker {
  const connection = connectToJira(settings, secret, timeout);
  const { isCloud, page, ask } = connection;
  const { project, closeFields } = settings;
  const body = (document: Document, mark: string) => (isCloud ? adf(document, mark) : wiki(document, mark));
  const ticketOf = ({ id, key, fields: { status: is } }: z.infer<typeof issueShape>): Ticket => ({
    ...{ id, key, url: page(key) },
    state: is.statusCategory.key === 'done' ? 'closed' : 'open',
  });

  return {
    async find(mark) {
      const jql = `project = "${project}" AND labels = "${mark}" AND creator = currentUser() ORDER BY created ASC`;
      const path = isCloud ? '/search/jql' : '/search';
      const answer = await ask({ method: 'POST', path, body: { jql, fields: ['labels', 'status'], maxResults: 50 } });
      return expectShape(foundShape, answer, 'Jira')
        .issues.filter(({ fields: { labels } }) => labels.includes(mark))
        .map(ticketOf);
    },
    async read(id) {
      const answer = await ask({ method: 'GET', path: at(id), query: { fields: 'labels,status' } }).catch(absent);
      return answer === undefined ? undefined : ticketOf(expectShape(issueShape, answer, 'Jira'));
    },
    async create(mark, draft) {
      refuseOpen(await readableByEverybody(connection), 'Jira');
      const answer = await ask({
        method: 'POST',
        path: '/issue',
        body: { fields: { ...fieldsOf(connection, mark, draft), description: body(draft.body, mark) } },
      });
      const { id, key } = expectShape(createdShape, answer, 'Jira');
      return { id, key, url: page(key), state: 'open' };
    },
    async describe(id, mark, document) {
      await ask({ method: 'PUT', path: at(id), body: { fields: { description: body(document, mark) } } });
    },
    async comment(id, { body: document, mark }: Note) {
      await ask({ method: 'POST', path: at(id, '/comment'), body: { body: body(document, mark) } });
      return {};
    },
    async hasNote(id, mark) {
      const query = { maxResults: '50', orderBy: '-created' };
      const answer = await ask({ method: 'GET', path: at(id, '/comment'), query, maxBytes: maxComments }).catch(absent);
      if (answer === undefined) return false;
      return expectShape(commentsShape, answer, 'Jira').comments.some((one) => textOfAdf(one.body).includes(mark));
    },
    close: (id) => transition(connection, id, ['done'], closeFields),
    reopen: (id) => transition(connection, id, ['new', 'indeterminate']),
    check: () => checkJira(connection),
  };
}

/** What we set goes over what the policy sets. */
function fieldsOf({ settings, isCloud }: JiraConnection, mark: string, { title, assignee, confidential }: Draft) {
  const { project, type, fields, securityLevel } = settings;
  if (confidential && securityLevel === undefined)
    throw new TrackerError('rejected', 'Jira: a ticket about a response needs a security level. Set tickets.tracker.securityLevel.');
  return {
    ...fields,
    project: { key: project },
    issuetype: { name: type },
    summary: title.slice(0, 255),
    labels: ['posture', mark, ...labelsIn(fields['labels'])],
    ...(confidential && { security: { name: securityLevel } }),
    ...(assignee !== undefined && { assignee: isCloud ? { accountId: assignee } : { name: assignee } }),
  };
}

/** The ids of transitions are those of a workflow: the one that leads to a status of the category is chosen. */
async function transition(
  { ask }: JiraConnection,
  id: string,
  categories: readonly string[],
  given: TrackerSettings['closeFields'] = {},
): Promise<void> {
  const issue = expectShape(issueShape, await ask({ method: 'GET', path: at(id), query: { fields: 'labels,status' } }), 'Jira');
  if (categories.includes(issue.fields.status.statusCategory.key)) return;
  const answer = await ask({ method: 'GET', path: at(id, '/transitions') });
  const { transitions } = expectShape(transitionsShape, answer, 'Jira');
  const chosen = categories.map((key) => transitions.find(({ to }) => to.statusCategory.key === key)).find((one) => one !== undefined);
  if (!chosen) {
    throw new TrackerError(
      'rejected',
      `Jira: the workflow of ${issue.key} has no transition from its status to one of the category ${categories.join(' or ')}. Add one, or give the user permission for it.`,
    );
  }
  const extra = Object.keys(given).length > 0 && { fields: given };
  await ask({ method: 'POST', path: at(id, '/transitions'), body: { transition: { id: chosen.id }, ...extra } });
}

const labelsIn = (given: unknown): readonly string[] =>
  Array.isArray(given) ? given.filter((one): one is string => typeof one === 'string' && !one.startsWith('posture')) : [];
