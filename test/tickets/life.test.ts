import type { OutcomeEvent } from '../../functions/outcomes/outcome-schema';
import { markOf } from '../../functions/ticket-records/mark';
import { eventOf, openDesk } from './desk';
import type { Jira } from './stand-ins/jira';
import { vendors } from './vendors';

let desk: Awaited<ReturnType<typeof openDesk>>;
const open = async (options: Parameters<typeof openDesk>[0] = {}) => {
  desk = await openDesk(options);
  return desk;
};
afterEach(() => desk.standIn.stop());

const failed = { outcome: 'failed', reason: 'AccessDenied.' } as const;
const another = (index: number) => ({ resource: { arn: `arn:aws:s3:::other-${index}`, type: 'AWS::S3::Bucket' } });

describe('the life of a ticket', () => {
  it.each(Object.keys(vendors))('goes from the plan that awaits approval to the proof of the detector, in %s', async (vendor) => {
    const { tell, tickets, later, standIn } = await open({ vendor });
    const approval = { hash: 'a'.repeat(64), expires: '2026-12-01T09:00:00.000Z' };
    expect(await tell({ outcome: 'awaiting-approval', reason: 'It asks.', approval })).toBe('created');
    expect(tickets()).toMatchObject([{ state: 'open', mark: markOf(eventOf()), notes: [] }]);
    expect(tickets()[0]?.body).toContain('2026-12-01T09');
    later(60);
    expect(await tell({ outcome: 'fixed', reason: 'The check passes.' })).toBe('commented');
    expect(tickets()).toMatchObject([{ state: 'open', notes: [expect.stringMatching(/closed after the detector agrees/)] }]);
    later(3600);
    expect(await tell({ outcome: 'confirmed', reason: 'Security Hub says PASSED.' })).toBe('closed');
    expect(tickets()).toMatchObject([{ state: 'closed', notes: [expect.anything(), expect.stringContaining('Security Hub says PASSED')] }]);
    later(3600);
    expect(await tell(failed)).toBe('reopened');
    expect(tickets()).toMatchObject([
      { state: 'open', notes: [expect.anything(), expect.anything(), expect.stringContaining('recurred, once')] },
    ]);
    expect(standIn.violations).toEqual([]);
  });

  it('is closed with the proof of the detector when its owner fixed the resource, and says so once', async () => {
    const { tell, tickets, later, ticketed } = await open();
    await tell({ outcome: 'awaiting-approval' });
    later(60);
    const found = { outcome: 'already-compliant', remediation: '01JDA0000000000000000000B1' } as const;
    expect(await tell(found)).toBe('commented');
    expect(tickets()).toMatchObject([{ state: 'open', notes: [expect.stringContaining('closed after the detector agrees')] }]);
    later(60);
    expect(await tell({ ...found, remediation: '01JDA0000000000000000000B2' })).toBe('nothing');
    later(60);
    expect(await tell({ outcome: 'confirmed', remediation: found.remediation, reason: 'Security Hub says PASSED.' })).toBe('closed');
    expect(tickets()).toMatchObject([{ state: 'closed' }]);
    later(60);
    expect(await tell(found)).toBe('nothing');
    expect(tickets()[0]?.notes).toHaveLength(2);
    expect(ticketed).toEqual(['01JDA0000000000000000000AB #1', '01JDA0000000000000000000B1 #1']);
  });

  it('is opened, or told, when the deadline has passed, whatever the outcome', async () => {
    const { tell, tickets, later } = await open();
    const overdue = { at: '2026-11-25T09:00:00.000Z', action: 'escalate', passed: true } as const;
    expect(await tell({ outcome: 'observed' })).toBe('ignored');
    later(60);
    expect(await tell({ outcome: 'observed', deadline: overdue })).toBe('created');
    expect(tickets()[0]?.body).toMatch(/Overdue: Observed[\s\S]+To be ended by/);
    await tell({ outcome: 'awaiting-approval', ...another(1) });
    later(60);
    expect(await tell({ outcome: 'awaiting-approval', ...another(1) })).toBe('nothing');
    later(60);
    expect(await tell({ outcome: 'awaiting-approval', ...another(1), deadline: overdue })).toBe('commented');
    expect(tickets()[1]?.notes).toEqual([expect.stringContaining('Overdue: Approval required')]);
  });

  it('says once that the deadline is near', async () => {
    const { tell, tickets, later } = await open();
    const deadline = { at: '2026-11-27T09:00:00.000Z', action: 'escalate' } as const;
    await tell({ outcome: 'awaiting-approval', deadline });
    later(47 * 3600);
    expect(await tell({ outcome: 'awaiting-approval', deadline })).toBe('nothing');
    later(3600);
    expect(await tell({ outcome: 'awaiting-approval', deadline })).toBe('commented');
    later(3600);
    expect(await tell({ outcome: 'awaiting-approval', deadline })).toBe('nothing');
    expect(tickets()[0]?.notes).toEqual([expect.stringContaining('The deadline is near: 2026-11-27T09:00:00.000Z.')]);
    later(24 * 3600);
    expect(await tell({ outcome: 'awaiting-approval', deadline: { ...deadline, passed: true } })).toBe('commented');
    expect(tickets()[0]?.notes.at(-1)).toContain('Overdue');
  });

  it('of a response has the security level and no parameters, or there is none', async () => {
    const rule = { ...eventOf().rule, response: true } as const;
    const response = { outcome: 'awaiting-approval' as const, rule, changes: ['ec2:ModifyInstanceAttribute'] };
    const tracker = { securityLevel: 'Security team' };
    const confidential = { changes: 'parameters', responses: 'confidential', perHour: 1 };
    const closed = await open({ vendor: 'Jira Cloud', tickets: { changes: 'parameters' } });
    expect(await closed.tell(response)).toBe('nothing');
    await closed.standIn.stop();
    const { tell, tickets, logged, standIn, later } = await open({
      ...{ vendor: 'Jira Cloud', tickets: confidential, settings: tracker },
      standIn: { levels: ['Security team'] },
    });
    logged([{ do: { service: 'ec2', operation: 'ModifyInstanceAttribute', input: { Groups: ['sg-attacked'] } }, irreversible: 'no' }]);
    expect(await tell(response)).toBe('created');
    later(60);
    expect(await tell({ ...response, ...another(1) })).toBe('created');
    expect(tickets().map(({ body }) => body.includes('sg-attacked'))).toEqual([false, false]);
    expect((standIn as Jira).issues.map(({ fields }) => fields['security'])).toEqual([
      { name: 'Security team' },
      { name: 'Security team' },
    ]);
    expect(await tell({ outcome: 'failed', ...another(2) })).toBe('created');
    expect((standIn as Jira).issues[2]?.fields['security']).toBeUndefined();
  });

  it('of an exposed resource has the security level and no parameters, also in a list of its own, or there is none', async () => {
    const rule = { ...eventOf().rule, exposes: true } as const;
    const exposed = { outcome: 'awaiting-approval' as const, rule, changes: ['s3:PutBucketPolicy'] };
    const level = { settings: { securityLevel: 'Security team' }, standIn: { levels: ['Security team'] } };
    const { tell, tickets, logged, standIn, later } = await open({
      vendor: 'Jira Cloud',
      ...level,
      tickets: { changes: 'parameters', perHour: 1 },
    });
    logged([{ do: { service: 's3', operation: 'PutBucketPolicy', input: { Bucket: 'open-bucket' } }, irreversible: 'no' }]);
    expect(await tell(exposed)).toBe('created');
    later(60);
    expect(await tell({ ...exposed, ...another(1) })).toBe('listed');
    later(60);
    expect(await tell({ ...failed, ...another(2) })).toBe('listed');
    expect(tickets().map(({ body }) => body.includes('"Bucket"'))).toEqual([false, false, false]);
    const levels = (standIn as Jira).issues.map(({ fields }) => fields['security']);
    expect(levels).toEqual([{ name: 'Security team' }, { name: 'Security team' }, undefined]);
    expect((standIn as Jira).issues.map(({ fields }) => fields['summary'])).toEqual([
      expect.anything(),
      expect.stringMatching(/^Exposed resources found in the hour/),
      expect.stringMatching(/^Misconfigurations found in the hour/),
    ]);

    // A ticket from before lives on.
    desk.policy({ exposures: 'none' });
    later(60);
    expect(await tell({ ...exposed, outcome: 'confirmed' })).toBe('closed');
    later(60);
    expect(await tell({ ...exposed, ...another(3) })).toBe('nothing');
  });

  it('counts how many times the misconfiguration recurred', async () => {
    const { tell, tickets, later } = await open();
    await tell(failed);
    for (const remediation of ['01JDA0000000000000000000B1', '01JDA0000000000000000000B2', '01JDA0000000000000000000B3']) {
      later(60);
      await tell({ outcome: 'confirmed', remediation });
      later(60);
      await tell({ ...failed, remediation });
    }
    expect(tickets()).toHaveLength(1);
    expect(tickets()[0]?.notes.at(-1)).toContain('recurred, 3 times so far');
  });

  it('is opened again when a person closed it and the misconfiguration is still there: that exempts nothing', async () => {
    const { tell, tickets, later, set } = await open();
    await tell(failed);
    set(0, 'closed');
    later(60);
    expect(await tell({ ...failed, remediation: '01JDA0000000000000000000B1' })).toBe('reopened');
    expect(tickets()).toMatchObject([{ state: 'open' }]);
  });

  it('is opened again after a rollback', async () => {
    const { tell, tickets, later } = await open();
    await tell({ outcome: 'awaiting-approval' });
    later(60);
    await tell({ outcome: 'confirmed' });
    later(60);
    expect(await tell({ outcome: 'rolled-back', reason: 'By the operator.' })).toBe('reopened');
    expect(tickets()).toMatchObject([{ state: 'open' }]);
  });

  it('is opened by the rollback of a fix that needed none, and is in the log of its remediation', async () => {
    const { tell, tickets, later, ticketed } = await open();
    await tell({ outcome: 'fixed' });
    later(60);
    expect(await tell({ outcome: 'rolled-back', reason: 'By the operator.' })).toBe('created');
    expect(tickets()).toMatchObject([{ state: 'open' }]);
    expect(ticketed).toEqual(['01JDA0000000000000000000AB #1']);
  });

  it('says the same outcome of a remediation once', async () => {
    const { tell, tickets, later } = await open();
    await tell(failed);
    later(60);
    expect(await tell(failed)).toBe('nothing');
    later(60);
    expect(await tell({ ...failed, code: 'other' })).toBe('commented');
    expect(tickets()[0]?.notes).toHaveLength(1);
  });

  it('goes on in another ticket where somebody deleted it', async () => {
    const { tell, tickets, later, empty, records } = await open();
    await tell(failed);
    empty();
    later(60);
    expect(await tell({ outcome: 'approved' })).toBe('nothing');
    later(60);
    expect(await tell({ ...failed, remediation: '01JDA0000000000000000000B1' })).toBe('created');
    expect(tickets()).toMatchObject([{ state: 'open' }]);
    expect(records.records.get(markOf(eventOf()))).toMatchObject({ replaces: '#1' });
  });

  it('does not begin with an outcome that only comments or closes, or that is in no list', async () => {
    const { tell, tickets } = await open();
    expect(await tell({ outcome: 'fixed' })).toBe('nothing');
    expect(await tell({ outcome: 'confirmed' })).toBe('nothing');
    expect(await tell({ outcome: 'observed' })).toBe('ignored');
    expect(tickets()).toEqual([]);
  });

  it('does not begin outside of the scope, and ends there', async () => {
    const { tell, tickets, later, policy } = await open({ tickets: { scope: { severities: ['critical'] } } });
    expect(await tell(failed)).toBe('nothing');
    policy({});
    later(60);
    expect(await tell(failed)).toBe('created');
    policy({ scope: { severities: ['critical'] } });
    later(60);
    expect(await tell({ outcome: 'confirmed' })).toBe('closed');
    expect(tickets()).toMatchObject([{ state: 'closed' }]);
  });

  it('is nothing without a tracker in the policy', async () => {
    const { tell, tickets, policy } = await open();
    policy(undefined);
    expect(await tell(failed)).toBe('no-tracker');
    expect(tickets()).toEqual([]);
  });
});

