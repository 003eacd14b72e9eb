import { poll, retry } from '../functions/backoff';
import { travelFrom } from './guardrails/travel';

const start = '2026-11-24T12:00:00.000Z';

/** A clock that notes what is slept, and answers given one after the other, the last one for ever. */
function setUp<Answer>(...answers: readonly [Answer, ...Answer[]]) {
  const clock = travelFrom(start);
  const slept: number[] = [];
  let asked = 0;
  return {
    clock: {
      now: clock.now,
      async sleep(milliseconds: number) {
        slept.push(milliseconds);
        await clock.sleep(milliseconds);
      },
    },
    slept,
    asked: () => asked,
    async ask(): Promise<Answer> {
      const answer = answers[Math.min(asked, answers.length - 1)] as Answer;
      asked += 1;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}

const busy = new Error('busy');
const isBusy = (error: unknown) => error === busy;

describe('a poll', () => {
  it('ends with the first answer that is final, without a pause after it', async () => {
    const { clock, slept, ask } = setUp('no', 'no', 'yes');
    expect(await poll(ask, (answer) => answer === 'yes', { clock, pauses: [10, 20, 40] })).toBe('yes');
    expect(slept).toEqual([10, 20]);
  });

  it('gives the last answer when no pause is left, and asks once more than there are pauses', async () => {
    const { clock, slept, ask, asked } = setUp('no');
    expect(await poll(ask, () => false, { clock, pauses: [10, 20] })).toBe('no');
    expect([slept, asked()]).toEqual([[10, 20], 3]);
  });

  it('repeats the last pause until the time is over, and begins nothing after it', async () => {
    const { clock, slept, ask, asked } = setUp('no');
    expect(await poll(ask, () => false, { clock, pauses: [10, 20], within: 70 })).toBe('no');
    expect([slept, asked()]).toEqual([[10, 20, 20, 20], 5]);
  });

  it('counts the time that the answers take', async () => {
    const { clock, slept } = setUp('no');
    const slow = async () => {
      await clock.sleep(25);
      return 'no';
    };
    await poll(slow, () => false, { clock, pauses: [10], within: 69 });
    expect(slept).toEqual([25, 10, 25]);
  });

  it('is not made again after an error', async () => {
    const { clock, ask, asked } = setUp<unknown>(busy);
    await expect(poll(ask, () => false, { clock, pauses: [10] })).rejects.toBe(busy);
    expect(asked()).toBe(1);
  });
});

describe('a retry', () => {
  it('gives the answer once there is one', async () => {
    const { clock, slept, ask } = setUp<unknown>(busy, busy, 'done');
    expect(await retry(ask, isBusy, { clock, pauses: [10, 20, 40] })).toBe('done');
    expect(slept).toEqual([10, 20]);
  });

  it('throws what is not transient at once', async () => {
    const denied = new Error('denied');
    const { clock, slept, ask } = setUp<unknown>(busy, denied, 'done');
    await expect(retry(ask, isBusy, { clock, pauses: [10, 20, 40] })).rejects.toBe(denied);
    expect(slept).toEqual([10]);
  });

  it('throws the last error when no pause is left', async () => {
    const { clock, ask, asked } = setUp<unknown>(busy);
    await expect(retry(ask, isBusy, { clock, pauses: [10, 20] })).rejects.toBe(busy);
    expect(asked()).toBe(3);
  });

  it('spreads its pauses, if it is to, from half to one and a half times as long', async () => {
    const { clock, slept, ask } = setUp<unknown>(busy);
    await expect(retry(ask, isBusy, { clock, pauses: Array(200).fill(100), jitter: true })).rejects.toBe(busy);
    expect(Math.min(...slept)).toBeGreaterThanOrEqual(50);
    expect(Math.max(...slept)).toBeLessThan(150);
    expect(Math.max(...slept) - Math.min(...slept)).toBeGreaterThan(50);
  });
});
