import { markOf } from '../../functions/ticket-records/mark';
import { pagerDuty } from '../../functions/tickets/pager-duty';
import type { TicketPorts } from '../../functions/tickets/ports';
import type { Secret } from '../../functions/tickets/secret';
import { slackChannel } from '../../functions/tickets/slack';
import { slackRecord, tellChannels } from '../../functions/tickets/tell-channels';
import { eventOf, openDesk } from './desk';
import { type PagerDutyServer, startPagerDuty } from './stand-ins/pager-duty';
import { type Slack, startSlack } from './stand-ins/slack';

const secretOf = (credentials: Readonly<Record<string, string>>): Secret => ({
  read: async () => credentials,
  refused: () => false,
  seen: () => Object.values(credentials),
});

let slack: Slack;
let pager: PagerDutyServer;
let desk: Awaited<ReturnType<typeof openDesk>>;
let ports: TicketPorts;
let number = 0;
beforeEach(async () => {
  let now = 0;
  slack = await startSlack({ token: 'xoxb-token', now: () => now });
  pager = await startPagerDuty({ routingKey: 'routing-key', now: () => now });
  desk = await openDesk({
    tickets: {
      answers: { secret: 'posture/answers', operators: [{ person: 'arn:aws:iam::111122223333:user/ada', slack: 'U012AB3CD' }] },
      slack: { workspace: 'T012AB3CD', channel: 'C012AB3CD', secret: 'posture/slack', url: slack.url },
      pagerDuty: { secret: 'posture/pager', url: pager.url, severities: ['critical', 'high', 'medium'] },
    },
  });
  now = desk.ports.clock.now().getTime();
  ports = {
    ...desk.ports,
    slackFor: (settings) => slackChannel(settings, secretOf({ token: 'xoxb-token' }), 1000),
    pagerDutyFor: (settings) => pagerDuty(settings, secretOf({ routingKey: 'routing-key' }), 1000),
  };
});
afterEach(async () => {
  expect([slack.violations, pager.violations]).toEqual([[], []]);
  await Promise.all([slack.stop(), pager.stop(), desk.standIn.stop()]);
});

const approval = { hash: 'a'.repeat(64), expires: '2026-12-01T09:00:00.000Z' };
const tell = (over: Parameters<typeof eventOf>[0], name?: string) => {
  desk.later(60);
  number += 1;
  const id = name ?? `event-${number}`;
  return tellChannels(id, eventOf({ time: desk.ports.clock.now().toISOString(), ...over }), ports);
};
interface Block {
  readonly type: string;
  readonly elements?: readonly { readonly value: string }[];
}
const buttonsOf = (index: number) =>
  ((slack.messages[index]?.blocks ?? []) as readonly Block[])
    .filter(({ type }) => type === 'actions')
    .flatMap(({ elements = [] }) => elements.map(({ value }) => value));

describe('a Slack channel', () => {
  it('gets each plan that awaits approval, with buttons that name it, which are removed when it was answered', async () => {
    expect(await tell({ outcome: 'awaiting-approval', approval })).toMatchObject({ slack: 'told' });
    const mark = markOf(eventOf());
    expect(buttonsOf(0)).toEqual([`${mark} ${approval.hash}`, `${mark} ${approval.hash}`]);
    expect(desk.records.records.get(slackRecord(mark))).toMatchObject({ id: slack.messages[0]?.ts, waits: { plan: approval.hash } });
    expect(await tell({ outcome: 'approved' })).toMatchObject({ slack: 'told' });
    expect([buttonsOf(0), slack.messages.length]).toEqual([[], 1]);
    expect(await tell({ outcome: 'fixed' })).toMatchObject({ slack: 'nothing' });
  });

  it('gets another message for another plan, and the first one loses its buttons', async () => {
    await tell({ outcome: 'awaiting-approval', approval });
    expect(await tell({ outcome: 'awaiting-approval', approval })).toMatchObject({ slack: 'nothing' });
    await tell({ outcome: 'awaiting-approval', approval: { ...approval, hash: 'b'.repeat(64) } });
    expect([buttonsOf(0), buttonsOf(1).length, slack.messages.length]).toEqual([[], 2, 2]);
  });

  it('gets no buttons where no answer is received', async () => {
    const { answers: _, ...without } = (await desk.ports.policy()).tickets as NonNullable<
      Awaited<ReturnType<TicketPorts['policy']>>['tickets']
    >;
    desk.policy(without);
    await tell({ outcome: 'awaiting-approval', approval });
    expect([slack.messages.length, buttonsOf(0)]).toEqual([1, []]);
  });

  it('shows the texts of a finding as they are: none mentions or links anything', async () => {
    const arn = 'arn:aws:s3:::<!channel> <https://evil.example|x> *b*';
    await tell({ outcome: 'awaiting-approval', approval, resource: { arn, type: 'AWS::S3::Bucket' } });
    const [message] = slack.messages;
    expect(message?.text).not.toMatch(/<!channel>|https:\/\/evil/);
    const types = JSON.stringify(message?.blocks).match(/"(plain_text|mrkdwn)"/g);
    expect(new Set(types)).toEqual(new Set(['"plain_text"']));
    expect(JSON.stringify(message?.blocks)).not.toContain('https://evil');
  });

  it('says what is wrong with its credentials, and is told again when they are accepted', async () => {
    slack.expired = true;
    await expect(tell({ outcome: 'awaiting-approval', approval }, 'again')).rejects.toMatchObject({
      failure: 'unauthorized',
      message: 'Slack, chat.postMessage: token_revoked.',
    });
    slack.expired = false;
    expect(await tell({ outcome: 'awaiting-approval', approval }, 'again')).toMatchObject({ slack: 'told' });
  });
});

