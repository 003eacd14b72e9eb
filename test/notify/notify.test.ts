import type { NotifyResult } from '../../functions/notify/notify';
import { outcomeEvent } from '../../functions/outcomes/outcome-event';
import type { OutcomeEvent } from '../../functions/outcomes/outcome-schema';
import { policy } from '../../functions/policy/policy';
import { useEmulator } from '../emulator/use';
import { told } from '../outcomes/logged';
import { notifyHub } from './central';

const emulator = useEmulator();
const event = (over: Partial<OutcomeEvent> = {}): OutcomeEvent => ({ ...outcomeEvent(told(), policy.parse({})), ...over });
const failed = event({ outcome: 'failed', reason: 'AccessDenied: no.' });

const open = async () => notifyHub(await emulator.account());

describe('who is told', () => {
  it("is the hub's own topic, without any policy", async () => {
    const central = await open();
    const read = await central.topic('posture-notifications');
    expect(await central.tell('e1', failed)).toEqual(['notified']);
    expect(await read()).toMatchObject([{ subject: expect.stringMatching(/^Fix failed: s3-bucket-tls-required/) }]);
  });

  it("is the hub's own topic all the same, where the policy can not be read", async () => {
    const central = await open();
    const read = await central.topic('posture-notifications');
    central.owner(new Error('AppConfig is away'));
    await central.tell('e1', failed);
    expect(await read()).toHaveLength(1);
    expect(central.warnings).toEqual(["The policy can't be read: only the central topic is notified"]);
  });

  it('is the topic of the owner too, and nobody of what needs no person', async () => {
    const central = await open();
    const [read, readPayments, readOthers] = [
      await central.topic('posture-notifications'),
      await central.topic('posture-payments'),
      await central.topic('posture-others'),
    ];
    central.owner({
      notifications: {
        topics: [
          { topic: central.arnOf('posture-payments'), owners: ['pay*'], format: 'chat' },
          { topic: central.arnOf('posture-others'), severities: ['critical'] },
        ],
      },
    });
    await central.tell('e1', event({ owner: 'payments' }));
    await central.tell('e2', event({ owner: 'payments', outcome: 'already-compliant' }));
    await central.tell('e3', event({ owner: 'payments', repeated: true }));
    expect([await read(), await readPayments(), await readOthers()].map(({ length }) => length)).toEqual([1, 1, 0]);
  });

  it('is everybody else, where one topic refuses', async () => {
    const central = await open();
    const read = await central.topic('posture-notifications');
    central.owner({ notifications: { topics: [{ topic: central.arnOf('posture-gone') }] } });
    expect(await central.tell('e1', failed)).toEqual(['notified', 'refused']);
    expect(await read()).toHaveLength(1);
    expect([central.warnings, central.refused]).toEqual([['A topic rejected a message'], ['s3-bucket-tls-required']]);
    expect(await central.tell('e1', failed)).toEqual(['notified-before', 'notified-before']);
  });
});

describe('an event that comes twice', () => {
  it('is told once', async () => {
    const central = await open();
    const read = await central.topic('posture-notifications');
    await central.tell('e1', failed);
    expect(await central.tell('e1', failed)).toEqual(['notified-before']);
    await central.tell('e2', failed);
    expect(await read()).toHaveLength(2);
  });

  it('is told by the next delivery, where a topic was throttled', async () => {
    const central = await open();
    const read = await central.topic('posture-notifications');
    central.owner({ notifications: { topics: [{ topic: central.arnOf('posture-busy') }] } });
    const readBusy = await central.topic('posture-busy');
    const throttled = Object.assign(new Error('Slow down.'), { name: 'ThrottlingException' });
    const first = central.tell('e1', failed, {
      publish: async (topic, message) => {
        if (topic.endsWith('busy')) throw throttled;
        await central.ports.publish(topic, message);
      },
    });
    await expect(first).rejects.toThrow('1 of 2 topics were not notified: ThrottlingException: Slow down.');
    expect(await central.tell('e1', failed)).toEqual(['notified-before', 'notified']);
    expect([await read(), await readBusy()].map(({ length }) => length)).toEqual([1, 1]);
  });

  it('is told once the instance that began it is surely dead', async () => {
    const central = await open();
    const read = await central.topic('posture-notifications');
    await central.ports.once.begin('e1', central.ports.centralTopic);
    await expect(central.tell('e1', failed)).rejects.toThrow('Another instance is notifying');
    central.set('2026-11-24T09:02:01.000Z');
    expect(await central.tell('e1', failed)).toEqual(['notified']);
    expect(await read()).toHaveLength(1);
  });

  it('is told once a day, where only the finding came again and nothing is new', async () => {
    const central = await open();
    const read = await central.topic('posture-notifications');
    const unfixable = event({ outcome: 'unfixable' });
    expect(await central.tell('e1', unfixable)).toEqual(['notified']);
    expect(await central.tell('e2', { ...unfixable, remediation: '01JDA0000000000000000000AC' })).toEqual(['notified-before']);
    expect(await central.tell('e3', { ...unfixable, resource: { ...unfixable.resource, arn: 'arn:aws:s3:::other' } })).toEqual([
      'notified',
    ]);
    central.set('2026-11-25T09:01:00.000Z');
    expect(await central.tell('e4', unfixable)).toEqual(['notified']);
    expect(await read()).toHaveLength(3);
  });
});

