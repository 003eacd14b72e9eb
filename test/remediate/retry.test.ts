import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { type ApplyOptions, apply } from '../../functions/remediate/apply';
import type { Change } from '../../rules/rule';

const command = (Bucket = 'records') => new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
const early = Object.assign(new Error('Unable to assume given IAM role'), {
  name: 'InvalidParameter',
  $metadata: { httpStatusCode: 400, attempts: 1 },
});

/** Applies one change that AWS answers with this error so many times. */
async function applied(over: Partial<Change>, failures: number) {
  const slept: number[] = [];
  let sent = 0;
  const change = { do: command(), undo: command(), ...over } as Change;
  const work = {
    aws: {
      async send() {
        sent += 1;
        if (sent <= failures) throw early;
      },
    },
    clock: { now: () => new Date(0), sleep: async (milliseconds: number) => void slept.push(milliseconds) },
    rule: {},
    before: {},
    inspectAndPlan: async () => ({ state: {}, plan: [change] }),
  } as unknown as ApplyOptions;
  return { ...(await apply([change], work)), sent, slept };
}

it('a change that waits until AWS knows an earlier one is sent again, a little later each time', async () => {
  expect(await applied({ retryOn: ['InvalidParameter'] }, 3)).toEqual({
    result: 'applied',
    effects: ['accepted'],
    sent: 4,
    slept: [1000, 2000, 4000],
  });
});

it('it has failed after half a minute', async () => {
  const failed = await applied({ retryOn: ['InvalidParameter'] }, 99);
  expect(failed).toMatchObject({ result: 'not-made', effects: ['not-made'], error: early, sent: 6 });
  expect(failed.slept.reduce((all, one) => all + one, 0)).toBe(30_000);
});

it.each([
  ['the previous state', {}, 'The state of the resource is the same as before.'],
  ['only a state near to the previous one', { near: true }, 'The state of the resource is as close to the previous state as AWS allows.'],
])('tells whether the changes before a failed one were reverted to %s', async (_, state, stands) => {
  const [first, second] = [command('one'), command('two')];
  const aws = { send: async (sent: object) => (sent === second ? Promise.reject(early) : {}) };
  const last = { do: second, undo: command('two') };
  const changes = [{ do: first, undo: command('one'), nearest: 'Versioning cannot be removed.' }, last];
  let looks = 0;
  // After the first change, and after its undo.
  const inspectAndPlan = async () => (looks++ === 0 ? { state: { one: true }, plan: [last] } : { state, plan: changes });
  const work = { rule: {}, aws, before: {}, inspectAndPlan, isContained: async () => false } as unknown as ApplyOptions;
  expect(await apply(changes, work)).toEqual({ result: 'reverted', effects: ['not-made', 'not-made'], error: early, stands });
});

describe('a change whose answer is lost', () => {
  const [first, second] = [command('one'), command('two')];
  const lost = Object.assign(new Error('reset'), { name: 'TimeoutError' });
  const changes = [
    { do: first, undo: command('one') },
    { do: second, undo: command('two') },
  ];
  const aws = { send: async (sent: object) => (sent === second ? Promise.reject(lost) : {}) };
  const applyWith = (inspectAndPlan: () => Promise<unknown>, rule: object = {}) =>
    apply(changes, { rule, aws, before: {}, inspectAndPlan, isContained: async () => false } as unknown as ApplyOptions);

  it('is not taken for undone where the resource cannot be inspected', async () => {
    expect(await applyWith(async () => Promise.reject(lost))).toMatchObject({
      result: 'left',
      effects: ['accepted', 'unknown'],
      left: "The resource can't be inspected after it (TimeoutError: reset).",
    });
  });

  it('is not taken for undone where AWS shows it only later', async () => {
    const seen = { state: { one: true }, plan: [changes[1]] };
    expect(await applyWith(async () => seen, { settle: 600 })).toMatchObject({ result: 'left', effects: ['accepted', 'unknown'] });
  });

  it('is found in effect', async () => {
    expect(await applyWith(async () => ({ state: { one: true, two: true }, plan: [] }))).toEqual({
      result: 'applied',
      effects: ['accepted', 'seen'],
    });
  });

  it('is not said to be undone where it stays invisible', async () => {
    const clock = { now: () => new Date(0), sleep: async () => {} };
    const work = { rule: {}, clock, before: {}, inspectAndPlan: async () => ({ state: {}, plan: changes }) };
    const refusing = { send: async () => Promise.reject(lost) };
    expect(await apply(changes, { ...work, aws: refusing } as unknown as ApplyOptions)).toMatchObject({
      result: 'not-made',
      stands: expect.stringMatching(/^None of the changes is visible\. AWS did not answer/),
    });
  });

  it('is looked for where a later attempt is refused outright', async () => {
    const answers = [
      Object.assign(new Error('early'), { name: 'InvalidParameter', $metadata: { httpStatusCode: 400, attempts: 2 } }),
      Object.assign(new Error('denied'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403, attempts: 1 } }),
    ];
    const clock = { now: () => new Date(0), sleep: async () => {} };
    const [only] = [{ do: first, undo: command('one'), retryOn: ['InvalidParameter'] }];
    const seen = async () => ({ state: { one: true }, plan: [] });
    const work = { rule: {}, aws: { send: async () => Promise.reject(answers.shift()) }, clock, before: {}, inspectAndPlan: seen };
    expect(await apply([only], work as unknown as ApplyOptions)).toEqual({ result: 'applied', effects: ['seen'] });
  });

  it('leaves all as it is where others have changed the resource meanwhile', async () => {
    const seen = { state: { three: true }, plan: [changes[1], { do: command('three'), undo: command('three') }] };
    expect(await applyWith(async () => seen)).toMatchObject({ result: 'left', left: 'Others have changed the resource meanwhile.' });
  });
});

it('any other change is sent once', async () => {
  expect(await applied({}, 1)).toMatchObject({ result: 'not-made', sent: 1, slept: [] });
  expect(await applied({ retryOn: ['NoSuchEntity'] }, 1)).toMatchObject({ result: 'not-made', sent: 1, slept: [] });
});
