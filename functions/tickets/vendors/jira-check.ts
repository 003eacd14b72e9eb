import * as z from 'zod';
import { quote } from '../../untrusted-text';
import type { TrackerProblem } from '../tracker';
import { TrackerError } from '../tracker-error';
import { absent, expectShape } from './answer';
import type { JiraConnection } from './jira-connection';

const projectShape = z.object({ key: z.string(), archived: z.boolean().default(false) });
const permissionsShape = z.object({ permissions: z.record(z.string(), z.object({ havePermission: z.boolean() })) });
const types = z.array(z.object({ id: z.string(), name: z.string() }));
const typesShape = z.union([z.object({ issueTypes: types }), z.object({ values: types })]);
const fieldList = z.array(
  z.object({ fieldId: z.string(), name: z.string().optional(), required: z.boolean(), hasDefaultValue: z.boolean().default(false) }),
);
const fieldsShape = z.union([z.object({ fields: fieldList }), z.object({ values: fieldList })]);

const always = ['BROWSE_PROJECTS', 'CREATE_ISSUES', 'EDIT_ISSUES', 'TRANSITION_ISSUES', 'ADD_COMMENTS', 'ASSIGN_ISSUES'];
/** The fields that we set. */
const own = ['project', 'issuetype', 'summary', 'description', 'labels', 'reporter'];

/** The levels that our user may set: only of these it is a member. */
const levelsShape = z.object({ levels: z.array(z.object({ name: z.string() })) });

/** Reads the project, the permissions of our user, and the fields that a new issue requires. */
export async function checkJira(connection: JiraConnection): Promise<readonly TrackerProblem[]> {
  const { settings, ask } = connection;
  const { project, type, fields, securityLevel: level } = settings;
  const permissions = [...always, ...(level === undefined ? [] : ['SET_ISSUE_SECURITY'])];
  const path = `/project/${encodeURIComponent(project)}`;
  const found = await ask({ method: 'GET', path }).catch(absent);
  if (found === undefined)
    return [
      {
        code: 'not-found',
        message: `The project ${quote(project)} does not exist, or the user can't see it. Check its key and the permissions.`,
      },
    ];
  const { archived } = expectShape(projectShape, found, 'Jira');
  return [
    ...(archived
      ? [{ code: 'archived' as const, message: `The project ${project} is archived. Restore it, or specify another one.` }]
      : []),
    ...(await readableByEverybody(connection)),
    ...(await missingPermissions()),
    ...(await requiredFields()),
    ...(await levelProblems(connection)),
  ];

  async function missingPermissions(): Promise<readonly TrackerProblem[]> {
    const query = { projectKey: project, permissions: permissions.join() };
    const answer = expectShape(permissionsShape, await ask({ method: 'GET', path: '/mypermissions', query }), 'Jira');
    return permissions
      .filter((name) => answer.permissions[name]?.havePermission !== true)
      .map((name) => ({
        code: 'permission-missing',
        message: `The user lacks the permission ${name} in the project ${project}. Grant it.`,
      }));
  }

  async function requiredFields(): Promise<readonly TrackerProblem[]> {
    const root = `/issue/createmeta/${encodeURIComponent(project)}/issuetypes`;
    const listed = expectShape(typesShape, await ask({ method: 'GET', path: root, query: { maxResults: '200' } }), 'Jira');
    const all = 'issueTypes' in listed ? listed.issueTypes : listed.values;
    const chosen = all.find(({ name }) => name === type);
    if (!chosen) {
      const names = all.map(({ name }) => quote(name)).join(', ');
      return [
        {
          code: 'type-unknown',
          message: `The project ${project} has no issue type ${quote(type)}. It has ${names}. Set tickets.tracker.type.`,
        },
      ];
    }
    const answer = await ask({ method: 'GET', path: `${root}/${encodeURIComponent(chosen.id)}`, query: { maxResults: '200' } });
    const described = expectShape(fieldsShape, answer, 'Jira');
    const list = 'fields' in described ? described.fields : described.values;
    return list
      .filter(({ fieldId, required, hasDefaultValue }) => required && !hasDefaultValue && !own.includes(fieldId) && !(fieldId in fields))
      .map(({ fieldId, name }) => ({
        code: 'field-required',
        message: `A new issue requires the field ${quote(fieldId)}${name === undefined ? '' : ` (${quote(name)})`}. Set it in tickets.tracker.fields.`,
      }));
  }
}

/** Asks without credentials, as anybody could. A redirect leads to a page to sign in. */
export async function readableByEverybody({ settings: { project }, ask }: JiraConnection): Promise<readonly TrackerProblem[]> {
  try {
    await ask({ method: 'GET', path: `/project/${encodeURIComponent(project)}`, anonymous: true });
  } catch (error) {
    if (error instanceof TrackerError && ['unauthorized', 'forbidden', 'not-found', 'moved'].includes(error.failure)) return [];
    throw error;
  }
  const message = `The project ${project} can be read without signing in. Tickets describe misconfigurations: remove the access of everybody from its permission scheme.`;
  return [{ code: 'readable-by-everybody', message }];
}

async function levelProblems({ settings, ask }: JiraConnection): Promise<readonly TrackerProblem[]> {
  const { project, securityLevel: level } = settings;
  if (level === undefined) return [];
  const path = `/project/${encodeURIComponent(project)}/securitylevel`;
  const { levels } = expectShape(levelsShape, await ask({ method: 'GET', path }), 'Jira');
  if (levels.some(({ name }) => name === level)) return [];
  const names = levels.map(({ name }) => quote(name)).join(', ') || 'none';
  const message = `The user can't set the security level ${quote(level)} in the project ${project}. It can set ${names}. Make it a member of the level, or set tickets.tracker.securityLevel.`;
  return [{ code: 'level-unknown', message }];
}