describe('a storm', () => {
  it('of 200 events in a minute gives ten messages and one digest, and the next minute begins anew', async () => {
    const central = await open();
    const read = await central.topic('posture-notifications');
    const storm = Array.from({ length: 200 }, (_, index) =>
      event({ outcome: index % 4 === 0 ? 'failed' : 'fixed', resource: { arn: `arn:aws:s3:::bucket-${index}`, type: 'AWS::S3::Bucket' } }),
    );
    const results: (readonly NotifyResult[])[] = [];
    for (let from = 0; from < 200; from += 40) {
      results.push(...(await Promise.all(storm.slice(from, from + 40).map((one, index) => central.tell(`e${from + index}`, one)))));
    }
    expect(results.flat().filter((one) => one === 'notified')).toHaveLength(10);
    expect(results.flat().filter((one) => one === 'in-digest')).toHaveLength(190);
    expect(await read()).toHaveLength(10);

    const [schedule, ...others] = await central.schedules.list();
    expect(others).toEqual([]);
    expect(schedule).toMatchObject({ group: 'posture', at: new Date('2026-11-24T09:01:10.000Z'), deletedAfterwards: true });
    expect(schedule?.undelivered).toMatch(/:posture-undelivered$/);
    expect(schedule?.name).toMatch(/^notify-[0-9a-f]{16}$/);

    central.set('2026-11-24T09:01:20.000Z');
    expect(await central.tell('next', failed)).toEqual(['notified']);
    await central.fire();
    const [, digest, ...more] = await read();
    expect(more).toEqual([]);
    expect(digest?.subject).toBe('190 more outcomes in the minute of 2026-11-24T09:00 UTC');
    const counts = [...(digest?.body.matchAll(/^ +(\d+) {2}s3-bucket-tls-required (\w+)$/gm) ?? [])].map(([, count]) => Number(count));
    expect(counts.reduce((a, b) => a + b, 0)).toBe(190);
    expect(digest?.body.match(/^ {2}\d\d:\d\d:\d\d .+ arn:aws:s3:::bucket-\d+ \(\w+\)$/gm)).toHaveLength(20);

    expect(await central.tell('e199', storm[199] as OutcomeEvent)).toEqual(['notified-before']);
  });

  it('gives one digest, also where the reminder comes twice, or its first attempt fails', async () => {
    const central = await open();
    const read = await central.topic('posture-notifications');
    central.owner({ notifications: { perMinute: 1 } });
    await central.tell('e1', failed);
    await central.tell('e2', failed);
    const [schedule] = await central.schedules.list();
    const reminder = JSON.parse(schedule?.input ?? '');
    central.set('2026-11-24T09:01:20.000Z');
    const { sendDigest } = await import('../../functions/notify/notify');
    const throttled = Object.assign(new Error('Slow down.'), { name: 'ThrottlingException' });
    await expect(sendDigest(reminder, { ...central.ports, publish: async () => Promise.reject(throttled) })).rejects.toThrow('Slow down.');
    expect(await sendDigest(reminder, central.ports)).toBe('notified');
    expect(await sendDigest(reminder, central.ports)).toBe('notified-before');
    expect((await read()).map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/^Fix failed/),
      '1 more outcomes in the minute of 2026-11-24T09:00 UTC',
    ]);
  });

  it('is on record from its first event on, though the scheduler was away', async () => {
    const central = await open();
    await central.topic('posture-notifications');
    central.owner({ notifications: { perMinute: 1 } });
    await central.tell('e1', failed);
    const away = { remind: async () => Promise.reject(new Error('The scheduler is away.')) };
    await expect(central.tell('e2', failed, away)).rejects.toThrow('The scheduler is away.');
    expect(await central.tell('e2', failed)).toEqual(['in-digest']);
    expect(await central.schedules.list()).toHaveLength(1);
  });

  it('that goes on after the digest was made is told in the minute that it is', async () => {
    const central = await open();
    const read = await central.topic('posture-notifications');
    central.owner({ notifications: { perMinute: 1 } });
    await central.tell('e1', failed);
    await central.tell('e2', failed);
    await central.ports.storm.close(central.ports.centralTopic, '2026-11-24T09:00');
    const storm = central.stormAt('2026-11-24T09:00:59.999Z', '2026-11-24T09:01:20.000Z');
    expect(await central.tell('e3', failed, { storm })).toEqual(['notified']);
    expect(await read()).toHaveLength(2);
  });
});
