import { markOf } from '../../functions/ticket-records/mark';
import { isTrackerError } from '../../functions/tickets/tracker-error';
import { eventOf, openDesk } from './desk';
import type { GitHub, GitHubIssue } from './stand-ins/github';
import type { ServiceNow } from './stand-ins/service-now';
import type { Mishap, Request, StandIn } from './stand-ins/stand-in';
import { token, vendors } from './vendors';

type Desk = Awaited<ReturnType<typeof openDesk>>;
let desk: Desk;
const open = async (options: Parameters<typeof openDesk>[0] = {}) => {
  desk = await openDesk(options);
  return desk;
};
afterEach(() => desk.standIn.stop());

const failed = { outcome: 'failed', reason: 'AccessDenied.' } as const;
const asks = { outcome: 'awaiting-approval', reason: 'It asks.' } as const;
const at = (hour: number) => `2026-11-24T${String(hour).padStart(2, '0')}:00:00.000Z`;

/** What is logged of an attempt, and the seconds until the next one. */
async function attempt(work: Promise<unknown>): Promise<{ readonly reason: string; readonly seconds: number | undefined }> {
  const error: unknown = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error === undefined) throw new Error('Nothing went wrong.');
  const given = error instanceof Error && isTrackerError(error.cause) ? error.cause : error;
  return { reason: (given as Error).message, seconds: await desk.retryOf(Promise.reject(error)) };
}

/** The paths and answers of each vendor for a new ticket, as the log has them. */
const posts: Readonly<Record<string, string>> = {
  'Jira Cloud': 'Jira, POST /rest/api/3/issue',
  'Jira Data Center': 'Jira, POST /rest/api/2/issue',
  GitHub: 'GitHub, POST /repos/acme/security/issues',
  'ServiceNow incidents': 'ServiceNow, POST /api/now/table/incident',
  'ServiceNow security incidents': 'ServiceNow, POST /api/now/table/sn_si_incident',
};
const sayings: Readonly<Record<'Jira' | 'GitHub' | 'ServiceNow', Readonly<Record<string, string>>>> = {
  Jira: {
    archived: '400: project: The project is archived.',
    required: "400: customfield_10042: Field 'customfield_10042' is required.",
    expired: '401.',
    throttled: '429.',
    unavailable: '503.',
    open: 'Jira: The project SEC can be read without signing in. Tickets describe misconfigurations: remove the access of everybody from its permission scheme.',
  },
  GitHub: {
    open: 'GitHub: The repository acme/security is public. Tickets describe misconfigurations: specify a private repository.',
    archived: '403: Repository was archived so is read-only.',
    expired: '401: Bad credentials.',
    throttled: '403: You have exceeded a secondary rate limit.',
    unavailable: '502: Server Error.',
  },
  ServiceNow: {
    archived: '403: Operation Failed: ACL Exception Insert Failed due to security constraints.',
    required: '403: Operation Failed: Data Policy Exception: the following fields are mandatory: customfield_10042.',
    expired: '401: User Not Authenticated: Required to provide Auth information.',
    throttled: '429: Rate limit exceeded.',
    unavailable: '503.',
  },
};
function saying(vendor: string, trouble: string): string | undefined {
  const said = sayings[vendor.split(' ')[0] as keyof typeof sayings][trouble];
  return trouble === 'open' ? said : said && `${posts[vendor]}: ${said}`;
}

interface Trouble {
  readonly name: string;
  readonly begin: (server: StandIn) => void;
  readonly end: (server: StandIn) => void;
  /** Until the next attempt. */
  readonly seconds: number;
}

const set = (change: Partial<Pick<StandIn, 'archived' | 'required' | 'expired' | 'open'>>) => (server: StandIn) =>
  void Object.assign(server, change);
const mishap = (given: Mishap | undefined) => (server: StandIn) => {
  server.mishaps = ({ method, path }) => (method !== 'GET' && !/search/.test(path) ? given : undefined);
};
const troubles: readonly Trouble[] = [
  { name: 'archived', begin: set({ archived: true }), end: set({ archived: false }), seconds: 900 },
  { name: 'required', begin: set({ required: ['customfield_10042'] }), end: set({ required: [] }), seconds: 900 },
  { name: 'open', begin: set({ open: true }), end: set({ open: false }), seconds: 900 },
  { name: 'expired', begin: set({ expired: true }), end: set({ expired: false }), seconds: 300 },
  { name: 'throttled', begin: mishap('throttled'), end: mishap(undefined), seconds: 7 },
  // Whether it was created is not known: after the search's lag.
  { name: 'unavailable', begin: mishap('unavailable'), end: mishap(undefined), seconds: 80 },
];

