import type { Telling } from '../../functions/notify/notify';
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
    const hub = await open();
    const read = await hub.topic('posture-notifications');
    expect(await hub.tell('e1', failed)).toEqual(['told']);
    expect(await read()).toMatchObject([{ subject: expect.stringMatching(/^The fix failed: s3-bucket-tls-required/) }]);
  });

  it("is the hub's own topic all the same, where the policy can not be read", async () => {
    const hub = await open();
    const read = await hub.topic('posture-notifications');
    hub.owner(new Error('AppConfig is away'));
    await hub.tell('e1', failed);
    expect(await read()).toHaveLength(1);
    expect(hub.warnings).toEqual(["The policy can't be read: the hub's own topic alone is told"]);
  });

  it('is the topic of the owner too, and nobody of what needs no person', async () => {
    const hub = await open();
    const [read, readPayments, readOthers] = [
      await hub.topic('posture-notifications'),
      await hub.topic('posture-payments'),
      await hub.topic('posture-others'),
    ];
    hub.owner({
      notifications: {
        topics: [
          { topic: hub.arnOf('posture-payments'), owners: ['pay*'], format: 'chat' },
          { topic: hub.arnOf('posture-others'), severities: ['critical'] },
        ],
      },
    });
    await hub.tell('e1', event({ owner: 'payments' }));
    await hub.tell('e2', event({ owner: 'payments', outcome: 'already-compliant' }));
    await hub.tell('e3', event({ owner: 'payments', repeated: true }));
    expect([await read(), await readPayments(), await readOthers()].map(({ length }) => length)).toEqual([1, 1, 0]);
  });

  it('is everybody else, where one topic refuses', async () => {
    const hub = await open();
    const read = await hub.topic('posture-notifications');
    hub.owner({ notifications: { topics: [{ topic: hub.arnOf('posture-gone') }] } });
    expect(await hub.tell('e1', failed)).toEqual(['told', 'refused']);
    expect(await read()).toHaveLength(1);
    expect([hub.warnings, hub.refused]).toEqual([['A topic does not take messages'], ['s3-bucket-tls-required']]);
    expect(await hub.tell('e1', failed)).toEqual(['told-before', 'told-before']);
  });
});

describe('an event that comes twice', () => {
  it('is told once', async () => {
    const hub = await open();
    const read = await hub.topic('posture-notifications');
    await hub.tell('e1', failed);
    expect(await hub.tell('e1', failed)).toEqual(['told-before']);
    await hub.tell('e2', failed);
    expect(await read()).toHaveLength(2);
  });

  it('is told by the next delivery, where a topic was throttled', async () => {
    const hub = await open();
    const read = await hub.topic('posture-notifications');
    hub.owner({ notifications: { topics: [{ topic: hub.arnOf('posture-busy') }] } });
    const readBusy = await hub.topic('posture-busy');
    const throttled = Object.assign(new Error('Slow down.'), { name: 'ThrottlingException' });
    const first = hub.tell('e1', failed, {
      publish: async (topic, message) => {
        if (topic.endsWith('busy')) throw throttled;
        await hub.tools.publish(topic, message);
      },
    });
    await expect(first).rejects.toThrow('1 of 2 topics were not told: ThrottlingException: Slow down.');
    expect(await hub.tell('e1', failed)).toEqual(['told-before', 'told']);
    expect([await read(), await readBusy()].map(({ length }) => length)).toEqual([1, 1]);
  });

  it('is told once the instance that began it is surely dead', async () => {
    const hub = await open();
    const read = await hub.topic('posture-notifications');
    await hub.tools.once.begin('e1', hub.tools.hubTopic);
    await expect(hub.tell('e1', failed)).rejects.toThrow('Another instance is about to tell');
    hub.set('2026-11-24T09:02:01.000Z');
    expect(await hub.tell('e1', failed)).toEqual(['told']);
    expect(await read()).toHaveLength(1);
  });

  it('is told once a day, where only the finding came again and nothing is new', async () => {
    const hub = await open();
    const read = await hub.topic('posture-notifications');
    const unfixable = event({ outcome: 'unfixable' });
    expect(await hub.tell('e1', unfixable)).toEqual(['told']);
    expect(await hub.tell('e2', { ...unfixable, remediation: '01JDA0000000000000000000AC' })).toEqual(['told-before']);
    expect(await hub.tell('e3', { ...unfixable, resource: { ...unfixable.resource, arn: 'arn:aws:s3:::other' } })).toEqual(['told']);
    hub.set('2026-11-25T09:01:00.000Z');
    expect(await hub.tell('e4', unfixable)).toEqual(['told']);
    expect(await read()).toHaveLength(3);
  });
});