describe('a PagerDuty service', () => {
  const states = () => [...pager.incidents.values()];

  it('gets one incident for a misconfiguration: triggered, acknowledged when it is approved, and resolved', async () => {
    expect(await tell({ outcome: 'awaiting-approval', approval })).toMatchObject({ pagerDuty: 'told' });
    expect([...pager.incidents]).toEqual([[markOf(eventOf()), 'triggered']]);
    await tell({ outcome: 'approved' });
    expect(states()).toEqual(['acknowledged']);
    expect(await tell({ outcome: 'fixed' })).toMatchObject({ pagerDuty: 'nothing' });
    await tell({ outcome: 'confirmed' });
    expect(states()).toEqual(['resolved']);
    await tell({ outcome: 'failed' });
    expect(states()).toEqual(['triggered']);
  });

  it('gets nothing for other severities, and nothing twice', async () => {
    const { rule } = eventOf();
    expect(await tell({ outcome: 'failed', rule: { ...rule, severity: 'low' } })).toMatchObject({ pagerDuty: 'nothing' });
    await tell({ outcome: 'failed' }, 'once');
    expect(await tell({ outcome: 'failed' }, 'once')).toMatchObject({ pagerDuty: 'handled-before' });
    expect(pager.calls).toEqual(['POST /v2/enqueue 202']);
  });

  it('is not triggered by what is older than what it knows', async () => {
    await tell({ outcome: 'failed' });
    await tell({ outcome: 'confirmed' });
    expect(await tell({ outcome: 'failed', time: '2026-11-24T09:00:30.000Z' })).toMatchObject({ pagerDuty: 'outdated' });
    expect(states()).toEqual(['resolved']);
  });

  it('says that its key is wrong, without a word of it', async () => {
    const wrong = { ...ports, pagerDutyFor: () => pagerDuty({ url: pager.url } as never, secretOf({ routingKey: 'a-wrong-key' }), 1000) };
    const event = eventOf({ outcome: 'failed', time: desk.ports.clock.now().toISOString() });
    await expect(tellChannels('w', event, wrong)).rejects.toThrow(
      'PagerDuty, POST /v2/enqueue: 400: Event object is invalid: Invalid routing key.',
    );
  });

  it.each(['throttled', 'unavailable', 'lost'] as const)('is told again where it is %s, and has one incident', async (mishap) => {
    let isFirst = true;
    pager.mishaps = () => {
      const is = isFirst;
      isFirst = false;
      return is ? mishap : undefined;
    };
    await expect(tell({ outcome: 'failed' }, 'again')).rejects.toMatchObject({ name: 'TrackerError' });
    await tell({ outcome: 'failed' }, 'again');
    expect(states()).toEqual(['triggered']);
  });
});

describe('a message of Slack that somebody deleted', () => {
  it('keeps the next plan from nobody', async () => {
    await tell({ outcome: 'awaiting-approval', approval });
    slack.messages.splice(0);
    expect(await tell({ outcome: 'awaiting-approval', approval: { ...approval, hash: 'b'.repeat(64) } })).toMatchObject({ slack: 'told' });
    expect(slack.messages).toHaveLength(1);
    slack.messages.splice(0);
    expect(await tell({ outcome: 'fixed' })).toMatchObject({ slack: 'told' });
  });
});

it('an incident of PagerDuty has no link of somebody else', async () => {
  const evil = 'see https://evil.example and www.evil.example';
  await tell({ outcome: 'failed', reason: evil, resource: { arn: `arn:aws:s3:::${evil}`, type: 'AWS::S3::Bucket' } });
  expect(JSON.stringify(pager.events)).toContain('evil.example');
  expect(JSON.stringify(pager.events)).not.toMatch(/:\/\/evil|www\.evil/);
});