describe('outcomes that come late, twice, or at the same time', () => {
  it('are handled once', async () => {
    const { handle, tickets } = await open();
    const event = eventOf(failed);
    expect([await handle('e1', event), await handle('e1', event)]).toEqual(['created', 'handled-before']);
    expect(tickets()).toMatchObject([{ notes: [] }]);
  });

  it('say nothing about a ticket that a later outcome has closed', async () => {
    const { handle, tickets } = await open();
    await handle('e1', eventOf({ ...failed, time: '2026-11-24T09:00:00.000Z' }));
    await handle('e3', eventOf({ outcome: 'confirmed', time: '2026-11-24T11:00:00.000Z' }));
    expect(await handle('e2', eventOf({ ...failed, time: '2026-11-24T10:00:00.000Z' }))).toBe('outdated');
    expect(tickets()).toMatchObject([{ state: 'closed' }]);
  });

  it('open the ticket, though a comment came before it', async () => {
    const { handle, tickets } = await open();
    expect(await handle('e2', eventOf({ outcome: 'approved', time: '2026-11-24T10:00:00.000Z' }))).toBe('nothing');
    expect(await handle('e1', eventOf({ outcome: 'awaiting-approval', time: '2026-11-24T09:00:00.000Z' }))).toBe('created');
    expect(tickets()).toHaveLength(1);
  });

  it('wait for one another', async () => {
    const { handle, tickets, retryOf } = await open();
    const results = await Promise.all([1, 2, 3].map((index) => retryOf(handle(`e${index}`, eventOf({ ...failed, code: `c${index}` })))));
    expect(results.filter((seconds) => seconds === undefined)).toHaveLength(1);
    expect(results.filter((seconds) => seconds === 10)).toHaveLength(2);
    expect(tickets()).toHaveLength(1);
  });
});