describe.each(Object.keys(vendors))('what goes wrong in %s', (vendor) => {
  it.each(troubles.filter(({ name }) => saying(vendor, name)))(
    '$name: the log says why, nothing is lost, and nothing is doubled when it is over',
    async ({ name, begin, end, seconds }) => {
      const { handle, tickets, standIn, later, retryOf } = await open({ vendor, standIn: { retryAfter: 7 } });
      begin(standIn);
      const event = eventOf(failed);
      // The search before a new ticket is the first that needs credentials.
      const reason =
        name === 'expired' ? expect.stringMatching(/^(Jira|GitHub|ServiceNow), (POST|GET) \S+: 401[.:]/) : saying(vendor, name);
      expect(await attempt(handle('e1', event))).toEqual({ reason, seconds });
      later(seconds);
      expect(await attempt(handle('e1', event))).toEqual({ reason, seconds });
      later(seconds);
      expect(tickets()).toEqual([]);
      end(standIn);
      expect(await retryOf(handle('e1', event))).toBeUndefined();
      expect(await handle('e1', event)).toBe('handled-before');
      expect(tickets()).toMatchObject([{ state: 'open', mark: markOf(event), notes: [] }]);
    },
  );

  it.each(troubles.filter(({ name }) => name !== 'open' && saying(vendor, name)))(
    '$name, while there is a ticket: it is closed, with one comment, when it is over',
    async ({ begin, end }) => {
      const { handle, tickets, standIn, later, retryOf } = await open({ vendor, standIn: { retryAfter: 7 } });
      await handle('e1', eventOf({ ...failed, time: at(9) }));
      begin(standIn);
      const closes = eventOf({ outcome: 'confirmed', reason: 'Security Hub says PASSED.', time: at(10) });
      for (let times = 0; times < 3; times += 1) {
        expect(await retryOf(handle('e2', closes))).toBeGreaterThan(0);
        later(900);
      }
      end(standIn);
      expect(await handle('e2', closes)).toBe('closed');
      expect(tickets()).toMatchObject([{ state: 'closed', notes: [expect.stringContaining('Security Hub says PASSED')] }]);
    },
  );

  it.each(['throttled', 'unavailable', 'reset', 'lost', 'hang', 'hang-before', 'failed-after'] as const)(
    'each request is %s the first time: one ticket, each comment once, in the right state',
    async (way) => {
      const { handle, tickets, standIn, later, retryOf } = await open({ vendor, timeout: 150 });
      const seen = new Set<string>();
      standIn.mishaps = ({ method, path, body }: Request) => {
        const request = `${method} ${path} ${JSON.stringify(body)}`;
        const isFirst = !seen.has(request);
        seen.add(request);
        return isFirst ? way : undefined;
      };
      const life = [asks, { outcome: 'fixed', reason: 'The check passes.' }, { outcome: 'confirmed' }, failed] as const;
      for (const [step, outcome] of life.entries()) {
        const event = eventOf({ ...outcome, time: at(9 + step) });
        let left = 40;
        for (
          let seconds = await retryOf(handle(`e${step}`, event));
          seconds !== undefined;
          seconds = await retryOf(handle(`e${step}`, event))
        ) {
          later(seconds);
          left -= 1;
          if (left === 0) throw new Error(`${outcome.outcome} does not settle.`);
        }
      }
      expect(tickets()).toMatchObject([{ state: 'open', notes: { length: 3 } }]);
      expect(seen.size).toBeGreaterThan(6);
    },
  );

  it('a person deletes the ticket: what closes is over, and what opens opens another one', async () => {
    const { handle, tickets, empty, records, ticketed } = await open({ vendor });
    await handle('e1', eventOf({ ...failed, time: at(9) }));
    const { ticket } = records.records.get(markOf(eventOf())) ?? {};
    empty();
    expect(await handle('e2', eventOf({ outcome: 'fixed', time: at(10) }))).toBe('nothing');
    const next = { ...failed, remediation: '01JDA0000000000000000000B1', time: at(11) };
    expect(await handle('e3', eventOf(next))).toBe('created');
    expect(await handle('e3', eventOf(next))).toBe('handled-before');
    expect(tickets()).toMatchObject([{ state: 'open' }]);
    expect(records.records.get(markOf(eventOf()))).toMatchObject({ replaces: ticket });
    expect(ticketed).toHaveLength(2);
  });

  it('the owner has left, or has another name: the ticket is opened without an assignee, and the log says so', async () => {
    const { tell, tickets, standIn, warnings, details } = await open({ vendor, tickets: { owners: { default: 'ada' } } });
    standIn.left = ['ada'];
    expect(await tell(failed)).toBe('created');
    expect(tickets()).toHaveLength(1);
    if (vendor.startsWith('ServiceNow')) {
      expect(warnings).toEqual(['The tracker ignored a field of a ticket']);
      expect(details).toEqual([{ ticket: 'INC0000001', fields: ['assignment_group'] }]);
    } else {
      expect(warnings).toEqual(['The tracker refused the assignee of a ticket']);
      expect(details).toEqual([
        {
          ticket: expect.stringMatching(/^(SEC-1|#1)$/),
          assignee: 'ada',
          reason: expect.stringMatching(/400: assignee: User 'ada' cannot be assigned issues\.$|422: Validation Failed\.$/),
        },
      ]);
    }
    expect(standIn.violations).toEqual([]);
  });

  it('the vendor redirects, as a login page or a moved site does: nothing is sent there, and the log says where it is', async () => {
    const { handle, tickets, standIn } = await open({ vendor });
    standIn.moved = { path: /./, to: 'https://elsewhere.example/login' };
    const { reason, seconds } = await attempt(handle('e1', eventOf(failed)));
    expect(reason).toMatch(/: 301\. It is at another address now \("https:\/\/elsewhere\.example\/login"\): set that in the policy\.$/);
    expect([seconds, reason.includes(token)]).toEqual([900, false]);
    standIn.moved = undefined;
    await handle('e1', eventOf(failed));
    expect(tickets()).toHaveLength(1);
  });
});

describe.each(Object.keys(vendors))('another tracker in the policy than that of the record, %s', (vendor) => {
  it('has a ticket of its own: one with the same id there is neither read nor written', async () => {
    const { handle, tickets, tracker, records } = await open({ vendor });
    await handle('e1', eventOf({ ...failed, time: at(9) }));
    const { id, ticket } = records.records.get(markOf(eventOf())) ?? {};
    // The same id, of somebody else's ticket.
    desk.empty();
    await tracker.create('posture-fedcba9876543210', { title: 'Of others', severity: 'low', body: [{ text: 'Of others.' }] });
    records.records.set(markOf(eventOf()), { ...records.records.get(markOf(eventOf())), of: 'github api.github.com acme/another' });
    expect((await tracker.read(id ?? ''))?.id).toBe(id);
    desk.later(3600);
    expect(await handle('e2', eventOf({ outcome: 'confirmed', time: at(10) }))).toBe('nothing');
    expect(tickets()).toMatchObject([{ title: 'Of others', state: 'open', notes: [] }]);
    expect(records.records.get(markOf(eventOf()))).toMatchObject({ replaces: ticket });
    const next = { ...failed, remediation: '01JDA0000000000000000000B1', time: at(11) };
    expect(await handle('e3', eventOf(next))).toBe('created');
    expect(tickets()).toHaveLength(2);
  });
});

describe('an issue of GitHub that was transferred to another repository', () => {
  const elsewhere = 'https://api.github.com/repositories/99/issues/7';

  it('is not ours any more: the next outcome opens another one', async () => {
    const { handle, tickets, standIn } = await open();
    await handle('e1', eventOf({ ...failed, time: at(9) }));
    standIn.moved = { path: /\/issues\/1$/, to: elsewhere };
    expect(await handle('e2', eventOf({ outcome: 'fixed', time: at(10) }))).toBe('nothing');
    const { issues } = standIn as GitHub;
    issues.splice(0, 1, { ...(issues[0] as GitHubIssue), labels: [] });
    expect(await handle('e3', eventOf({ ...failed, remediation: '01JDA0000000000000000000B1', time: at(11) }))).toBe('created');
    expect(tickets()).toHaveLength(2);
  });

  it('is not taken for one if the repository was renamed: what closes waits for the policy', async () => {
    const { handle, tickets, standIn } = await open();
    await handle('e1', eventOf({ ...failed, time: at(9) }));
    standIn.moved = { path: /^\/repos\/acme\/security/, to: 'https://api.github.com/repositories/1' };
    const closes = eventOf({ outcome: 'confirmed', time: at(10) });
    expect(await attempt(handle('e2', closes))).toEqual({
      reason:
        'GitHub, GET /repos/acme/security: 301. It is at another address now ("https://api.github.com/repositories/1"): set that in the policy.',
      seconds: 900,
    });
    standIn.moved = undefined;
    expect(await handle('e2', closes)).toBe('closed');
    expect(tickets()).toMatchObject([{ state: 'closed' }]);
  });
});

describe('what ServiceNow ignores without an error', () => {
  const incidents = 'ServiceNow incidents';

  it.each([
    ['a field that it does not know', { settings: { fields: { u_teem: 'cloud', category: 'software' } } }, ['u_teem']],
    ['the field by which the ticket is found', { standIn: { dropped: ['correlation_id'] } }, ['correlation_id']],
    ['several', { standIn: { dropped: ['urgency', 'impact'] } }, ['urgency', 'impact']],
  ])('is in the log and counted: %s', async (_, options, fields) => {
    const { tell, warnings, details, tickets } = await open({ vendor: incidents, ...options });
    expect(await tell(failed)).toBe('created');
    expect(warnings).toEqual(['The tracker ignored a field of a ticket']);
    expect(details).toEqual([{ ticket: 'INC0000001', fields }]);
    expect(desk.dropped).toBe(1);
    expect(tickets()).toHaveLength(1);
  });

  it('is not claimed of what it keeps, and of journals', async () => {
    const { tell, warnings } = await open({
      vendor: incidents,
      settings: { fields: { category: 'software', work_notes: 'By the remediator.' } },
    });
    await tell(failed);
    desk.later(60);
    expect(await tell({ outcome: 'approved' })).toBe('commented');
    expect([warnings, desk.dropped]).toEqual([[], 0]);
  });

  it('is in the log and counted: a comment, and it is not written again and again', async () => {
    const { tell, handle, later, details, standIn } = await open({ vendor: incidents, standIn: { dropped: ['work_notes'] } });
    await tell(failed);
    later(60);
    expect(await handle('e2', eventOf({ outcome: 'fixed', time: at(10) }))).toBe('commented');
    expect(await handle('e2', eventOf({ outcome: 'fixed', time: at(10) }))).toBe('handled-before');
    expect(details).toEqual([{ ticket: 'INC0000001', fields: ['work_notes'] }]);
    expect(desk.dropped).toBe(1);
    expect((standIn as ServiceNow).calls.filter((call) => call.startsWith('PATCH'))).toHaveLength(1);
  });

  it('is an error if it is the state: the event stays, and the ticket is closed when it can be', async () => {
    const standIn = { dropped: ['state'] as string[] };
    const { tell, handle, later } = await open({ vendor: incidents, standIn });
    await tell(failed);
    later(60);
    expect(await attempt(handle('e2', eventOf({ outcome: 'confirmed', time: at(10) })))).toEqual({
      reason:
        'ServiceNow accepted the new state of INC0000001 and did not set it. Give the user write access to the field state of incident.',
      seconds: 900,
    });
  });
});

it('the proof in an incident of ServiceNow is text', async () => {
  const { tell, later, standIn } = await open({ vendor: 'ServiceNow incidents' });
  await tell(failed);
  later(60);
  expect(await tell({ outcome: 'confirmed', reason: 'PASSED [code]<b>[/code] https://evil.example.' })).toBe('closed');
  const [record] = (standIn as ServiceNow).records;
  expect(record?.['close_notes']).toContain('PASSED');
  expect(record?.['close_notes']).not.toMatch(/\[\/?code|:\/\/evil/);
});
