import { admin, functionRole, keys, ruleIds, table } from './app';
import type { Call, Principal } from './authorization';
import type { Judge } from './judge';

export function ordersAttacks(judge: Judge): void {
  const orders = table('posture-orders');
  const coordination = table('posture-coordination');
  const writes = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLInsert', 'PartiQLUpdate', 'PartiQLDelete'];
  const on = (principal: Principal, action: string, resource: string, ...names: readonly string[]): Call => ({
    principal,
    action: `dynamodb:${action}`,
    resource,
    context: keys(...names),
  });
  const wrongly = async (calls: readonly Call[], expected: boolean) => {
    const verdicts = await judge.judgeAll(calls);
    return calls.filter((_, index) => verdicts[index]?.allowed !== expected);
  };
  const ordersOf = (id: string) => [
    'stop',
    `approval ${id} 01K0`,
    `rollback ${id} 01K0`,
    `hold ${id} arn:aws:s3:::b`,
    `breaker ${id}`,
    'policy',
    'policy-check',
    'policy-session',
  ];

  it('the control function writes what people said', async () => {
    const [id = ''] = ruleIds;
    expect(
      await wrongly(
        ordersOf(id).map((key) => on(functionRole('control'), 'PutItem', orders, key)),
        true,
      ),
    ).toEqual([]);
  });

  it('the break-glass role can, in an emergency', async () => {
    const calls = ['stop', 'approval a 01K0'].map((key) => on({ otherRole: 'posture-break-glass' }, 'DeleteItem', orders, key));
    expect(await wrongly(calls, true)).toEqual([]);
  });

  it('nobody else does: neither a rule, nor an administrator, nor the deployment', async () => {
    const others: readonly Principal[] = [
      ...[...ruleIds, 'notify', 'dispatch', 'reconcile', 'sweep', 'watch'].map(functionRole),
      admin,
      { otherRole: 'admin' },
      { otherRole: 'cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1' },
    ];
    const [id = ''] = ruleIds;
    const calls = others.flatMap((principal) =>
      writes.flatMap((action) => [[], ...ordersOf(id).map((key) => [key])].map((named) => on(principal, action, orders, ...named))),
    );
    expect(await wrongly(calls, false)).toEqual([]);
  });

  it('each rule reads what was said about it, and about no other', async () => {
    const [first = '', second = ''] = ruleIds;
    const reads = (id: string, of: string) => [
      on(functionRole(id), 'ConditionCheckItem', orders, `approval ${of} 01K0`),
      on(functionRole(id), 'GetItem', orders, `rollback ${of} 01K0`),
      on(functionRole(id), 'BatchGetItem', orders, `hold ${of} arn:aws:s3:::b`),
    ];
    expect(
      await wrongly(
        ruleIds.flatMap((id) => [...reads(id, id), on(functionRole(id), 'BatchGetItem', orders, 'stop', `breaker ${id}`)]),
        true,
      ),
    ).toEqual([]);
    expect(await wrongly([...reads(first, second), ...reads(second, first)], false)).toEqual([]);
  });

  it('the functions of rules and notifications read the copy of the policy, and the control function alone its session', async () => {
    const readers = [...ruleIds, 'notify', 'dispatch', 'reconcile', 'sweep', 'watch', 'control'].map(functionRole);
    const read = (principal: Principal, key: string) => on(principal, 'BatchGetItem', orders, 'policy-check', key);
    expect(
      await wrongly(
        readers.map((reader) => read(reader, 'policy')),
        true,
      ),
    ).toEqual([]);
    expect(
      await wrongly(
        readers.slice(0, -1).map((reader) => read(reader, 'policy-session')),
        false,
      ),
    ).toEqual([]);
    expect(await wrongly([read(functionRole('control'), 'policy-session')], true)).toEqual([]);
  });

  it('no rule writes the items of another rule in the coordination table', async () => {
    const itemsOf = (id: string) => [
      `permit ${id} 01K0 1`,
      `open ${id} arn:aws:s3:::b`,
      `breaker ${id}`,
      `breaker ${id} 111122223333`,
      `fixes ${id} b`,
      `ask ${id} b`,
    ];
    const calls = ruleIds.flatMap((id) =>
      ruleIds
        .filter((other) => other !== id && (other.startsWith(id.slice(0, 4)) || other === ruleIds[0]))
        .flatMap((other) =>
          itemsOf(other).flatMap((key) =>
            ['PutItem', 'UpdateItem', 'DeleteItem'].map((action) => on(functionRole(id), action, coordination, key)),
          ),
        ),
    );
    expect(await wrongly(calls, false)).toEqual([]);
  });

  it('no rule counts for another, or writes items without naming them', async () => {
    const [first = '', second = ''] = ruleIds;
    const own = ['all', 'account 111122223333', `rule ${first}`].map((of) =>
      on(functionRole(first), 'UpdateItem', coordination, `count ${of} 2026-11-29T10`),
    );
    expect(await wrongly(own, true)).toEqual([]);
    const foreign = on(functionRole(first), 'UpdateItem', coordination, `count rule ${second} 2026-11-29T10`);
    const nameless = ['PutItem', 'UpdateItem', 'DeleteItem', 'GetItem', 'BatchGetItem'].map((action) =>
      on(functionRole(first), action, coordination),
    );
    expect(await wrongly([foreign, ...nameless], false)).toEqual([]);
  });
}