describe.each(Object.keys(vendors))('never two tickets in %s', (vendor) => {
  it.each(['lost', 'hang', 'failed-after'] as const)('where the answer to a create is %s: the search waits for its lag', async (mishap) => {
    const { handle, tickets, retryOf, goWrong, later } = await open({ vendor });
    goWrong('POST', mishap);
    const event = eventOf(failed);
    expect(await retryOf(handle('e1', event))).toBe(80);
    // Somebody else's event of the same misconfiguration, before the search can know.
    later(10);
    expect(await retryOf(handle('e2', eventOf({ ...failed, code: 'other' })))).toBe(70);
    later(70);
    expect(await handle('e1', event)).toBe('created');
    expect(tickets()).toMatchObject([{ state: 'open', notes: [] }]);
    expect(await handle('e2', eventOf({ ...failed, code: 'other' }))).toBe('commented');
    expect(tickets()).toHaveLength(1);
  });

  it('where the function crashes between the create and its record', async () => {
    const { handle, tickets, tracker, ports, later, retryOf } = await open({ vendor });
    const crash = new Error('killed');
    const dies = {
      ...tracker,
      create: async (...given: Parameters<typeof tracker.create>) => {
        await tracker.create(...given);
        throw crash;
      },
    };
    await expect(handle('e1', eventOf(failed), { ...ports, trackerFor: () => dies })).rejects.toMatchObject({ cause: crash });
    expect(await retryOf(handle('e1', eventOf(failed)))).toBe(80);
    later(80);
    expect(await handle('e1', eventOf(failed))).toBe('created');
    expect(tickets()).toMatchObject([{ state: 'open', notes: [] }]);
  });

  it('where the table of tickets is lost: the ticket is found by its mark, and goes on', async () => {
    const { tell, tickets, records, later } = await open({ vendor });
    await tell(failed);
    records.records.clear();
    later(60);
    expect(await tell({ ...failed, remediation: '01JDA0000000000000000000B1' })).toBe('commented');
    expect(tickets()).toMatchObject([{ notes: [expect.anything()] }]);
  });

  it('for long, where the search lags more than the policy says: the second is linked to the first, and closed', async () => {
    const { handle, tickets, goWrong, later } = await open({ vendor, standIn: { searchLag: 600_000 } });
    goWrong('POST', 'lost');
    const event = eventOf({ ...failed, time: '2026-11-24T09:00:00.000Z' });
    await expect(handle('e1', event)).rejects.toThrow('not known');
    later(80);
    expect(await handle('e1', event)).toBe('created');
    expect(tickets()).toHaveLength(2);
    later(1000);
    expect(await handle('e2', eventOf({ outcome: 'confirmed', time: '2026-11-24T10:00:00.000Z' }))).toBe('closed');
    const [first, second] = tickets();
    expect([first?.state, second?.state]).toEqual(['closed', 'closed']);
    expect(first?.notes.join()).toMatch(/A duplicate of/);
    expect(second?.notes.join()).toMatch(/is a duplicate, and is closed/);
  });

  it('where nothing was created, another is', async () => {
    const { handle, tickets, goWrong, later, retryOf } = await open({ vendor });
    goWrong('POST', 'throttled', 'reset', 'unavailable');
    expect(await retryOf(handle('e1', eventOf(failed)))).toBe(1);
    expect(await retryOf(handle('e1', eventOf(failed)))).toBe(80);
    later(80);
    expect(await retryOf(handle('e1', eventOf(failed)))).toBe(80);
    later(80);
    expect(await handle('e1', eventOf(failed))).toBe('created');
    expect(tickets()).toHaveLength(1);
  });
});

