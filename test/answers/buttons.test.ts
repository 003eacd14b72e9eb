import type { Reply } from '../../functions/control/reply';
import { markOf } from '../../functions/ticket-records/mark';
import { slackChannel } from '../../functions/tickets/slack';
import { tellChannels } from '../../functions/tickets/tell-channels';
import { eventOf } from '../tickets/desk';
import { type Slack, startSlack } from '../tickets/stand-ins/slack';
import { type Answering, openAnswering } from './answering';
import { pressed, signed } from './signed';

const plan = 'a'.repeat(64);
const approval = { hash: plan, expires: '2026-12-01T09:00:00.000Z' };
const mark = markOf(eventOf());
const value = `${mark} ${plan}`;
const ada = 'U012AB3CD';
const member = { id: ada, team_id: 'T012AB3CD', deleted: false, is_bot: false, is_restricted: false };

let slack: Slack;
let desk: Answering;
let reply: Reply;
beforeEach(async () => {
  reply = { done: true, reason: 'Approved.' };
  slack = await startSlack({ token: 'xoxb-token', now: () => desk.now() });
  slack.members.push(member);
  desk = await openAnswering({
    tickets: { slack: { workspace: 'T012AB3CD', channel: 'C012AB3CD', secret: 'posture/slack', url: slack.url } },
    people: [{ person: 'arn:aws:iam::111122223333:user/ada', slack: ada }],
    ask: async () => reply,
  });
  const secret = { read: async () => ({ token: 'xoxb-token' }), refused: () => false, seen: () => [] };
  Object.assign(desk.answerPorts, { slackFor: (settings: Parameters<typeof slackChannel>[0]) => slackChannel(settings, secret, 1000) });
  await ask('event-1');
});
afterEach(async () => {
  expect(slack.violations).toEqual([]);
  await Promise.all([slack.stop(), desk.standIn.stop()]);
});

const ask = (id: string, hash = plan) =>
  tellChannels(id, eventOf({ outcome: 'awaiting-approval', approval: { ...approval, hash }, time: new Date(desk.now()).toISOString() }), {
    ...desk.ports,
    slackFor: desk.answerPorts.slackFor,
  }).finally(() => desk.later(120));
const press = (over: Partial<Parameters<typeof pressed>[0]> = {}, signature: object = {}) => {
  const body = pressed({ user: ada, order: 'approve', value, message: slack.messages[0]?.ts ?? '?', now: desk.now(), ...over });
  return desk.receive(signed({ sender: 'slack', body, now: desk.now(), ...signature }));
};
const threads = () => slack.messages.filter(({ thread_ts }) => thread_ts !== undefined).map(({ text }) => text);

describe('a button in Slack', () => {
  it('approves and rejects the plan of its message, in the name of the member who pressed it', async () => {
    expect([await press(), await press({ order: 'reject' })]).toEqual(['queued', 'queued']);
    expect(await desk.work()).toMatchObject([{ result: 'done' }, { result: 'done' }]);
    expect(desk.asked).toEqual([
      expect.objectContaining({ by: `slack:T012AB3CD/${ada}`, order: 'approve', plan, where: `Slack, message ${slack.messages[0]?.ts}` }),
      expect.objectContaining({ by: `slack:T012AB3CD/${ada}`, order: 'reject', plan, why: 'rejected with the button' }),
    ]);
    expect(threads()).toEqual([]);
  });

  it.each([
    ['is not signed', {}, { headers: { 'x-slack-signature': 'v0=00' } }, 'wrong-signature'],
    ['is signed with the secret of the tracker', {}, { secret: 'another-secret-of-the-tracker' }, 'wrong-signature'],
    ['is six minutes old', {}, { time: Date.parse('2026-11-24T08:56:00Z') / 1000 }, 'old-timestamp'],
    ['is not ours', { value: 'something else' }, {}, 'ignored'],
    ['names no hash', { value: `${mark} yes` }, {}, 'ignored'],
  ])('that %s is not handed on', async (_, over, signature, received) => {
    expect(await press(over, signature)).toBe(received);
    expect(desk.queue).toEqual([]);
  });

  it('that is pressed again is handled again only by a new click', async () => {
    expect([await press(), await press()]).toEqual(['queued', 'replayed']);
  });

  it.each([
    ['of another workspace', { workspace: 'T999' }, 'other-site'],
    ['of another channel', { channel: 'C999' }, 'other-site'],
    ['about another misconfiguration', { value: `posture-0000000000000000 ${plan}` }, 'not-ours'],
  ])('%s is ignored', async (_, over, code) => {
    await press(over);
    expect(await desk.work()).toEqual([{ result: 'ignored', code }]);
    expect(desk.asked).toEqual([]);
  });

  it('of an earlier message, or of one that is not ours, approves nothing, and the thread says where to answer', async () => {
    const first = slack.messages[0]?.ts ?? '?';
    await ask('event-2', 'b'.repeat(64));
    for (const message of [first, '1795510800.999999']) await press({ message });
    expect(await desk.work()).toMatchObject([
      { result: 'refused', code: 'elsewhere' },
      { result: 'refused', code: 'elsewhere' },
    ]);
    expect(threads()).toEqual(
      Array(2).fill('This answer does not count. The misconfiguration is handled in a newer message. Answer there.'),
    );
    expect(desk.asked).toEqual([]);
  });

  it.each([
    ['left the workspace', { ...member, deleted: true }],
    ['is a guest', { ...member, is_restricted: true }],
    ['is a bot', { ...member, is_bot: true }],
    ['is of another workspace', { ...member, team_id: 'T999' }],
  ])('of somebody who %s does not count, and the thread says why', async (_, one) => {
    slack.members.splice(0, 1, one);
    await press();
    expect(await desk.work()).toMatchObject([{ result: 'refused', code: 'unknown-user' }]);
    expect([desk.asked, threads()]).toEqual([[], [expect.stringContaining('This answer does not count.')]]);
  });

  it('waits while Slack is down, and tells what the control function refuses', async () => {
    await press();
    slack.mishaps = () => 'unavailable';
    expect(await desk.work()).toMatchObject([{ failure: 'unavailable' }]);
    slack.mishaps = () => undefined;
    reply = { done: false, refused: 'forbidden', code: 'not-an-approver', reason: 'Nobody knows this member.' };
    expect(await desk.work()).toMatchObject([{ result: 'refused', code: 'not-an-approver' }]);
    expect(threads()).toEqual(['This answer does not count. Nobody knows this member.']);
  });
});
