import { GetBucketVersioningCommand } from '@aws-sdk/client-s3';
import { rollback } from '../../functions/rollback/rollback';
import type { Aws, AwsCommand } from '../../rules/rule';
import { useBench } from '../contract/bench';
import planted from './planted-rule';
import { badBucket, fix } from './setup';

const bench = useBench({ ...planted, settle: 1800 } as never, {});

/** Accepts the versioning of a bucket at once, and shows it when `ready` says so. */
function slow(ready: () => boolean) {
  return {
    connect(place: object): Aws {
      const aws = bench.connect(place as never);
      const send = async (command: AwsCommand) => {
        const answer = await aws.send(command);
        return command instanceof GetBucketVersioningCommand && !ready() ? { ...answer, Status: undefined } : answer;
      };
      return { send: send as Aws['send'] };
    },
  };
}

async function pending(ready: () => boolean) {
  const world = await bench.world();
  const { finding, resource } = bench.finding(world, await badBucket(world));
  bench.appointments.length = 0;
  bench.calls.length = 0;
  const ending = await bench.handle(finding, fix, slow(ready));
  expect(ending).toMatchObject({ outcome: 'pending', reason: expect.stringContaining('looked at again at') });
  return { finding, resource, ending };
}

describe('a slow resource', () => {
  it('is looked at again, and then told as fixed; its changes are sent once', async () => {
    let ready = false;
    const { ending, resource } = await pending(() => ready);
    const told: string[] = [];
    const tellFixed = async (_finding: unknown, remediation: string) => void told.push(remediation);

    const [first] = bench.appointments;
    expect(first?.at.getTime()).toBeGreaterThan(bench.clock.now().getTime() + 55_000);
    await bench.clock.sleep(450_000);
    expect(await bench.handle(first?.again.finding as never, fix, { ...slow(() => ready), tellFixed })).toMatchObject({
      outcome: 'pending',
    });
    expect(bench.appointments).toHaveLength(2);
    expect(told).toEqual([]);

    ready = true;
    await bench.clock.sleep(450_000);
    const end = await bench.handle(bench.appointments[1]?.again.finding as never, fix, { ...slow(() => ready), tellFixed });
    expect(end).toMatchObject({ outcome: 'fixed', remediation: ending.remediation });
    expect(told).toEqual([ending.remediation]);
    expect(bench.calls.filter(({ operation }) => operation === 'PutBucketVersioning')).toHaveLength(1);
    expect((await bench.log.read(ending.remediation)).map(({ kind }) => kind)).toEqual(['received', 'intended', 'applied', 'verified']);
    expect(await rollback({ remediation: ending.remediation, force: false }, bench.rollbackTools(resource))).toMatchObject({
      outcome: 'rolled-back',
    });
  });

  it('gets an honest end when its time is over', async () => {
    const { finding, ending } = await pending(() => false);
    await bench.clock.sleep(1_900_000);
    const end = await bench.handle(
      finding,
      fix,
      slow(() => false),
    );
    expect(end).toMatchObject({
      outcome: 'unverified',
      remediation: ending.remediation,
      reason: expect.stringMatching(/ 19\d\d seconds later/),
    });
    expect(bench.calls.filter(({ operation }) => operation === 'PutBucketVersioning')).toHaveLength(1);
  });

  it('that another finding reports meanwhile is not changed a second time', async () => {
    const { finding, ending } = await pending(() => false);
    expect(
      await bench.handle(
        { ...finding, id: 'another finding' },
        fix,
        slow(() => false),
      ),
    ).toMatchObject({ outcome: 'pending', remediation: ending.remediation });
    expect(bench.calls.filter(({ operation }) => operation === 'PutBucketVersioning')).toHaveLength(1);
  });

  it('can be rolled back while it is not there yet', async () => {
    const { resource, ending } = await pending(() => false);
    expect(await rollback({ remediation: ending.remediation, force: false }, bench.rollbackTools(resource))).toMatchObject({
      outcome: 'rollback-refused',
      reason: expect.stringContaining('no end is in the log'),
    });
    expect(await rollback({ remediation: ending.remediation, force: true }, bench.rollbackTools(resource))).toMatchObject({
      outcome: 'rolled-back',
    });
  });
});
