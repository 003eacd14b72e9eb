import { DeleteItemCommand, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { keys } from '../../functions/coordination/keys';
import { openJournalFor } from '../../functions/remediate/open-journal-for';
import type { Ports } from '../../functions/remediate/ports';
import { readResumption } from '../../functions/remediate/resume';
import type { World } from '../contract/scenario';
import { badBucket, fix, usePlantedBench } from './setup';

const bench = usePlantedBench();
const table = 'posture-coordination';

/** A worker that dies right after its intent. */
async function interrupted() {
  const world = await bench.world();
  const { finding, resource } = bench.finding(world, await badBucket(world));
  let planned = '';
  const log: Ports['log'] = {
    ...bench.log,
    async append(events) {
      if (planned !== '') throw new Error('dead');
      if (events.some(({ kind }) => kind === 'planned')) planned = events[0]?.remediation ?? '';
      return bench.log.append(events);
    },
  };
  const openRemediations = { ...bench.openRemediations, remove: async () => Promise.reject(new Error('dead')) };
  await bench.handle(finding, fix, { log, openRemediations }).catch(() => {});
  return { world, finding, resource, planned };
}

/** Its trail is altered then. */
async function altered() {
  const { finding, resource, planned } = await interrupted();
  await bench.clock.sleep(200_000);
  const read: Ports['log']['read'] = async (id) => {
    const events = await bench.log.read(id);
    return id === planned ? events.map((event) => ({ ...event, before: { versioned: true } })) : events;
  };
  return { finding, resource, remediation: planned, log: { ...bench.log, read } };
}

describe('a remediation whose hash chain is broken', () => {
  it('is not continued while it is open: that is recorded, counted, and tried again in a day', async () => {
    const { finding, resource, remediation, log } = await altered();
    const counted: object[] = [];
    bench.calls.length = 0;
    const result = await bench.handle(finding, fix, { log, count: (values) => void counted.push(values) });
    expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringContaining(`${remediation} is broken`) });
    expect(result.remediation).not.toBe(remediation);
    expect(await bench.log.read(result.remediation)).toMatchObject([{ kind: 'failed', code: 'log-broken' }]);
    expect(counted).toEqual([{ ForgedRecords: 1 }]);
    expect(bench.calls.filter(({ operation }) => /^(Put|Delete)/.test(operation))).toEqual([]);
    const item = await bench.openRemediations.find(bench.rule.id, resource.arn);
    expect(item?.remediation).toBe(remediation);
    expect(Date.parse(item?.next ?? '')).toBeGreaterThan(bench.clock.now().getTime() + 86_000_000);
  });

  it('is not continued by a message that names it', async () => {
    const { finding, resource, remediation, log } = await altered();
    const ports = { ...bench.rollbackTools(resource), log, version: 'test' } as unknown as Ports;
    const { attempt, journal, broken } = await openJournalFor({ finding, number: 0, remediation }, resource, bench.clock.now(), ports);
    expect(broken?.message).toContain(`${remediation} is broken`);
    expect(attempt.remediation).toBeUndefined();
    expect(journal.subject.remediation).not.toBe(remediation);
    expect(journal.events).toEqual([]);
  });
});

describe('an open remediation whose item can not be read', () => {
  it.each([
    ['its message is invalid', { message: { S: '{' } }],
    ['it names no remediation', { remediation: { S: '' } }],
  ])('keeps the resource from being changed, says so each time, and gives an alarm: %s', async (problem, spoilt) => {
    const world = await bench.world();
    const { finding, resource } = bench.finding(world, await badBucket(world));
    const key = keys.open(bench.rule.id, resource.arn);
    const other = await altered();
    const { Item } = await bench.dynamo.send(
      new GetItemCommand({ TableName: table, Key: { key: { S: keys.open(bench.rule.id, other.resource.arn) } } }),
    );
    await bench.dynamo.send(new PutItemCommand({ TableName: table, Item: { ...Item, key: { S: key }, ...spoilt } }));
    const counted: object[] = [];
    bench.calls.length = 0;
    const result = await bench.handle(finding, fix, { count: (values) => void counted.push(values) });
    expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringContaining(`"${key}" can't be continued, because ${problem}`) });
    expect(await bench.log.read(result.remediation)).toMatchObject([{ kind: 'failed', code: 'open-item-unreadable' }]);
    expect(counted).toEqual([{ StrandedRemediations: 1 }]);
    expect(bench.calls.filter(({ operation }) => /^(Put|Delete)/.test(operation))).toEqual([]);

    const lease = await bench.leases.acquire({ resource: resource.arn, rule: 'another-rule', seconds: 60 });
    expect(await bench.handle(finding, fix)).toMatchObject({ outcome: 'failed', reason: expect.stringContaining(problem) });
    await lease.release?.();

    // As the runbook says.
    await bench.dynamo.send(new DeleteItemCommand({ TableName: table, Key: { key: { S: key } } }));
    expect(await bench.handle(finding, fix)).toMatchObject({ outcome: 'fixed' });
  });
});

describe('an intent in the log', () => {
  /** What another worker then takes for permitted. */
  async function resumption(spoil: (remediation: string, world: World) => Promise<unknown>, over: Partial<Ports> = {}) {
    const { world, finding, resource, planned } = await interrupted();
    await spoil(planned, world);
    const ports = { ...bench.rollbackTools(resource), version: 'test', ...over } as unknown as Ports;
    const { journal } = await openJournalFor({ finding, number: 0 }, resource, bench.clock.now(), ports);
    return readResumption(journal, resource, ports);
  }

  it('is gone on with where its plan has the permit, and has none where the permit is of no plan, or of another', async () => {
    expect(await resumption(async () => {})).toMatchObject({ status: 'open', permitted: { plan: expect.any(String) } });
    const permit = (remediation: string) => ({ key: { S: keys.permit(bench.rule.id, remediation, 1) } });
    const without = await resumption((id) => bench.dynamo.send(new DeleteItemCommand({ TableName: table, Key: permit(id) })));
    expect(without).toMatchObject({ status: 'open', permitted: undefined });
    const other = await resumption((id) =>
      bench.dynamo.send(new PutItemCommand({ TableName: table, Item: { ...permit(id), plan: { S: 'another' }, forget: { N: '1' } } })),
    );
    expect(other).toMatchObject({ status: 'open', permitted: undefined });
  });

  it('in the trail of another resource, which the item of an open remediation names, is none of this one', async () => {
    const other = await altered();
    const result = await resumption((_, world) => {
      const key = { S: keys.open(bench.rule.id, bench.resources.get(world.account)?.arn ?? '') };
      return bench.dynamo.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { key },
          UpdateExpression: 'SET remediation = :other',
          ExpressionAttributeValues: { ':other': { S: other.remediation } },
        }),
      );
    });
    expect(result).toEqual({ status: 'none' });
  });
});