describe('more misconfigurations than the policy gives tickets', () => {
  const tellOf = (index: number, over: Partial<OutcomeEvent>) => desk.tell({ ...another(index), ...over });
  /** Every event comes back until it is handled. */
  const settle = async (id: string, event: OutcomeEvent) => {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const seconds = await desk.retryOf(desk.handle(id, event));
      if (seconds === undefined) return;
      desk.later(seconds);
    }
    throw new Error(`${id} does not settle.`);
  };

  it.each(Object.keys(vendors))('share one, with a list, in %s', async (vendor) => {
    const { tickets, standIn } = await open({ vendor, tickets: { perHour: 2 } });
    for (const index of [1, 2]) expect(await tellOf(index, failed)).toBe('created');
    expect(await tellOf(3, failed)).toBe('listed');
    // Its list is written once a minute, and each outcome waits until it is there.
    expect(await desk.retryOf(desk.handle('e4', eventOf({ ...another(4), ...failed })))).toBe(60);
    for (const index of [4, 5]) await settle(`e${index}`, eventOf({ ...another(index), ...failed }));
    expect(tickets()).toHaveLength(3);
    const body = () => tickets()[2]?.body ?? '';
    expect(tickets()[2]?.title).toMatch(/Misconfigurations found in the hour/);
    for (const index of [3, 4, 5]) expect(body()).toContain(`other-${index}`);
    expect(body()).toContain('3 open, 0 closed');
    for (const index of [3, 4, 5])
      await settle(`c${index}`, eventOf({ ...another(index), outcome: 'confirmed', time: '2026-11-24T10:00:00.000Z' }));
    expect(body()).toContain('0 open, 3 closed');
    expect(tickets().map(({ state }) => state)).toEqual(['open', 'open', 'closed']);
    await settle('r4', eventOf({ ...another(4), ...failed, time: '2026-11-24T11:00:00.000Z', remediation: '01JDA0000000000000000000B1' }));
    expect(tickets()[2]).toMatchObject({ state: 'open', notes: [expect.anything(), expect.stringContaining('open again')] });
    expect(standIn.violations).toEqual([]);
  });

  it('share one on the first day, and have their own on the second', async () => {
    const { tickets, later } = await open({ tickets: { firstDay: 1 } });
    await tellOf(1, failed);
    expect(await tellOf(2, failed)).toBe('listed');
    expect(tickets()[1]?.title).toMatch(/first 24 hours/);
    later(25 * 3600);
    expect(await tellOf(3, failed)).toBe('created');
    expect(tickets()).toHaveLength(3);
  });
});
