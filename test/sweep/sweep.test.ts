import { sweep } from '../../functions/sweep/sweep';
import { awsError, central, open, other, ruleOf, type State, type World } from './world';

const at = (id: string, account = central.account, region = central.region) => `${account} ${region} ${id}`;
const arn = (id: string, account = central.account, region = central.region) => `arn:aws:sqs:${region}:${account}:${id}`;
const some = (count: number, state: State = 'bad'): Readonly<Record<string, State>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`q${String(index).padStart(3, '0')}`, state]));

describe('a sweep', () => {
  it('hands on what would be changed, by the control for which most is, and counts the rest', async () => {
    const world: World = {
      [at('a')]: { bad: 'bad', exempt: 'exempt', good: 'good', hopeless: 'unfixable', vanished: 'missing', worse: 'worse' },
    };
    const { ports, handedOn, state } = open([ruleOf('a', world)]);
    expect(await sweep(ports)).toEqual({
      began: '2026-11-24T12:00:00.000Z',
      checks: 6,
      results: { drift: 2, exempt: 1, compliant: 1, unfixable: 1, 'not-found': 1 },
      known: 0,
      handedOn: 2,
      notSwept: 0,
      unread: [],
      finished: true,
    });
    expect(handedOn).toEqual([
      ['a', arn('bad'), 'a.1'],
      ['a', arn('worse'), 'a.2'],
    ]);
    expect(state).toMatchObject({ after: [], finished: true });
  });

  it('goes account by account and Region by Region, in an order that lasts', async () => {
    const places = [central.account, other].flatMap((account) => ['eu-west-1', 'us-east-1'].map((region) => [account, region] as const));
    const world: World = Object.fromEntries(
      places.flatMap(([account, region]) => ['b', 'a'].map((id) => [at(id, account, region), { y: 'bad', x: 'bad' }] as const)),
    );
    const { ports, handedOn } = open([ruleOf('b', world), ruleOf('a', world)], {
      regions: ['us-east-1', 'eu-west-1'],
      accounts: async () => ({ known: [other, central.account] }),
    });
    await sweep(ports);
    expect(handedOn).toEqual(
      places.flatMap(([account, region]) =>
        ['a', 'b'].flatMap((id) => ['x', 'y'].map((name) => [id, arn(name, account, region), `${id}.1`])),
      ),
    );
  });

  it('looks at a global resource once, in the first Region that lists it', async () => {
    const regions = ['eu-west-1', 'us-east-1'];
    const world: World = Object.fromEntries(regions.map((region) => [at('a', central.account, region), { ann: 'bad', bob: 'bad' }]));
    const looked: string[] = [];
    const { ports, handedOn } = open([ruleOf('a', world, { global: true, looked })], { regions });
    expect(await sweep(ports)).toMatchObject({ checks: 2, handedOn: 2 });
    expect(handedOn.map(([, name]) => name)).toEqual(['ann', 'bob'].map((name) => `arn:aws:iam::${central.account}:user/${name}`));
    expect(looked).toHaveLength(6);
  });

  it('makes few calls at once in an account', async () => {
    const { ports, calls } = open([ruleOf('a', { [at('a')]: some(20) }), ruleOf('b', { [at('b')]: some(20) })]);
    await sweep(ports);
    expect(calls.most).toBe(2);
  });

  it('can not change anything by itself', async () => {
    const rule = ruleOf('a', { [at('a')]: { bad: 'bad' } });
    const { do: write } = (
      rule.plan({ id: 'x' } as never, 'bad', { detectedBy: 'a.1' } as never) as unknown as readonly [{ do: never }]
    )[0];
    const { ports, handedOn } = open([{ ...rule, inspect: async (_, aws) => aws.send(write) as never }]);
    expect(await sweep(ports)).toMatchObject({
      checks: 0,
      notSwept: 1,
      unread: [expect.stringMatching(/PutBucketVersioning changes resources/)],
    });
    expect(handedOn).toEqual([]);
  });
});

