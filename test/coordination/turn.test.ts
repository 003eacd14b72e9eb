import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { keys } from '../../functions/coordination/keys';
import { nextTurn, type Queue } from '../../functions/coordination/queue';
import { dynamoTurns } from '../../functions/coordination/turn';
import { createTables } from '../cli/central';
import { useEmulator } from '../emulator/use';
import { travelFrom } from '../guardrails/travel';

const hour = 3_600_000;
const noon = new Date('2026-11-24T12:00:00Z');

/**
 * How a backlog ends: `count` findings at `from`, each of which tries, takes a turn if the hour is full, and tries again when it comes. The
 * delivery is up to a minute late.
 */
function simulate(count: number, max: number, more: readonly Date[] = []) {
  const queue: Queue = { of: 'all', period: 'hour', max };
  const used = new Map<number, number>();
  const due = [...Array.from({ length: count }, () => noon.getTime()), ...more.map((at) => at.getTime())].map((at) => ({ at, tries: 0 }));
  let ends: number | undefined;
  let tries = 0;
  let end = 0;
  let most = 0;
  while (due.length > 0) {
    due.sort((a, b) => b.at - a.at);
    const next = due.pop() as (typeof due)[number];
    tries += 1;
    next.tries += 1;
    most = Math.max(most, next.tries);
    const period = Math.floor(next.at / hour);
    const so = used.get(period) ?? 0;
    if (so < max) {
      used.set(period, so + 1);
      end = Math.max(end, next.at);
      continue;
    }
    const turn = nextTurn(queue, ends, new Date(next.at));
    ends = turn.start + turn.step;
    due.push({ at: turn.at.getTime() + ((tries * 7919) % 60_000), tries: next.tries });
  }
  return { tries, most, hours: (end - noon.getTime()) / hour, used: [...used.values()] };
}

describe('a backlog under a limit', () => {
  it('of 3,000 findings at 400 an hour ends after eight hours, with two tries for each that has to wait', () => {
    const { tries, most, hours, used } = simulate(3000, 400);
    expect(hours).toBeLessThan(8);
    expect(Math.max(...used)).toBe(400);
    // 400 at once, and 2,600 a second time.
    expect(tries).toBe(5600);
    expect(most).toBe(2);
  });

  it('also where other findings come meanwhile, and take the room of some', () => {
    const more = Array.from({ length: 800 }, (_, index) => new Date(noon.getTime() + hour + index * 30_000));
    const { tries, hours } = simulate(3000, 400, more);
    expect(hours).toBeLessThan(11);
    expect(tries).toBeLessThan(2.5 * 3800);
  });

  it('uses each hour, but for its last minutes', () => {
    const queue: Queue = { of: 'all', period: 'hour', max: 3 };
    const turns: string[] = [];
    let ends: number | undefined;
    for (let turn = 0; turn < 4; turn += 1) {
      const { at, start, step } = nextTurn(queue, ends, noon);
      ends = start + step;
      turns.push(at.toISOString().slice(11, 19));
    }
    expect(turns).toEqual(['13:00:05', '13:19:23', '13:38:41', '14:00:05']);
  });
});

const emulator = useEmulator();

async function turnsOf() {
  const account = await emulator.account();
  await createTables(account);
  const clock = travelFrom(noon.toISOString());
  const client = account.client(DynamoDBClient);
  return { turns: dynamoTurns(client, 'posture-coordination', clock), clock, client };
}

const all: Queue = { of: 'all', period: 'hour', max: 60 };

describe('turns', () => {
  it('are each given once, also to many at the same time', async () => {
    const { turns } = await turnsOf();
    const given = await Promise.all(Array.from({ length: 40 }, () => turns.take([all])));
    expect(new Set(given.map((at) => at?.getTime())).size).toBe(40);
    expect(
      given
        .map((at) => at?.toISOString() ?? '')
        .toSorted()
        .at(-1),
    ).toMatch(/^2026-11-24T13:3\d/);
  });

  it('begin anew when the queue is over', async () => {
    const { turns, clock } = await turnsOf();
    await turns.take([all]);
    clock.goTo('2026-11-25T12:30:00Z');
    expect(await turns.take([all])).toEqual(new Date('2026-11-25T13:00:05Z'));
  });

  it('are taken in the longest queue alone', async () => {
    const { turns } = await turnsOf();
    const rule: Queue = { of: 'rule r', period: 'hour', max: 1 };
    for (let turn = 0; turn < 3; turn += 1) await turns.take([rule]);
    expect(await turns.take([rule, all])).toEqual(new Date('2026-11-24T16:00:05Z'));
    expect(await turns.take([all])).toEqual(new Date('2026-11-24T13:00:05Z'));
  });

  it('are none where the queue is longer than a week, whoever made it so', async () => {
    const { turns, client } = await turnsOf();
    const ends = { N: String(Date.parse('2100-01-01T00:00:00Z')) };
    await client.send(new PutItemCommand({ TableName: 'posture-coordination', Item: { key: { S: keys.queue('all', 'hour') }, ends } }));
    expect(await turns.take([all])).toBeUndefined();
  });
});
