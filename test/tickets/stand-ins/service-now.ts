import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type Answer, type Operation, type Request, type StandIn, type StandInOptions, standIn } from './stand-in';

// Written from ServiceNow's page "Table API" (servicenow.com/docs, REST API reference): unknown fields are ignored in a request, and by default
// the invalid part of a query is, so that all records match. ServiceNow publishes no OpenAPI: the shapes are written by hand from that page.

export interface ServiceNowOptions extends StandInOptions {
  readonly user: string;
  readonly password: string;
  readonly table?: 'incident' | 'sn_si_incident';
  /** Also accepts tokens of this OAuth client. Source: servicenow.com/docs, OAuth, client credentials grant type. */
  readonly client?: { readonly id: string; readonly secret: string };
  /** Fields that the table does not have, or that access control lists hide: they are dropped silently. */
  readonly dropped?: readonly string[];
  /** Fields that a data policy makes mandatory. */
  readonly mandatory?: readonly string[];
}

/** An entry of the table sys_journal_field. */
export interface JournalEntry {
  readonly sys_id: string;
  readonly name: string;
  readonly element: string;
  readonly element_id: string;
  readonly value: string;
  readonly sys_created_by: string;
  readonly sys_created_on: string;
}

/** A row of the table sys_user. */
export interface ServiceNowUser {
  readonly sys_id: string;
  user_name: string;
  active: string;
}

export interface ServiceNow extends StandIn {
  readonly said: JournalEntry[];
  readonly users: ServiceNowUser[];
  readonly records: Record<string, string>[];
  /** Work notes by record, the newest first. */
  readonly notes: Map<string, string[]>;
  /** The tokens of the client, and when each expires. */
  readonly tokens: Map<string, number>;
}

const known = [
  ...['short_description', 'description', 'urgency', 'impact', 'priority', 'severity', 'assignment_group', 'caller_id', 'category'],
  ...['correlation_id', 'correlation_display', 'state', 'close_code', 'close_notes', 'work_notes', 'comments', 'cmdb_ci'],
];
const closedStates = { incident: ['6', '7', '8'], sn_si_incident: ['3', '7'] };
const firstState = { incident: '1', sn_si_incident: '10' };