describe('a rule that is switched off', () => {
  const world: World = { [at('a')]: some(2), [at('b')]: some(2) };
  const rules = [ruleOf('a', world), ruleOf('b', world)];

  it('is not even listed', async () => {
    const { ports, calls, handedOn } = open(rules, { modes: { clauses: [{ mode: 'off', rules: ['a'] }] } });
    expect(await sweep(ports)).toMatchObject({ checks: 2, handedOn: 2 });
    expect(handedOn.map(([rule]) => rule)).toEqual(['b', 'b']);
    // A list, and a look at each resource, whatever the number of controls.
    expect(calls.places).toHaveLength(3);
  });

  it('in one account, or for one control, is swept in the others, and for the others', async () => {
    const clauses = [
      { mode: 'off', rules: ['a'], accounts: [central.account] },
      { mode: 'off', controls: ['b.1'] },
    ];
    const { ports, handedOn } = open(rules, { modes: { clauses } });
    await sweep(ports);
    expect(handedOn.map(([rule, , detectedBy]) => [rule, detectedBy])).toEqual([
      ['b', 'b.2'],
      ['b', 'b.2'],
    ]);
  });

  it('for one resource leaves that alone, without a look', async () => {
    const looked: string[] = [];
    const { ports, handedOn } = open([ruleOf('a', world, { looked })], { modes: { clauses: [{ mode: 'off', resources: [arn('q000')] }] } });
    expect(await sweep(ports)).toMatchObject({ results: { off: 1, drift: 1 } });
    expect(handedOn.map(([, name]) => name)).toEqual([arn('q001')]);
    expect(looked).not.toContain(arn('q000'));
  });
});

describe('what the log has already', () => {
  const world: World = { [at('a')]: { q: 'bad' } };
  const hoursAgo = (hours: number) => new Date(Date.parse('2026-11-24T12:00:00.000Z') - hours * 3_600_000).toISOString();
  it.each<[string, number, string, boolean]>([
    ['observed', 1, 'observe', true],
    ['observed', 23.9, 'observe', true],
    ['observed', 24, 'observe', false],
    ['observed', 1, 'fix', false],
    ['awaiting-approval', 1, 'ask', true],
    ['deferred', 1, 'fix', true],
    ['failed', 1, 'fix', true],
    ['exempt', 1, 'fix', true],
    ['fixed', 1, 'fix', false],
    ['already-compliant', 1, 'observe', false],
    ['resource-not-found', 1, 'observe', false],
    ['rolled-back', 1, 'fix', false],
  ])('%s %d hours ago, in the mode %s: known is %s', async (outcome, hours, mode, isKnown) => {
    const log = new Map([[`a posture-sweep/${arn('q')}`, { time: hoursAgo(hours), outcome: outcome as never }]]);
    const { ports, handedOn } = open([ruleOf('a', world)], { modes: { default: mode }, log });
    expect(await sweep(ports)).toMatchObject({ known: isKnown ? 1 : 0, handedOn: isKnown ? 0 : 1 });
    expect(handedOn).toHaveLength(isKnown ? 0 : 1);
  });
});

