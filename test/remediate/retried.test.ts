import { DeletePublicAccessBlockCommand, PutPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import { dynamoOpenRemediations } from '../../functions/coordination/open-remediation';
import { dynamoStore } from '../../functions/coordination/store';
import { hours, seconds } from '../../functions/duration';
import { policy } from '../../functions/policy/policy';
import type { Ports } from '../../functions/remediate/ports';
import type { Aws, AwsCommand } from '../../rules/rule';
import { badBucket, fix, usePlantedBench } from './setup';

const bench = usePlantedBench();

const policyWith = (over: object) => async () =>
  policy.parse({
    modes: { clauses: [{ mode: 'fix', rules: [bench.rule.id] }] },
    limits: { account: {}, all: {} },
    rollbacks: { exemptDays: 0 },
    ownership: { lastChange: false },
    approvals: { fourEyes: false },
    ...over,
  });

/** AWS throttles the first change once. */
function throttledOnce(): Pick<Ports, 'connect'> {
  let isOver = false;
  return {
    connect: (place) => {
      const aws = bench.connect(place as never);
      const send = async (command: AwsCommand) => {
        if (isOver || !(command instanceof PutPublicAccessBlockCommand)) return aws.send(command);
        isOver = true;
        throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
      };
      return { send: send as Aws['send'] };
    },
  };
}

async function retry(over: Partial<Ports>) {
  const { again, at } = bench.scheduled.at(-1) as (typeof bench.scheduled)[number];
  await bench.clock.sleep(Math.max(0, at.getTime() - bench.clock.now().getTime() + seconds(1)));
  const { finding, ...attempt } = again;
  return bench.handle(finding, fix, over, attempt);
}

const found = async () => {
  const world = await bench.world();
  return { world, ...bench.finding(world, await badBucket(world)) };
};

describe('a change that is made at the second try', () => {
  it('counts in the hour in which it is made', async () => {
    const over = { policy: policyWith({ limits: { rule: { hour: 1 }, account: {}, all: {} } }) };
    const untilNextHour = hours(1) - (bench.clock.now().getTime() % hours(1));
    await bench.clock.sleep(untilNextHour + hours(1) - seconds(20));
    expect(await bench.handle((await found()).finding, fix, { ...over, ...throttledOnce() })).toMatchObject({ outcome: 'deferred' });
    expect(await retry(over)).toMatchObject({ outcome: 'fixed' });
    expect(await bench.handle((await found()).finding, fix, over)).toMatchObject({
      outcome: 'deferred',
      reason: expect.stringContaining('limit'),
    });
  });

  it('counts for the drift loop', async () => {
    const over = { policy: policyWith({ driftLoops: { fixes: 1 } }) };
    const { world, finding, resource } = await found();
    expect(await bench.handle(finding, fix, { ...over, ...throttledOnce() })).toMatchObject({ outcome: 'deferred' });
    expect(await retry(over)).toMatchObject({ outcome: 'fixed' });
    await world.send(new DeletePublicAccessBlockCommand({ Bucket: resource.id }));
    expect(await bench.handle(finding, fix, over)).toMatchObject({ outcome: 'drift-loop' });
  });
});

describe('workers that died between the permit and the plan', () => {
  /** Everything fails from the first write to the log on. */
  function dying(): Pick<Ports, 'log' | 'store'> {
    let isDead = false;
    const tables = { orders: 'posture-orders', coordination: 'posture-coordination' };
    const { reverted, ...store } = dynamoStore(bench.dynamo, tables, bench.clock);
    const append = async () => {
      isDead = true;
      throw new Error('dead');
    };
    return {
      log: { ...bench.log, append },
      store: { ...store, reverted: async (given) => (isDead ? Promise.reject(new Error('dead')) : reverted(given)) },
    };
  }

  it('made no fix that somebody could have changed back', async () => {
    const over = { policy: policyWith({ driftLoops: { fixes: 3 } }) };
    const { finding } = await found();
    for (let worker = 0; worker < 3; worker += 1) {
      await expect(bench.handle(finding, fix, { ...over, ...dying() })).rejects.toThrow('dead');
      await bench.clock.sleep(seconds(200));
    }
    expect(await bench.handle(finding, fix, over)).toMatchObject({ outcome: 'fixed' });
  });

  it('leave nothing in the way of a replay by the same user', async () => {
    const { finding } = await found();
    const openRemediations = dynamoOpenRemediations(bench.dynamo, 'posture-coordination', bench.clock, 'AIDAEXAMPLE');
    await expect(bench.handle(finding, fix, { ...dying(), openRemediations })).rejects.toThrow('dead');
    await bench.clock.sleep(seconds(200));
    expect(await bench.handle(finding, fix)).toMatchObject({ outcome: 'deferred', reason: expect.stringContaining('replay its event') });
    expect(await bench.handle(finding, fix, { openRemediations })).toMatchObject({ outcome: 'fixed' });
  });
});
