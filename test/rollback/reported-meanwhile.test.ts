import { leaseKey } from '../../functions/coordination/lease-key';
import { rollback } from '../../functions/rollback/rollback';
import type { Aws, AwsCommand } from '../../rules/rule';
import { badBucket, fix, usePlantedBench } from '../remediate/setup';

const bench = usePlantedBench();

const isChange = (command: AwsCommand) => /^(Put|Delete)/.test(command.constructor.name);

/** A fix of three changes, whose rollback died after so many of its commands, and the time of its lease has passed. */
async function halfUndone(commands = 1) {
  const world = await bench.world();
  const { finding, resource } = bench.finding(world, await badBucket(world));
  const real = bench.connect(resource);
  const state = () => bench.rule.inspect(resource, real);
  const before = await state();
  const { remediation } = await bench.handle(finding, fix);
  let isDead = false;
  let sent = 0;
  const alive =
    <Arguments extends unknown[], Answer>(act: (...given: Arguments) => Promise<Answer>) =>
    async (...given: Arguments): Promise<Answer> => {
      if (isDead) throw new Error('dead');
      return act(...given);
    };
  const aws: Aws = {
    send: alive(async (command: AwsCommand) => {
      const answer = await real.send(command);
      if (isChange(command)) sent += 1;
      isDead = sent === commands;
      return answer;
    }) as Aws['send'],
  };
  const tools = bench.rollbackTools(resource);
  const log = { ...tools.log, append: alive(tools.log.append) };
  await expect(rollback({ remediation, force: false }, { ...tools, aws, log })).rejects.toThrow('dead');
  const half = await state();
  await bench.clock.sleep(200_000);
  const undo = () => rollback({ remediation, force: false }, bench.rollbackTools(resource));
  const open = () => bench.openRemediations.find(bench.rule.id, leaseKey(bench.rule, resource));
  return { finding, resource, remediation, state, before, half, undo, open };
}

describe('a rollback that was interrupted', () => {
  it('is completed although a report came to nothing in between', async () => {
    const { finding, resource, remediation, state, before, half, undo } = await halfUndone();
    const lease = await bench.leases.acquire({ resource: leaseKey(bench.rule, resource), rule: 's3-other', seconds: 60 });
    expect(await bench.handle(finding, fix)).toMatchObject({ remediation, outcome: 'incomplete' });
    if (!('heldBy' in lease)) await lease.release();
    expect(await state()).toEqual(half);
    expect(await undo()).toMatchObject({ outcome: 'rolled-back' });
    expect(await state()).toEqual(before);
  });

  it('has failed, and was not refused, where a further one is not possible', async () => {
    const { finding, resource, remediation, open } = await halfUndone();
    const lease = await bench.leases.acquire({ resource: leaseKey(bench.rule, resource), rule: 's3-other', seconds: 60 });
    await bench.handle(finding, fix);
    if (!('heldBy' in lease)) await lease.release();
    const misdirected = { ...bench.rule, targets: () => ({ DeletePublicAccessBlock: { Bucket: 'another' } }) };
    const ports = { ...bench.rollbackTools(resource), rule: misdirected };
    expect(await rollback({ remediation, force: false }, ports)).toMatchObject({
      outcome: 'rollback-failed',
      reason: expect.stringContaining('names another resource'),
    });
    expect(await open()).toMatchObject({ remediation });
  });

  it.each([1, 3])('is not undone by the next report, which says that it has to be repeated (%d of 3 commands)', async (commands) => {
    const { finding, remediation, state, before, half, undo, open } = await halfUndone(commands);
    bench.scheduled.length = 0;
    const unfinished = {
      remediation,
      outcome: 'incomplete',
      reason: expect.stringContaining(`Repeat the rollback: \`posture rollback ${bench.rule.id}/${remediation} --deployed\`.`),
    };
    expect(await bench.handle(finding, fix)).toMatchObject(unfinished);
    expect((await bench.log.read(remediation)).at(-1)).toMatchObject({ kind: 'incomplete', code: 'rollback-unfinished' });
    expect(await state()).toEqual(half);

    // The open remediation comes back, as often as it is scheduled.
    const [{ again, at } = fail('Nothing is scheduled.')] = bench.scheduled;
    await bench.clock.sleep(at.getTime() - bench.clock.now().getTime() + 1000);
    const { finding: same, ...attempt } = again;
    expect(await bench.handle(same, fix, {}, attempt)).toMatchObject(unfinished);
    expect(await state()).toEqual(half);
    expect(await open()).toMatchObject({ remediation });

    expect(await undo()).toMatchObject({ outcome: 'rolled-back' });
    expect(await state()).toEqual(before);
    expect(await open()).toBeUndefined();
    const next = await bench.handle(finding, fix);
    expect(next).toMatchObject({ outcome: 'fixed' });
    expect(next.remediation).not.toBe(remediation);
  });
});

function fail(reason: string): never {
  throw new Error(reason);
}