describe('a run that does not come to the end', () => {
  const world: World = { [at('a')]: some(5), [at('b')]: some(2) };
  const all = [...Object.keys(some(5)).map((id) => ['a', arn(id)]), ...Object.keys(some(2)).map((id) => ['b', arn(id)])];
  const rules = [ruleOf('a', world), ruleOf('b', world)];
  const named = (handedOn: readonly (readonly [string, string, string])[]) => handedOn.map(([rule, name]) => [rule, name]);

  it('stops at the maximum, and the next runs hand on the rest, each once', async () => {
    const opened = open(rules, { maxFindings: 3 });
    const runs = [];
    for (let run = 0; run < 4 && !opened.state.finished; run += 1) runs.push(await sweep(opened.ports));
    expect(runs.map((one) => 'handedOn' in one && [one.handedOn, one.finished])).toEqual([
      [3, false],
      [3, false],
      [1, true],
    ]);
    expect(named(opened.handedOn)).toEqual(all);
  });

  it('stops in time, and the next run goes on', async () => {
    let left = 130;
    const opened = open(rules, { secondsLeft: () => left });
    const { ports } = opened;
    const slow = {
      ...ports,
      invoke: async (...given: Parameters<typeof ports.invoke>) => ports.invoke(...given).finally(() => (left -= 40)),
    };
    expect(await sweep(slow)).toMatchObject({ handedOn: 2, finished: false });
    left = 900;
    expect(await sweep(ports)).toMatchObject({ handedOn: 5, finished: true });
    expect(named(opened.handedOn)).toEqual(all);
  });

  it('stops in time among resources that are as they should be, and the next run does not look at these again', async () => {
    const looked: string[] = [];
    const { ports } = open([ruleOf('a', { [at('a')]: some(8, 'good') }, { looked })], {
      secondsLeft: () => (new Set(looked).size < 4 ? 900 : 0),
    });
    expect(await sweep(ports)).toMatchObject({ checks: 4, finished: false });
    const first = [...new Set(looked.splice(0))];
    expect(await sweep({ ...ports, secondsLeft: () => 900 })).toMatchObject({ checks: 4, finished: true });
    expect([...first, ...new Set(looked)]).toEqual(Object.keys(some(8)).map((id) => arn(id)));
  });

  it('does not begin without time', async () => {
    const opened = open(rules, { secondsLeft: () => 59 });
    expect(await sweep(opened.ports)).toMatchObject({ checks: 0, finished: false });
    expect([opened.calls.places, opened.state.finished]).toEqual([[], false]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7])(
    'is killed after it handed on %d, and the next run goes on: nothing is lost, and at most one is repeated',
    async (kill) => {
      const opened = open(rules);
      const { ports } = opened;
      // Nothing of a process that is killed happens after that.
      const dying = {
        ...ports,
        positions: {
          async claim() {
            const claimed = await ports.positions.claim({ secondsLeft: 900, hours: 24 });
            if (typeof claimed === 'string') return claimed;
            const unlessKilled =
              <Given extends readonly unknown[]>(act: (...given: Given) => Promise<void>) =>
              async (...given: Given) => {
                if (opened.handedOn.length >= kill) throw new Error('Killed.');
                await act(...given);
              };
            return {
              ...claimed,
              save: unlessKilled(claimed.save),
              release: unlessKilled(claimed.release),
              finish: unlessKilled(claimed.finish),
            };
          },
        },
      };
      await expect(sweep(dying)).rejects.toThrow('Killed.');
      expect(opened.handedOn).toHaveLength(kill);
      expect(await sweep(ports)).toMatchObject({ finished: true });
      const seen = named(opened.handedOn).map((one) => one.join(' '));
      expect(new Set(seen)).toEqual(new Set(all.map((one) => one.join(' '))));
      expect(seen.length).toBe(all.length + 1);
    },
  );

  it('leaves a list out in which two runs ended without a result, and says so', async () => {
    const opened = open(rules);
    opened.state.interrupted = 2;
    expect(await sweep(opened.ports)).toMatchObject({
      handedOn: 2,
      notSwept: 1,
      unread: [`${central.account}, eu-west-1, a: 2 runs ended here without a result`],
    });
    expect(named(opened.handedOn).map(([rule]) => rule)).toEqual(['b', 'b']);
  });

  it('is not repeated while it is not due, or another run is at work', async () => {
    for (const skipped of ['held', 'not-due'] as const) {
      const { ports, calls } = open(rules, { positions: { claim: async () => skipped } });
      expect([await sweep(ports), calls.places]).toEqual([{ skipped }, []]);
    }
  });

  it('sweeps nothing without a policy, and is released for the next run', async () => {
    const opened = open(rules, { policy: () => Promise.reject(new Error('No policy.')) });
    await expect(sweep(opened.ports)).rejects.toThrow('No policy.');
    expect([opened.calls.places, opened.handedOn, opened.state]).toMatchObject([[], [], { finished: false, released: 1 }]);
  });
});

describe('what can not be looked at', () => {
  it('is named, and the rest is swept: an absence is no zero', async () => {
    const denied = awsError('AccessDenied');
    const world: World = {
      [at('a')]: denied,
      [at('b')]: { x: 'bad', y: awsError('KMSAccessDeniedException'), z: 'bad' },
      [at('c')]: { ünlisted: 'bad', x: 'bad' },
    };
    const { ports, handedOn } = open(['a', 'b', 'c'].map((id) => ruleOf(id, world)));
    expect(await sweep(ports)).toMatchObject({
      handedOn: 3,
      notSwept: 3,
      unread: [
        `${central.account}, eu-west-1, a: AccessDenied: AccessDenied happened`,
        `${central.account}, eu-west-1, b, ${arn('y')}: KMSAccessDeniedException: KMSAccessDeniedException happened`,
        `${central.account}, eu-west-1, c: 1 names are not supported, such as "ünlisted"`,
      ],
    });
    expect(handedOn.map(([rule, name]) => [rule, name])).toEqual([
      ['b', arn('x')],
      ['b', arn('z')],
      ['c', arn('x')],
    ]);
  });

  it('is an account whose role can not be assumed: it is asked for once, and the others are swept', async () => {
    const world: World = { [at('a')]: { x: 'bad' }, [at('a', other)]: { x: 'bad' } };
    let asked = 0;
    const { ports, handedOn, calls } = open([ruleOf('a', world), ruleOf('b', world)], {
      accounts: async () => ({ known: [other, central.account] }),
      regions: ['eu-west-1', 'us-east-1'],
      reach: async ({ account }) => {
        asked += 1;
        if (account === other) throw awsError('AccessDenied');
      },
    });
    expect(await sweep(ports)).toMatchObject({
      handedOn: 1,
      notSwept: 1,
      unread: [`${other}: AccessDenied: AccessDenied happened`],
      finished: true,
    });
    expect([handedOn.length, asked, calls.places.filter((one) => one.startsWith(other))]).toEqual([1, 2, []]);
  });

  it('is an organization whose accounts can not be listed: the central account is swept', async () => {
    const { ports } = open([ruleOf('a', { [at('a')]: { x: 'bad' } })], {
      accounts: async () => ({ known: [central.account], unread: 'No list.' }),
    });
    expect(await sweep(ports)).toMatchObject({ handedOn: 1, notSwept: 1, unread: ['No list.'] });
  });

  it('is left in an account and Region where more than a tenth of the looks failed, and nowhere else', async () => {
    const failing = Object.fromEntries(
      Object.keys(some(100)).map((id, index) => [id, index % 8 === 0 ? awsError('AccessDenied') : 'good'] as const),
    );
    const world: World = { [at('a')]: failing, [at('b')]: some(1), [at('a', central.account, 'us-east-1')]: some(1) };
    const { ports, handedOn, state } = open([ruleOf('a', world), ruleOf('b', world)], { regions: ['eu-west-1', 'us-east-1'] });
    const result = await sweep(ports);
    expect(result).toMatchObject({ finished: true, handedOn: 1, notSwept: 4 });
    expect('unread' in result && result.unread.at(-1)).toBe(
      `${central.account}, eu-west-1: 3 of 20 looks failed, so the rest of it is left out`,
    );
    expect(handedOn.map(([, name]) => name)).toEqual([arn('q000', central.account, 'us-east-1')]);
    expect(state.finished).toBe(true);
  });

  it.each([
    [
      'a tenth',
      Object.fromEntries(Object.keys(some(100)).map((id, index) => [id, index % 10 === 9 ? awsError('AccessDenied') : 'good'] as const)),
      10,
    ],
    [
      'services that the Region does not have',
      Object.fromEntries(
        Object.keys(some(100)).map((id, index) => [id, index % 2 === 0 ? awsError('Error', 'ENOTFOUND') : 'good'] as const),
      ),
      50,
    ],
  ])('is not left for %s', async (_, resources, notSwept) => {
    const world: World = { [at('a')]: resources as World[string], [at('b')]: some(1) };
    const { ports } = open([ruleOf('a', world), ruleOf('b', world)]);
    expect(await sweep(ports)).toMatchObject({ handedOn: 1, notSwept });
  });

  it('waits longer each time it is throttled, and never beyond its time', async () => {
    const throttled = awsError('ThrottlingException');
    const world: World = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((id) => [at(id), throttled]));
    const opened = open(Object.keys(world).map((key) => ruleOf(key.slice(-1), world)));
    await sweep(opened.ports);
    const passed = opened.clock.now().getTime() - Date.parse('2026-11-24T12:00:00.000Z');
    expect(passed).toBe((1 + 2 + 4 + 8 + 16 + 30 + 30 + 30) * 1000);
    const late = open([ruleOf('a', world)], { secondsLeft: () => 60.5 });
    await sweep(late.ports);
    expect(late.clock.now().getTime() - Date.parse('2026-11-24T12:00:00.000Z')).toBe(500);
  });

  it('is what the function of a rule does not take: the other rules are swept', async () => {
    const world: World = { [at('a')]: { x: 'bad' }, [at('b')]: { x: 'bad' } };
    const opened = open([ruleOf('a', world), ruleOf('b', world)]);
    const { ports } = opened;
    const missing = {
      ...ports,
      invoke: async (...[rule, event]: Parameters<typeof ports.invoke>) => {
        if (rule === 'a') throw awsError('ResourceNotFoundException');
        return ports.invoke(rule, event);
      },
    };
    expect(await sweep(missing)).toMatchObject({
      handedOn: 1,
      notSwept: 1,
      unread: [expect.stringMatching(/a, .*: not handed on: ResourceNotFoundException/)],
    });
  });

  it('is counted in full, and named up to a bound', async () => {
    const rules = Array.from({ length: 80 }, (_, index) => `r${String(index).padStart(2, '0')}`);
    const world: World = Object.fromEntries(rules.map((id) => [at(id), awsError('Error', 'ENOTFOUND')]));
    const result = await sweep(open(rules.map((id) => ruleOf(id, world))).ports);
    expect(result).toMatchObject({ notSwept: 80 });
    expect('unread' in result && result.unread.length).toBe(50);
  });
});
