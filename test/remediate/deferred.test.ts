import { putStop, removeStop } from '../../functions/coordination/stop';
import { dynamoTurns } from '../../functions/coordination/turn';
import { hours, seconds } from '../../functions/duration';
import { policy } from '../../functions/policy/policy';
import type { Ports } from '../../functions/remediate/ports';
import type { Rule } from '../../rules/rule';
import { badBucket, fix, usePlantedBench } from './setup';

const bench = usePlantedBench();
const dead = async (): Promise<never> => {
  throw new Error('dead');
};

async function found() {
  return bench.finding(await bench.world(), await badBucket(await bench.world()));
}

/** Defers the finding by a stop, which is over when it comes back. */
async function stopped(over: Partial<Ports> = {}) {
  const { finding } = await found();
  await putStop(bench.dynamo, 'posture-orders', 'all', { by: 'alice', at: bench.clock.now().toISOString(), why: 'A test.' }, bench.clock);
  await bench.handle(finding, fix, over).catch(() => undefined);
  await removeStop(bench.dynamo, 'posture-orders', 'all', bench.clock);
  await bench.clock.sleep(hours(2));
  return next();
}

/** The scheduled message. */
function next() {
  const { again, at } = bench.scheduled.at(-1) as (typeof bench.scheduled)[number];
  const { finding, ...attempt } = again;
  return { finding, attempt, at };
}

describe('a finding that was deferred', () => {
  it('is not refused if its worker died between the schedule and the log', async () => {
    const { finding, attempt } = await stopped({ log: { ...bench.log, append: dead } });
    const counted: object[] = [];
    const result = await bench.handle(finding, fix, { count: (values) => void counted.push(values) }, attempt);
    expect(result).toMatchObject({ outcome: 'fixed' });
    expect((await bench.log.read(result.remediation)).map(({ kind }) => kind)).not.toContain('approval-refused');
    expect(counted.filter((values) => 'RefusedRequests' in values)).toEqual([]);
  });

  it('claims no approval when its schedule is delivered twice', async () => {
    const { finding, attempt } = await stopped();
    const ask = { mode: 'ask', parameters: {} } as const;
    const { remediation } = await bench.handle(finding, ask, {}, attempt);
    expect(await bench.handle(finding, ask, {}, attempt)).toMatchObject({ outcome: 'awaiting-approval', remediation });
    expect((await bench.log.read(remediation)).map(({ kind }) => kind)).not.toContain('approval-refused');
  });

  it('is logged with the version of the code that goes on with it', async () => {
    const { finding, attempt } = await stopped({ version: 'old' });
    const { remediation } = await bench.handle(finding, fix, { version: 'new' }, attempt);
    const versions = (await bench.log.read(remediation)).map(({ kind, version }) => [kind, version]);
    expect(versions).toEqual(
      expect.arrayContaining([
        ['deferred', 'old'],
        ['planned', 'new'],
        ['verified', 'new'],
      ]),
    );
  });

  it('goes on in the same remediation while a temporary state blocks it', async () => {
    const { finding: first } = await found();
    let isBlocked = true;
    const plan: Rule['plan'] = (...given) => (isBlocked ? { blocked: 'It is being rebuilt.', code: 'rebuild' } : bench.rule.plan(...given));
    const rule = { ...bench.rule, plan };
    const { remediation } = await bench.handle(first, fix, { rule });
    for (isBlocked of [true, false]) {
      const { finding, attempt, at } = next();
      await bench.clock.sleep(at.getTime() - bench.clock.now().getTime() + seconds(1));
      expect(await bench.handle(finding, fix, { rule }, attempt)).toMatchObject({ outcome: isBlocked ? 'blocked' : 'fixed', remediation });
    }
  });

  it.each([
    ['the control function', { source: 'control' as const }, { requestedBy: 'arn:aws:iam::999999999999:user/ann' }],
    ['a custom action', { source: 'security-hub-custom-action' as const, action: 'PostureFix' }, {}],
  ])('is answered to who requests its fix meanwhile by %s', async (_, request, attempt) => {
    const limited = policy.parse({
      modes: { clauses: [{ mode: 'fix', rules: [bench.rule.id] }] },
      limits: { rule: { hour: 1 } },
      ownership: { lastChange: false },
      approvals: { fourEyes: false },
    });
    const over = { turns: dynamoTurns(bench.dynamo, 'posture-coordination', bench.clock), policy: async () => limited };
    await bench.handle((await found()).finding, fix, over);
    const { finding } = await found();
    const { remediation } = await bench.handle(finding, fix, over);
    const told: object[] = [];
    const publishOutcome = async (outcome: object) => void told.push(outcome);
    const result = await bench.handle({ ...finding, ...request }, fix, { ...over, publishOutcome }, { number: 0, ...attempt });
    expect(result).toMatchObject({ outcome: 'deferred', reason: expect.stringContaining(`in remediation ${remediation}`) });
    expect(result.remediation).not.toBe(remediation);
    expect(told).toMatchObject([{ event: { outcome: 'deferred', remediation: result.remediation } }]);
  });
});

it('what AWS does not find is believed at the second look, also if its event was logged in a later second than its schedule', async () => {
  const world = await bench.world();
  const { finding } = bench.finding(world, `arn:aws:s3:::nobody-${world.account}`);
  const scheduleRetry: Ports['scheduleRetry'] = async (again, at) => {
    bench.scheduled.push({ again, at });
    await bench.clock.sleep(seconds(1.5));
  };
  expect(await bench.handle(finding, fix, { scheduleRetry })).toMatchObject({ outcome: 'resource-not-found' });
});
