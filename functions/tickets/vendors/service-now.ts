import * as z from 'zod';
import type { TrackerSettings } from '../../policy/tickets';
import { accessToken, withFreshToken } from '../access-token';
import { type ApiRequest, maxComments, send } from '../http';
import { plain, plainLine } from '../markup/plain';
import { field, type Secret } from '../secret';
import type { Draft, Ticket, Tracker, TrackerProblem } from '../tracker';
import { TrackerError } from '../tracker-error';
import { absent, expectShape } from './answer';
import { clientToken, isClient } from './service-now-token';
import type { VendorOptions } from './vendor-options';

const recordShape = z.object({
  sys_id: z.string().regex(/^[0-9a-f]{32}$/),
  number: z.string().max(100).default('?'),
  state: z.string().default(''),
  correlation_id: z.string().default(''),
});
const oneShape = z.object({ result: recordShape });
const createdShape = z.object({ result: recordShape.loose() });
const manyShape = z.object({ result: z.array(recordShape) });
const notesShape = z.object({ result: z.object({ work_notes: z.string().default('') }) });
const errorShape = z.object({ error: z.object({ message: z.string().nullish(), detail: z.string().nullish() }) });
/** Of the endpoint for tokens. */
const tokenErrorShape = z.object({ error: z.string(), error_description: z.string().nullish() });

/** The values of `state` in the base system: of an incident, and of a security incident. */
const statesOf = {
  incident: { open: '2', closed: '6', all: ['6', '7', '8'] },
  sn_si_incident: { open: '16', closed: '3', all: ['3', '7'] },
} as const;

/** Urgency and impact, from which ServiceNow computes the priority: 1 is high, 3 is low. */
const ranks: Readonly<Record<Draft['severity'], readonly [urgency: string, impact: string]>> = {
  critical: ['1', '1'],
  high: ['1', '2'],
  medium: ['2', '2'],
  low: ['3', '3'],
};

type Row = z.infer<typeof recordShape>;

const sysparm_fields = 'sys_id,number,state,correlation_id';

interface Instance {
  readonly table: string;
  /** The address, without a slash at its end. */
  readonly root: string;
  readonly states: { readonly open: string; readonly closed: string };
  readonly isClosed: (state: string) => boolean;
  readonly ask: (request: ApiRequest) => Promise<unknown>;
  /** A request about another table. */
  readonly askTable: (name: string, request: ApiRequest) => Promise<unknown>;
}

export function connectToServiceNow(
  { project: table, url, states: given }: TrackerSettings,
  secret: Secret,
  { timeout, clock }: VendorOptions,
): Instance {
  const { all, ...own } = statesOf[table === 'sn_si_incident' ? 'sn_si_incident' : 'incident'];
  const states = given ?? own;
  const closed: readonly string[] = [...all, states.closed];
  const root = url.replace(/\/+$/, '');
  const common = {
    ...{ vendor: 'ServiceNow', secrets: secret.seen },
    ...(timeout !== undefined && { timeout }),
    messageIn: (body: unknown) => {
      const { error, error_description } = tokenErrorShape.safeParse(body).data ?? {};
      if (error !== undefined) return error_description ?? error;
      const { message, detail } = errorShape.safeParse(body).data?.error ?? {};
      return [message, detail].filter(Boolean).join(': ') || undefined;
    },
  };
  const api = {
    ...common,
    base: `${root}/api/now/table/${table}`,
    async headers() {
      const read = await secret.read();
      if (isClient(read)) {
        const token = await accessToken(secret, (credentials) => clientToken({ ...common, base: root }, credentials, clock), clock);
        return { authorization: `Bearer ${token}` };
      }
      const [user, password] = [field(read, 'user', 'ServiceNow'), field(read, 'password', 'ServiceNow')];
      return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
    },
  };
  const ask = (base: string, request: ApiRequest) => withFreshToken(secret, () => send({ ...api, base }, request));
  return {
    ...{ table, root, states },
    isClosed: (state) => closed.includes(state),
    ask: (request) => ask(api.base, request),
    askTable: (name, request) => ask(`${root}/api/now/table/${name}`, request),
  };
}

/**
 * Incidents and security incidents of ServiceNow, by its Table API. A ticket is found by its correlation id. ServiceNow ignores what it doesn't
 * know, both in a record and in a query, so every answer is compared with what was asked. Source: servicenow.com/docs, REST API reference, Table API.
 */
