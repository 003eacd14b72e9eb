import type { LoggedChange } from '../../functions/log/event';
import { rollback } from '../../functions/rollback/rollback';
import { rewritten } from '../contract/forged-trail';
import { badBucket, fix, usePlantedBench } from '../remediate/setup';

const bench = usePlantedBench();
const good = { versioned: true, blocked: true, owned: true };

async function fixed() {
  const world = await bench.world();
  const { finding, resource } = bench.finding(world, await badBucket(world));
  const { remediation } = await bench.handle(finding, fix);
  const victim = bench.finding(world, await badBucket(world));
  await bench.handle(victim.finding, fix);
  const stateOf = (of: typeof resource) => bench.rule.inspect(of, bench.connect(of));
  return { remediation, resource, victim: victim.resource, ports: bench.rollbackTools(resource), stateOf };
}

it.each([false, true])('an undo that names another resource is not sent, with force: %s', async (force) => {
  const { remediation, resource, victim, ports, stateOf } = await fixed();
  const aimed = (change: LoggedChange): LoggedChange =>
    'undo' in change && change.undo !== 'revert-own-part'
      ? { ...change, undo: { ...change.undo, input: { ...(change.undo.input as object), Bucket: victim.id } } }
      : change;
  const log = { ...bench.log, read: async (id: string) => rewritten(await bench.log.read(id), aimed), append: async () => {} };
  expect(await rollback({ remediation, force }, { ...ports, log })).toMatchObject({
    outcome: 'rollback-refused',
    reason: expect.stringContaining('names another resource'),
  });
  expect(await stateOf(victim)).toEqual(good);
  expect(await stateOf(resource)).toEqual(good);
});

it('an undo that is no command of the rule is not sent', async () => {
  const { remediation, resource, ports, stateOf } = await fixed();
  const foreign = (change: LoggedChange): LoggedChange =>
    'undo' in change ? { ...change, undo: { service: 's3', operation: 'DeleteBucket', input: { Bucket: resource.id } } } : change;
  const log = { ...bench.log, read: async (id: string) => rewritten(await bench.log.read(id), foreign) };
  await expect(rollback({ remediation, force: true }, { ...ports, log })).rejects.toThrow('a command that the rule does not have');
  expect(await stateOf(resource)).toEqual(good);
});
