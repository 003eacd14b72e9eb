import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { type ApplyOptions, apply } from '../../functions/remediate/apply';
import type { Change } from '../../rules/rule';

const command = () => new PutBucketVersioningCommand({ Bucket: 'records', VersioningConfiguration: { Status: 'Enabled' } });
const early = Object.assign(new Error('Unable to assume given IAM role'), { name: 'InvalidParameter' });

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
    before: {},
    inspectAndPlan: async () => ({ state: {}, plan: [change] }),
  } as unknown as ApplyOptions;
  return { ...(await apply([change], work)), sent, slept };
}

it('a change that waits until AWS knows an earlier one is sent again, a little later each time', async () => {
  expect(await applied({ retryOn: ['InvalidParameter'] }, 3)).toEqual({ result: 'applied', sent: 4, slept: [1000, 2000, 4000] });
});

it('it has failed after half a minute', async () => {
  const failed = await applied({ retryOn: ['InvalidParameter'] }, 99);
  expect(failed).toMatchObject({ result: 'reverted', error: early, sent: 6 });
  expect(failed.slept.reduce((all, one) => all + one, 0)).toBe(30_000);
});

it.each([
  ['the previous state', {}, true],
  ['only a state near to the previous one', { near: true }, false],
])('tells whether the changes before a failed one were reverted to %s', async (_, state, exactly) => {
  const [first, second] = [command(), command()];
  const aws = { send: async (sent: object) => (sent === second ? Promise.reject(early) : {}) };
  const changes = [
    { do: first, undo: command(), nearest: 'Versioning cannot be removed.' },
    { do: second, undo: command() },
  ];
  const work = { aws, before: {}, inspectAndPlan: async () => ({ state, plan: changes }) } as unknown as ApplyOptions;
  expect(await apply(changes, work)).toEqual({ result: 'reverted', error: early, exactly });
});

it('any other change is sent once', async () => {
  expect(await applied({}, 1)).toMatchObject({ result: 'reverted', sent: 1, slept: [] });
  expect(await applied({ retryOn: ['NoSuchEntity'] }, 1)).toMatchObject({ result: 'reverted', sent: 1, slept: [] });
});