export function serviceNow(settings: TrackerSettings, secret: Secret, options: VendorOptions): Tracker {
  const instance = connectToServiceNow(settings, secret, options);
  const { ask, states, isClosed, root } = instance;
  const { project: table, fields, closeFields } = settings;
  const ticketOf = ({ sys_id, number, state }: Row): Ticket => ({
    ...{ id: sys_id, key: number, url: `${root}/${table}.do?sys_id=${sys_id}` },
    state: isClosed(state) ? 'closed' : 'open',
  });
  const update = async (id: string, body: object) =>
    expectShape(oneShape, await ask({ method: 'PATCH', path: `/${id}`, body }), 'ServiceNow').result;

  /** With display values, a journal is read as the text of all its entries. */
  const hasNote = async (id: string, mark: string): Promise<boolean> => {
    const query = { sysparm_fields: 'work_notes', sysparm_display_value: 'true' };
    const answer = await ask({ method: 'GET', path: `/${id}`, query, maxBytes: maxComments }).catch(absent);
    return answer !== undefined && expectShape(notesShape, answer, 'ServiceNow').result.work_notes.includes(reference(mark));
  };

  return {
    // Where our user can't read the field, ServiceNow ignores the condition and answers with all records.
    find: async (mark) => (await search(instance, mark)).filter(({ correlation_id }) => correlation_id === mark).map(ticketOf),
    async read(id) {
      const answer = await ask({ method: 'GET', path: `/${id}`, query: { sysparm_fields } }).catch(absent);
      return answer === undefined ? undefined : ticketOf(expectShape(oneShape, answer, 'ServiceNow').result);
    },
    async create(mark, draft) {
      const [urgency, impact] = ranks[draft.severity];
      const own = {
        ...{ short_description: draft.title.slice(0, 160), description: plain(draft.body, mark), urgency, impact },
        ...{ correlation_id: mark, correlation_display: 'posture' },
        ...(draft.assignee !== undefined && { assignment_group: draft.assignee }),
      };
      const sent = texts({ ...fields, ...own });
      const { result } = expectShape(createdShape, await ask({ method: 'POST', path: '', body: sent }), 'ServiceNow');
      const dropped = Object.keys(sent).filter((name) => isDropped(result, name));
      return { ...ticketOf(result), ...(dropped.length > 0 && { dropped }) };
    },
    async describe(id, mark, body) {
      await update(id, { description: plain(body, mark) });
    },
    async comment(id, { body, mark }) {
      await update(id, { work_notes: plain(body, mark) });
      // It is written, or not: an error now would have it written again.
      const isKept = await hasNote(id, mark).catch(() => true);
      return isKept ? {} : { dropped: ['work_notes'] };
    },
    hasNote,
    async close(id, proof) {
      const given = { close_code: 'Solved (Permanently)', ...closeFields, state: states.closed, close_notes: plainLine(proof) };
      expectState(instance, await update(id, texts(given)), true);
    },
    async reopen(id) {
      expectState(instance, await update(id, { state: states.open }), false);
    },
    check: () => checkServiceNow(instance),
  };
}

const reference = (mark: string): string => `Reference: ${mark}`;

/** A journal answers with nothing but its history. */
const isDropped = (result: Readonly<Record<string, unknown>>, name: string): boolean =>
  (result[name] ?? '') === '' && !['work_notes', 'comments'].includes(name);

async function search({ ask }: Instance, correlation: string): Promise<readonly Row[]> {
  const query = { sysparm_query: `correlation_id=${correlation}^ORDERBYsys_created_on`, sysparm_fields, sysparm_limit: '50' };
  return expectShape(manyShape, await ask({ method: 'GET', path: '', query }), 'ServiceNow').result;
}

/** A state that an access control list protects is dropped in silence. */
function expectState({ isClosed, table }: Instance, { number, state }: Row, expected: boolean): void {
  if (isClosed(state) === expected) return;
  throw new TrackerError(
    'rejected',
    `ServiceNow accepted the new state of ${number} and did not set it. Give the user write access to the field state of ${table}.`,
  );
}

async function checkServiceNow(instance: Instance): Promise<readonly TrackerProblem[]> {
  const nobodys = 'posture-check-0000000000000000';
  const found = await search(instance, nobodys);
  if (found.every(({ correlation_id }) => correlation_id === nobodys)) return [];
  const message = `The user can't read the field correlation_id of ${instance.table}, by which tickets are found: ServiceNow ignores it in queries. Give the user read access.`;
  return [{ code: 'field-dropped', message }];
}

/** The Table API takes texts. */
const texts = (given: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));