/** An instance of ServiceNow with one table. */
export async function startServiceNow(options: ServiceNowOptions): Promise<ServiceNow> {
  const { user, password, now, searchLag = 0, table = 'incident', dropped = [], mandatory = [] } = options;
  const records: Record<string, string>[] = [];
  const created = new Map<string, number>();
  const notes = new Map<string, string[]>();
  const said: JournalEntry[] = [];
  const users: ServiceNowUser[] = [];
  const tokens = new Map<string, number>();
  const fields = known.filter((name) => !dropped.includes(name));
  const body = z.record(z.string(), z.string().max(65_000));
  const operations: readonly Operation[] = [
    { method: 'POST', path: at(''), body, answer: create },
    { method: 'GET', path: at(''), answer: list },
    { method: 'GET', path: at('/([0-9a-f]{32})'), answer: readOne },
    { method: 'PATCH', path: at('/([0-9a-f]{32})'), body, answer: update },
    { method: 'GET', path: /^\/api\/now\/table\/sys_journal_field\/([0-9a-f]{32})$/, answer: oneEntry },
    { method: 'GET', path: /^\/api\/now\/table\/sys_user$/, answer: listUsers },
    { method: 'POST', path: /^\/oauth_token\.do$/, answer: createToken },
  ];
  const server = await standIn(
    {
      operations,
      unauthorized: ({ headers, path }, expired) =>
        (headers.authorization === `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` ||
          path === '/oauth_token.do' ||
          (tokens.get(headers.authorization?.slice('Bearer '.length) ?? '') ?? 0) > now()) &&
        !expired
          ? undefined
          : {
              status: 401,
              body: { error: { message: 'User Not Authenticated', detail: 'Required to provide Auth information' }, status: 'failure' },
            },
      wrongHeaders: ({ headers }) => (headers.accept === 'application/json' ? undefined : 'Accept must be application/json'),
      throttled: (retryAfter) => ({
        status: 429,
        body: { error: { message: 'Rate limit exceeded', detail: null }, status: 'failure' },
        headers: { 'retry-after': String(retryAfter) },
      }),
      unavailable: { status: 503, body: '<html>Hibernating instance</html>', headers: { 'content-type': 'text/html' } },
    },
    options,
  );
  return Object.assign(server, { records, notes, said, users, tokens });

  function at(path: string): RegExp {
    return new RegExp(`^/api/now/table/${table}${path}$`);
  }

  function createToken({ body: given }: Request): Answer {
    const form = new URLSearchParams(String(given));
    const isOurs = options.client && form.get('client_id') === options.client.id && form.get('client_secret') === options.client.secret;
    if (form.get('grant_type') !== 'client_credentials' || !isOurs)
      return { status: 401, body: { error: 'invalid_client', error_description: 'access_denied' } };
    const made = `service-now-token-${tokens.size + 1}`;
    tokens.set(made, now() + 1_800_000);
    return { status: 200, body: { access_token: made, token_type: 'Bearer', scope: 'useraccount', expires_in: 1799 } };
  }

  function kept(given: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(given).filter(([name]) => fields.includes(name) && name !== 'work_notes'));
  }

  function failure(status: number, message: string, detail: string): Answer {
    return { status, body: { error: { message, detail }, status: 'failure' } };
  }

  function put(record: Record<string, string>, given: Readonly<Record<string, string>>): Answer | undefined {
    if (server.archived) return failure(403, 'Operation Failed', 'ACL Exception Insert Failed due to security constraints');
    const next: Record<string, string> = { ...record, ...kept(given) };
    if (server.left.includes(next['assignment_group'] ?? '')) next['assignment_group'] = '';
    const missing = [...mandatory, ...server.required].find((name) => !next[name]);
    if (missing !== undefined)
      return failure(403, 'Operation Failed', `Data Policy Exception: the following fields are mandatory: ${missing}`);
    const closes = closedStates[table].includes(next['state'] ?? '');
    if (closes && !(next['close_code'] && next['close_notes']))
      return failure(403, 'Operation Failed', 'Data Policy Exception: the following fields are mandatory: Close code, Close notes');
    Object.assign(record, next, { active: String(!closes) });
    const note = given['work_notes'];
    if (note !== undefined && fields.includes('work_notes'))
      notes.set(record['sys_id'] ?? '', [note, ...(notes.get(record['sys_id'] ?? '') ?? [])]);
    return undefined;
  }

  function create({ body: given }: Request): Answer {
    const number = records.length + 1;
    const sys_id = createHash('md5').update(String(number)).digest('hex');
    const record: Record<string, string> = {
      ...{ sys_id, number: `INC${String(number).padStart(7, '0')}`, state: firstState[table], active: 'true', sys_created_by: user },
      correlation_id: '',
    };
    const refused = put(record, given as Record<string, string>);
    if (refused) return refused;
    records.push(record);
    created.set(sys_id, now());
    return { status: 201, body: { result: record }, headers: { location: `${server.url}/api/now/table/${table}/${sys_id}` } };
  }

  function list({ query }: Request): Answer {
    const conditions = (query.get('sysparm_query') ?? '').split('^').filter((one) => !one.startsWith('ORDERBY'));
    const found = records.filter(
      (record) =>
        (created.get(record['sys_id'] ?? '') ?? 0) + searchLag <= now() &&
        conditions.every((one) => {
          const [field = '', value = ''] = one.split('=');
          return field in record || fields.includes(field) ? (record[field] ?? '') === value : true;
        }),
    );
    const asked = (query.get('sysparm_fields') ?? '').split(',');
    const shown = found.map((record) =>
      Object.fromEntries(asked.filter((name) => name in record && !dropped.includes(name)).map((name) => [name, record[name]])),
    );
    return { status: 200, body: { result: shown.slice(0, Number(query.get('sysparm_limit') ?? 10_000)) } };
  }

  function readOne({ query }: Request, [id]: readonly string[]): Answer {
    return withRecord(id, (record) => ({ status: 200, body: { result: shown(record, query) } }));
  }

  /** With display values, a journal is the text of all its entries. */
  function shown(record: Record<string, string>, query: URLSearchParams): Record<string, string> {
    const history = (notes.get(record['sys_id'] ?? '') ?? [])
      .map((text) => `2026-11-24 09:00:00 - Posture (Work notes)\n${text}\n\n`)
      .join('');
    const shows = query.get('sysparm_display_value') === 'true' && fields.includes('work_notes');
    return { ...record, ...(shows && { work_notes: history }) };
  }

  function oneEntry(_: Request, [id]: readonly string[]): Answer {
    const entry = said.find((one) => one.sys_id === id);
    return entry ? { status: 200, body: { result: entry } } : failure(404, 'No Record found', "Record doesn't exist");
  }

  /** A condition on a field that it doesn't know is ignored: then all match. */
  function listUsers({ query }: Request): Answer {
    const [, name] = /^user_name=(.*)$/.exec(query.get('sysparm_query') ?? '') ?? [];
    return { status: 200, body: { result: users.filter(({ user_name }) => name === undefined || user_name === name) } };
  }

  function update({ body: given, query }: Request, [id]: readonly string[]): Answer {
    return withRecord(
      id,
      (record) => put(record, given as Record<string, string>) ?? { status: 200, body: { result: shown(record, query) } },
    );
  }

  function withRecord(id: string | undefined, answer: (record: Record<string, string>) => Answer): Answer {
    const record = records.find((one) => one['sys_id'] === id);
    return record ? answer(record) : failure(404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval");
  }
}
