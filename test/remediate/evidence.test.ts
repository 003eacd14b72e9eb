import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import type { LogEvent } from '../../functions/log/event';
import { hashOfPlan } from '../../functions/plan/hash';
import { createCollector } from '../../functions/remediate/collector';
import type { Ports } from '../../functions/remediate/ports';
import { rollback } from '../../functions/rollback/rollback';
import type { Aws, AwsCommand, Change } from '../../rules/rule';
import { type Bench, useBench } from '../contract/bench';
import planted from './planted-rule';
import { badBucket, fix } from './setup';

const given = planted as unknown as Bench['rule'];

/** The planted rule as a response that keeps a copy as evidence, first. */
const response: Bench['rule'] = {
  ...given,
  response: true,
  commands: [...given.commands, PutObjectCommand],
  targets: ({ id }) => ({ PutObject: { Bucket: id } }),
  plan(resource, state, context) {
    const changes = given.plan(resource, state, context) as readonly Change[];
    const Key = `evidence/${context.collectedFor?.remediation}`;
    const copy: Change = { do: new PutObjectCommand({ Bucket: resource.id, Key, Body: 'all' }), evidence: 'It stays.' };
    return changes.length === 0 ? [] : [copy, ...changes];
  },
  async collected({ id: Bucket }, aws, remediation) {
    const { Contents = [] } = await aws.send(new ListObjectsV2Command({ Bucket, Prefix: `evidence/${remediation}` }));
    return Contents.map(({ Key = '', LastModified }) => ({ id: Key, of: Bucket, at: LastModified?.toISOString() ?? '', key: 'key-1' }));
  },
};
const bench = useBench(response, {});
const contained = { versioned: true, blocked: true, owned: true };

const named = (name: string) => Object.assign(new Error('by the test'), { name, $fault: 'client', $metadata: { httpStatusCode: 400 } });

/** The rule's connection, in which something else happens to the evidence. */
const over = (sendEvidence: (aws: Aws, command: AwsCommand) => Promise<object>, onChange = () => {}): Pick<Ports, 'connect'> => ({
  connect(place: object): Aws {
    const aws = bench.connect(place as never);
    const send = (command: AwsCommand) => {
      if (command instanceof PutObjectCommand) return sendEvidence(aws, command);
      return aws.send(command).finally(() => (/^(Put|Delete)/.test(command.constructor.name) ? onChange() : undefined));
    };
    return { send: send as Aws['send'] };
  },
});

async function attacked() {
  const world = await bench.world();
  const id = await badBucket(world);
  bench.scheduled.length = 0;
  const { finding, resource } = bench.finding(world, id);
  return { id, finding, resource, state: () => response.inspect(resource, bench.connect(resource)) };
}

const collectedIn = async (remediation: string): Promise<readonly LogEvent[]> =>
  (await bench.log.read(remediation)).filter(({ kind }) => kind === 'collected');