describe('a storm', () => {
  it('of 200 events in a minute gives ten messages and one digest, and the next minute begins anew', async () => {
    const hub = await open();
    const read = await hub.topic('posture-notifications');
    const storm = Array.from({ length: 200 }, (_, index) =>
      event({ outcome: index % 4 === 0 ? 'failed' : 'fixed', resource: { arn: `arn:aws:s3:::bucket-${index}`, type: 'AWS::S3::Bucket' } }),
    );
    const tellings: (readonly Telling[])[] = [];
    for (let from = 0; from < 200; from += 40) {
      tellings.push(...(await Promise.all(storm.slice(from, from + 40).map((one, index) => hub.tell(`e${from + index}`, one)))));
    }
    expect(tellings.flat().filter((one) => one === 'told')).toHaveLength(10);
    expect(tellings.flat().filter((one) => one === 'in-digest')).toHaveLength(190);
    expect(await read()).toHaveLength(10);

    const [schedule, ...others] = await hub.schedules.list();
    expect(others).toEqual([]);
    expect(schedule).toMatchObject({ group: 'posture', at: new Date('2026-11-24T09:01:10.000Z'), deletedAfterwards: true });
    expect(schedule?.undelivered).toMatch(/:posture-undelivered$/);
    expect(schedule?.name).toMatch(/^notify-[0-9a-f]{16}$/);

    hub.set('2026-11-24T09:01:20.000Z');
    expect(await hub.tell('next', failed)).toEqual(['told']);
    await hub.fire();
    const [, digest, ...more] = await read();
    expect(more).toEqual([]);
    expect(digest?.subject).toBe('190 more in the minute of 2026-11-24T09:00 UTC');
    const counts = [...(digest?.body.matchAll(/^ +(\d+) {2}s3-bucket-tls-required (\w+)$/gm) ?? [])].map(([, count]) => Number(count));
    expect(counts.reduce((a, b) => a + b, 0)).toBe(190);
    expect(digest?.body.match(/^ {2}\d\d:\d\d:\d\d .+ arn:aws:s3:::bucket-\d+ \(\w+\)$/gm)).toHaveLength(20);

    expect(await hub.tell('e199', storm[199] as OutcomeEvent)).toEqual(['told-before']);
  });

  it('gives one digest, also where the reminder comes twice, or its first telling fails', async () => {
    const hub = await open();
    const read = await hub.topic('posture-notifications');
    hub.owner({ notifications: { perMinute: 1 } });
    await hub.tell('e1', failed);
    await hub.tell('e2', failed);
    const [schedule] = await hub.schedules.list();
    const reminder = JSON.parse(schedule?.input ?? '');
    hub.set('2026-11-24T09:01:20.000Z');
    const { tellDigest } = await import('../../functions/notify/notify');
    const throttled = Object.assign(new Error('Slow down.'), { name: 'ThrottlingException' });
    await expect(tellDigest(reminder, { ...hub.tools, publish: async () => Promise.reject(throttled) })).rejects.toThrow('Slow down.');
    expect(await tellDigest(reminder, hub.tools)).toBe('told');
    expect(await tellDigest(reminder, hub.tools)).toBe('told-before');
    expect((await read()).map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/^The fix failed/),
      '1 more in the minute of 2026-11-24T09:00 UTC',
    ]);
  });

  it('is on record from its first event on, though the scheduler was away', async () => {
    const hub = await open();
    await hub.topic('posture-notifications');
    hub.owner({ notifications: { perMinute: 1 } });
    await hub.tell('e1', failed);
    const away = { remind: async () => Promise.reject(new Error('The scheduler is away.')) };
    await expect(hub.tell('e2', failed, away)).rejects.toThrow('The scheduler is away.');
    expect(await hub.tell('e2', failed)).toEqual(['in-digest']);
    expect(await hub.schedules.list()).toHaveLength(1);
  });

  it('that goes on after the digest was made is told in the minute that it is', async () => {
    const hub = await open();
    const read = await hub.topic('posture-notifications');
    hub.owner({ notifications: { perMinute: 1 } });
    await hub.tell('e1', failed);
    await hub.tell('e2', failed);
    await hub.tools.storm.close(hub.tools.hubTopic, '2026-11-24T09:00');
    const storm = hub.stormAt('2026-11-24T09:00:59.999Z', '2026-11-24T09:01:20.000Z');
    expect(await hub.tell('e3', failed, { storm })).toEqual(['told']);
    expect(await read()).toHaveLength(2);
  });
});
