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
  bench.scheduled.length = 0;
  bench.calls.length = 0;
  const result = await bench.handle(finding, fix, slow(ready));
  expect(result).toMatchObject({ outcome: 'verifying', reason: expect.stringContaining('Next check at') });
  return { finding, resource, result };
}

describe('a slow resource', () => {
  it('is looked at again, and then told as fixed; its changes are sent once', async () => {
    let ready = false;
    const { result, resource } = await pending(() => ready);
    const told: string[] = [];
    const notifySource = async (_finding: unknown, remediation: string) => void told.push(remediation);

    const [first] = bench.scheduled;
    expect(first?.at.getTime()).toBeGreaterThan(bench.clock.now().getTime() + 55_000);
    await bench.clock.sleep(451_000);
    expect(await bench.handle(first?.again.finding as never, fix, { ...slow(() => ready), notifySource })).toMatchObject({
      outcome: 'verifying',
    });
    expect(bench.scheduled).toHaveLength(2);
    expect(told).toEqual([]);

    ready = true;
    await bench.clock.sleep(451_000);
    const end = await bench.handle(bench.scheduled[1]?.again.finding as never, fix, { ...slow(() => ready), notifySource });
    expect(end).toMatchObject({ outcome: 'fixed', remediation: result.remediation });
    expect(told).toEqual([result.remediation]);
    expect(bench.calls.filter(({ operation }) => operation === 'PutBucketVersioning')).toHaveLength(1);
    expect((await bench.log.read(result.remediation)).map(({ kind }) => kind)).toEqual(['planned', 'applied', 'verified']);
    expect(await rollback({ remediation: result.remediation, force: false }, bench.rollbackTools(resource))).toMatchObject({
      outcome: 'rolled-back',
    });
  });

  it('gets an honest end when its time is over', async () => {
    const { finding, result } = await pending(() => false);
    await bench.clock.sleep(1_900_000);
    const end = await bench.handle(
      finding,
      fix,
      slow(() => false),
    );
    expect(end).toMatchObject({
      outcome: 'unverified',
      remediation: result.remediation,
      reason: expect.stringMatching(/ 19\d\d seconds later/),
    });
    expect(bench.calls.filter(({ operation }) => operation === 'PutBucketVersioning')).toHaveLength(1);
  });

  it('that another finding reports meanwhile is not changed a second time', async () => {
    const { finding, result } = await pending(() => false);
    expect(
      await bench.handle(
        { ...finding, id: 'another finding' },
        fix,
        slow(() => false),
      ),
    ).toMatchObject({ outcome: 'verifying', remediation: result.remediation });
    expect(bench.calls.filter(({ operation }) => operation === 'PutBucketVersioning')).toHaveLength(1);
  });

  it('is not looked at before its next check, whoever delivers its finding again', async () => {
    const { finding, result } = await pending(() => false);
    bench.calls.length = 0;
    expect(await bench.handle(finding, fix)).toMatchObject({ outcome: 'verifying', remediation: result.remediation });
    expect(bench.calls).toEqual([]);
    expect(bench.scheduled).toHaveLength(1);
  });

  it('can be rolled back while it is not there yet', async () => {
    const { resource, result } = await pending(() => false);
    expect(await rollback({ remediation: result.remediation, force: false }, bench.rollbackTools(resource))).toMatchObject({
      outcome: 'rollback-refused',
      reason: expect.stringContaining('whose result is not logged'),
    });
    expect(await rollback({ remediation: result.remediation, force: true }, bench.rollbackTools(resource))).toMatchObject({
      outcome: 'rolled-back',
    });
  });
});