describe('the evidence of a response', () => {
  it('is in the log with who collected what, when, its ID and key, and stays after a rollback', async () => {
    const { id, finding, resource, state } = await attacked();
    const { remediation, ...result } = await bench.handle(finding, fix);
    expect(result).toMatchObject({ outcome: 'fixed', reason: expect.stringContaining(`Evidence: evidence/${remediation} of ${id}.`) });
    const at = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(await collectedIn(remediation)).toMatchObject([
      {
        actor: expect.stringContaining(':role/'),
        time: at,
        collected: [{ id: `evidence/${remediation}`, of: id, at, key: 'key-1' }],
      },
    ]);
    expect((await bench.log.read(remediation)).map(({ kind }) => kind)).toEqual(['planned', 'collected', 'verified']);
    const tools = bench.rollbackTools(resource);
    expect(await rollback({ remediation, force: false }, tools)).toMatchObject({ outcome: 'rolled-back' });
    expect(await state()).toEqual({ versioned: false, blocked: false, owned: false });
    expect(await response.collected?.(resource, bench.connect(resource), remediation)).toHaveLength(1);
  });

  it.each(['InternalError', 'AccessDenied', 'ThrottlingException'])(
    'holds nothing up if it fails with %s, and the log says so',
    async (error) => {
      const { finding, resource, state } = await attacked();
      const { remediation, ...result } = await bench.handle(
        finding,
        fix,
        over(() => Promise.reject(named(error))),
      );
      expect(result).toMatchObject({ outcome: 'fixed', reason: expect.stringMatching(/Evidence is missing.*s3:PutObject: .*by the test/) });
      expect(await state()).toEqual(contained);
      expect(await collectedIn(remediation)).toMatchObject([{ code: 'evidence-missing' }]);
      expect(await rollback({ remediation, force: false }, bench.rollbackTools(resource))).toMatchObject({ outcome: 'rolled-back' });
    },
  );

  it('is begun first, and not waited for before all changes are made', async () => {
    const { finding, state } = await attacked();
    const order: string[] = [];
    let changes = 0;
    let release = () => {};
    const made = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = over(
      async (aws, command) => {
        order.push('begun');
        await made;
        return aws.send(command).finally(() => order.push('answered'));
      },
      () => {
        order.push('change');
        changes += 1;
        if (changes === 3) release();
      },
    );
    expect(await bench.handle(finding, fix, slow)).toMatchObject({ outcome: 'fixed' });
    expect(order).toEqual(['begun', 'change', 'change', 'change', 'answered']);
    expect(await state()).toEqual(contained);
  });

  it('alone leaves nothing open if no change is made', async () => {
    const { finding, resource } = await attacked();
    const refusing: Pick<Ports, 'connect'> = {
      connect(place: object): Aws {
        const aws = bench.connect(place as never);
        const send = (command: AwsCommand) =>
          command.constructor.name === 'PutPublicAccessBlockCommand' ? Promise.reject(named('InvalidRequest')) : aws.send(command);
        return { send: send as Aws['send'] };
      },
    };
    const failed = await bench.handle(finding, fix, refusing);
    expect(failed).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('None of the changes was made.') });
    expect(await collectedIn(failed.remediation)).toHaveLength(1);
    expect(await bench.openRemediations.find(response.id, resource.arn)).toBeUndefined();
  });

  it('is no part of what is approved', () => {
    const call = (operation: string) => ({ service: 's3', operation, input: {} });
    const change = { do: call('A'), undo: call('B') };
    const { response: _, ...setting } = response;
    for (const rule of [response, setting])
      expect(hashOfPlan(rule, [{ do: call('C'), evidence: 'It stays.' }, change])).toBe(hashOfPlan(rule, [change]));
  });
});

describe('the evidence of a slow response', () => {
  const slow = { ...response, settle: 1800 };
  const later = useBench(slow, {});

  it('that AWS refuses at first is collected at the next check', async () => {
    const world = await later.world();
    const { finding, resource } = later.finding(world, await badBucket(world));
    const refusing: Pick<Ports, 'connect'> = {
      connect(place: object): Aws {
        const aws = later.connect(place as never);
        const send = (command: AwsCommand) =>
          command instanceof PutObjectCommand ? Promise.reject(named('InvalidRequest')) : aws.send(command);
        return { send: send as Aws['send'] };
      },
    };
    const first = await later.handle(finding, fix, refusing);
    expect(first).toMatchObject({ outcome: 'verifying', reason: expect.stringContaining('Evidence is missing') });
    expect(await slow.inspect(resource, later.connect(resource))).toEqual(contained);
    const next = later.scheduled.pop();
    if (!next) throw new Error('Nothing is scheduled.');
    await later.clock.sleep(next.at.getTime() - later.clock.now().getTime());
    const { finding: again, ...attempt } = next.again;
    const second = await later.handle(again, fix, undefined, attempt);
    expect(second).toMatchObject({ outcome: 'fixed', remediation: first.remediation });
    const kinds = (await later.log.read(first.remediation)).map(({ kind, code }) => [kind, code]);
    expect(kinds).toEqual([
      ['planned', undefined],
      ['collected', 'evidence-missing'],
      ['applied', undefined],
      ['collected', undefined],
      ['verified', undefined],
    ]);
  });
});

it('evidence that AWS does not answer is given up after a time, and its effect is unknown', async () => {
  const collector = createCollector(() => new Promise(() => {}), 20);
  collector.begin({ do: new PutObjectCommand({ Bucket: 'b', Key: 'k' }), evidence: 'It stays.' }, 1);
  expect(await collector.finish(['accepted', 'not-made'])).toEqual({
    effects: ['accepted', 'unknown'],
    uncollected: ['s3:PutObject: AWS has not answered yet.'],
  });
});
