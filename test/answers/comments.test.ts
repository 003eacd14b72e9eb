import type { Reply } from '../../functions/control/reply';
import { isTrackerError } from '../../functions/tickets/tracker-error';
import { vendors } from '../tickets/vendors';
import { type Answering, openAnswering, users } from './answering';
import { signed } from './signed';

const plan = 'a'.repeat(64);
const short = plan.slice(0, 16);
const approval = { hash: plan, expires: '2026-12-01T09:00:00.000Z' };
const asks = { outcome: 'awaiting-approval', reason: 'It asks.', approval } as const;
const approves = `/posture approve ${short}`;
const refused = (code: string) => [expect.objectContaining({ result: 'refused', code })];
const done = [expect.objectContaining({ result: 'done' })];

let desk: Answering;
const open = async (options: Parameters<typeof openAnswering>[0] = {}) => {
  desk = await openAnswering(options);
  await desk.tell(asks);
  desk.later(120);
  return desk;
};
afterEach(async () => {
  expect(desk.standIn.violations).toEqual([]);
  await desk.standIn.stop();
});
const notes = () => desk.tickets()[0]?.notes ?? [];

describe.each(Object.keys(vendors))('an answer in a ticket of %s', (vendor) => {
  it('is asked for in the ticket, read back with its author, and handed on to the control function', async () => {
    const { hook, receive, work, asked, tickets, settings, user } = await open({ vendor });
    expect(tickets()[0]?.body).toContain(approves);
    expect(await receive(hook({ text: approves }))).toBe('queued');
    expect(await work()).toEqual(done);
    expect(asked).toEqual([
      {
        by: `${settings.vendor}:${user}`,
        where: expect.stringMatching(/^(SEC-1|#1|INC0000001)$/),
        order: 'approve',
        remediation: 's3-bucket-tls-required/01JDA0000000000000000000AB',
        plan: short,
      },
    ]);
    expect(notes()).toEqual([]);
  });

  it('rejects with its reason', async () => {
    const { hook, receive, work, asked } = await open({ vendor });
    await receive(hook({ text: `/posture reject ${short} it is a website` }));
    expect(await work()).toEqual(done);
    expect(asked).toMatchObject([{ order: 'reject', plan: short, why: 'it is a website' }]);
  });

  it('is not asked for by a ticket where nobody answers, and counts for nobody there', async () => {
    const { hook, receive, work, asked, policy, tickets, tell, later } = await open({ vendor });
    policy({});
    later(60);
    await tell({ ...asks, resource: { arn: 'arn:aws:s3:::other', type: 'AWS::S3::Bucket' } });
    expect(tickets()[1]?.body).not.toContain('/posture approve');
    await receive(hook({ text: approves }));
    expect(await work()).toEqual([{ result: 'ignored', code: 'not-received' }]);
    expect(asked).toEqual([]);
  });

  it('that others wrote in the name of the person, by what the vendor says, does not count, and a comment says why', async () => {
    const { hook, receive, work, asked } = await open({ vendor });
    // Jira Data Center does not say which user is an app, and nobody edits a journal of ServiceNow in its form.
    const all = ['edited', 'automated', 'unknown-user'] as const;
    const unknown: Readonly<Record<string, readonly string[]>> = {
      'Jira Data Center': ['automated'],
      'ServiceNow incidents': ['edited', 'automated'],
      'ServiceNow security incidents': ['edited', 'automated'],
    };
    const doubts = all.filter((one) => !unknown[vendor]?.includes(one));
    for (const doubt of doubts) {
      await receive(hook({ text: `${approves} ${doubt}`, doubt }));
      const code = vendor === 'GitHub' && doubt === 'unknown-user' ? 'automated' : doubt;
      expect(await work()).toEqual(refused(code));
    }
    expect(asked).toEqual([]);
    expect(notes()).toHaveLength(doubts.length);
    expect(notes().at(-1)).toContain('This answer does not count');
  });

  it('for another site or instance asks nobody, neither there nor here', async () => {
    const { receive, work, asked, say, now, settings, standIn, user } = await open({ vendor });
    const said = say(0, { user, text: approves });
    const others: Readonly<Record<string, object>> = {
      'jira-cloud': { issue: { id: '10001', self: 'https://mallory.atlassian.net/rest/api/2/issue/10001' } },
      'jira-data-center': { issue: { id: '10001', self: 'https://jira.mallory.example/rest/api/2/issue/10001' } },
      github: { repository: { full_name: 'mallory/security', private: true } },
      servicenow: { site: 'mallory.service-now.com' },
    };
    const body = JSON.stringify({ ...said, ...others[settings.vendor] });
    expect(await receive(signed({ sender: settings.vendor, body, now: now() }))).toBe('queued');
    const before = standIn.calls.length;
    expect(await work()).toEqual([{ result: 'ignored', code: 'other-site' }]);
    expect([asked, standIn.calls.length - before]).toEqual([[], 0]);
  });

  it('in a ticket with our label that is not ours approves nothing, and a comment says where the ticket is', async () => {
    const { receive, work, asked, say, now, settings, tracker, user, tickets } = await open({ vendor });
    await tracker.create(tickets()[0]?.mark ?? '', { title: 'A copy', severity: 'low', body: [{ text: 'A copy.' }] });
    const body = JSON.stringify(say(1, { user, text: approves }));
    await receive(signed({ sender: settings.vendor, body, now: now() }));
    expect(await work()).toEqual(refused('elsewhere'));
    expect(asked).toEqual([]);
    expect(notes()).toEqual([]);
    expect(tickets()[1]?.notes).toEqual([expect.stringMatching(/is handled in (SEC-1|.?.?#1|＃1|INC0000001)\. Answer there\./)]);
  });

  it('in a ticket with a label that no record of ours has is ignored', async () => {
    const { receive, work, asked, say, now, settings, tracker, user, tickets } = await open({ vendor });
    await tracker.create('posture-fedcba9876543210', { title: 'Of others', severity: 'low', body: [{ text: 'Of others.' }] });
    await receive(signed({ sender: settings.vendor, body: JSON.stringify(say(1, { user, text: approves })), now: now() }));
    expect(await work()).toEqual([{ result: 'ignored', code: 'not-ours' }]);
    expect([asked, tickets()[1]?.notes]).toEqual([[], []]);
  });

  it('in a ticket with the id and the label of one in another tracker is ignored', async () => {
    const { hook, receive, work, asked, records, tickets } = await open({ vendor });
    const mark = tickets()[0]?.mark ?? '';
    records.records.set(mark, { ...records.records.get(mark), of: 'github api.github.com acme/another' });
    await receive(hook({ text: approves }));
    expect(await work()).toEqual([{ result: 'ignored', code: 'not-ours' }]);
    expect(asked).toEqual([]);
  });

  it('in a ticket whose text somebody changed is for the plan of our record: the other one is refused', async () => {
    const { hook, receive, work, asked, tickets, standIn, tracker } = await open({ vendor });
    const other = `/posture approve ${'d'.repeat(16)}`;
    const [{ id = '' } = {}] = await tracker.find(tickets()[0]?.mark ?? '').then((found) => found);
    await tracker.describe(id, tickets()[0]?.mark ?? '', [{ text: `Approve by: ${other}` }]);
    await receive(hook({ text: other }));
    expect(await work()).toEqual(refused('plan-changed'));
    expect(asked).toEqual([]);
    expect(standIn.violations).toEqual([]);
  });

  it('that names a ticket where it was not written is not there', async () => {
    const { receive, work, asked, say, now, settings, tracker, user } = await open({ vendor });
    await tracker.create('posture-fedcba9876543210', { title: 'Another', severity: 'low', body: [{ text: 'Another.' }] });
    const ours = JSON.stringify(say(0, { user, text: 'hello /posture' }));
    const other = JSON.stringify(say(1, { user, text: approves }));
    // The comment of the one in the ticket of the other.
    const [mine, theirs] = [ours, other].map((text) => JSON.parse(text) as Record<string, unknown>);
    const mixed = { ...theirs, issue: mine?.['issue'], ...('ticket' in (mine ?? {}) && { ticket: mine?.['ticket'] }) };
    await receive(signed({ sender: settings.vendor, body: JSON.stringify(mixed), now: now() }));
    expect(await work()).toEqual([{ result: 'ignored', code: 'not-there' }]);
    expect(asked).toEqual([]);
  });

  it('for a plan that waits no more, or for another one, does not count', async () => {
    const { hook, receive, work, asked, tell, later } = await open({ vendor });
    await receive(hook({ text: `/posture approve ${'b'.repeat(16)}` }));
    expect(await work()).toEqual(refused('plan-changed'));
    await tell({ ...asks, approval: { ...approval, hash: 'b'.repeat(64) } });
    expect(notes().at(-1)).toContain(`/posture approve ${'b'.repeat(16)}`);
    later(60);
    await receive(hook({ text: approves }));
    expect(await work()).toEqual(refused('plan-changed'));
    await tell({ outcome: 'fixed' });
    later(60);
    await receive(hook({ text: `${approves} again` }));
    expect(await work()).toEqual(refused('nothing-waits'));
    expect(asked).toEqual([]);
  });

  it('from before the plan was shown does not count, although its plan has the same hash', async () => {
    const { hook, receive, work, asked, tell, later } = await open({ vendor });
    const old = hook({ text: approves });
    await tell({ outcome: 'rejected' });
    later(3600);
    await tell({ ...asks, remediation: '01JDA0000000000000000000AC' });
    // Its time, where one is signed, is over; so it is handed on as if the endpoint had received it in time.
    if (vendor.startsWith('ServiceNow')) expect(await receive(old)).toBe('old-timestamp');
    else {
      expect(await receive(old)).toBe('queued');
      expect(await work()).toEqual(refused('too-old'));
    }
    expect(asked).toEqual([]);
  });

  it.each(['throttled', 'unavailable', 'reset'] as const)(
    'waits while the vendor is %s at the read-back, and is lost to nobody',
    async (mishap) => {
      const { hook, receive, work, asked, standIn, queue } = await open({ vendor });
      await receive(hook({ text: approves }));
      standIn.mishaps = () => mishap;
      const [error] = await work();
      expect(isTrackerError(error)).toBe(true);
      expect([asked, queue.length]).toEqual([[], 1]);
      standIn.mishaps = () => undefined;
      expect(await work()).toEqual(done);
      expect(asked).toHaveLength(1);
    },
  );

  it('is not handled before the credentials are accepted, and not at all after the comment was deleted', async () => {
    const { hook, receive, work, asked, standIn, queue } = await open({ vendor });
    await receive(hook({ text: approves }));
    standIn.expired = true;
    expect(await work()).toMatchObject([{ failure: 'unauthorized' }]);
    expect(queue).toHaveLength(1);
    standIn.expired = false;
    (standIn as unknown as { readonly said: unknown[] }).said.splice(0);
    expect(await work()).toEqual([{ result: 'ignored', code: 'not-there' }]);
    expect(asked).toEqual([]);
  });

  it('that comes twice, at the same time or later, is handled once', async () => {
    const { hook, receive, work, asked, queue } = await open({ vendor });
    const request = hook({ text: approves });
    expect([await receive(request), await receive(request)]).toEqual(['queued', 'replayed']);
    // SQS delivers at least once.
    queue.push(...queue);
    expect(await work()).toEqual([...done, expect.objectContaining({ result: 'handled-before' })]);
    expect(asked).toHaveLength(1);
  });

  it('that is handled again after a crash is not answered with a refusal of what it has done', async () => {
    const gone: Reply = { done: false, refused: 'conflict', code: 'not-awaiting-approval', reason: 'It was answered.' };
    let asks = 0;
    const ask = async (): Promise<Reply> => {
      asks += 1;
      if (asks === 1) throw new Error('The answer of the control function was lost.');
      return gone;
    };
    const { hook, receive, work } = await open({ vendor, ask });
    await receive(hook({ text: approves }));
    expect(await work()).toEqual([expect.any(Error)]);
    expect(await work()).toEqual(done);
    expect(notes()).toEqual([]);
  });

  it('that the control function refuses is told in the ticket, once', async () => {
    const ask = async (): Promise<Reply> => ({
      ...{ done: false, refused: 'forbidden', code: 'not-an-approver' },
      reason: 'The policy does not say who this is.',
    });
    const { hook, receive, work, queue } = await open({ vendor, ask });
    await receive(hook({ text: approves }));
    queue.push(...queue);
    expect(await work()).toEqual([...refused('not-an-approver'), expect.objectContaining({ result: 'handled-before' })]);
    expect(notes()).toHaveLength(1);
    expect(notes()[0]).toContain('The policy does not say who this is.');
  });
});

describe('a user', () => {
  it('who took the name of an approver is another one', async () => {
    const { hook, receive, work, asked, standIn } = await open({ vendor: 'GitHub' });
    await receive(hook({ user: '99', text: approves }));
    const { said } = standIn as unknown as { readonly said: { readonly user: { login: string } }[] };
    for (const one of said) one.user.login = `login-of-${users.GitHub}`;
    expect(await work()).toEqual(done);
    // The control function knows that this is nobody.
    expect(asked).toMatchObject([{ by: 'github:99' }]);
  });

  it('of ServiceNow is found by the name in the journal, and is nobody if two have it, or if it was given to another', async () => {
    const { hook, receive, work, asked, standIn, user } = await open({ vendor: 'ServiceNow incidents' });
    const { users: all } = standIn as unknown as { readonly users: { readonly sys_id: string; user_name: string; active: string }[] };
    await receive(hook({ text: approves }));
    const [first] = all;
    all.push({ sys_id: 'b'.repeat(32), user_name: first?.user_name ?? '', active: 'true' });
    expect(await work()).toEqual(refused('unknown-user'));
    if (first) first.user_name = 'renamed';
    await receive(hook({ text: `${approves} again`, user: 'b'.repeat(32) }));
    expect(await work()).toEqual(done);
    expect(asked).toMatchObject([{ by: `servicenow:${'b'.repeat(32)}` }]);
    expect(user).not.toBe('b'.repeat(32));
  });
});

it('that was edited in GitHub within the second in which it was written does not count', async () => {
  const { receive, work, asked, say, settings, user, now } = await open();
  const sent = say(0, { user, text: approves }) as { readonly comment: object };
  const body = JSON.stringify({ ...sent, comment: { ...sent.comment, body: 'What does /posture do?' } });
  expect(await receive(signed({ sender: settings.vendor, body, now: now() }))).toBe('queued');
  expect(await work()).toEqual(refused('edited'));
  expect(asked).toEqual([]);
});
