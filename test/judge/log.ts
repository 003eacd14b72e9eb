import { admin, functionRole, keys, ruleIds, table } from './app';
import type { Call, Principal } from './authorization';
import type { Judge } from './judge';

export function logAttacks(judge: Judge): void {
  const log = table('posture-log');

  const insert = (principal: Principal, ...trails: readonly string[]): Call => ({
    principal,
    action: 'dynamodb:PartiQLInsert',
    resource: log,
    context: keys(...trails),
  });
  const allowedOf = async (calls: readonly Call[]) => (await judge.judgeAll(calls)).map(({ allowed }) => allowed);

  it('each rule appends to its own trails', async () => {
    expect(await allowedOf(ruleIds.map((id) => insert(functionRole(id), `${id}/01K0`)))).toEqual(ruleIds.map(() => true));
  });

  it('no rule appends to the trails of another, of the control function, or of a person', async () => {
    const calls = ruleIds.flatMap((id) => [
      ...ruleIds.filter((other) => other !== id).map((other) => insert(functionRole(id), `${other}/01K0`)),
      ...['control', `control/${id}/01K0`, `local/AIDAADMIN/${id}/01K0`, `${id}`, `${id}-too/01K0`].map((trail) =>
        insert(functionRole(id), trail),
      ),
      // Several by one call, and one of them another's.
      insert(functionRole(id), `${id}/01K0`, 'control/posture/01K0'),
      insert(functionRole(id)),
    ]);
    const verdicts = await judge.judgeAll(calls);
    expect(verdicts.flatMap(({ allowed }, index) => (allowed ? [calls[index]] : []))).toEqual([]);
  });

  it('no rule reads the trails of another', async () => {
    const query = (id: string, trail: string): Call => ({
      principal: functionRole(id),
      action: 'dynamodb:Query',
      resource: log,
      context: keys(trail),
    });
    const [first = '', second = ''] = ruleIds;
    expect(await allowedOf([query(first, `${first}/01K0`), query(first, `${second}/01K0`), query(first, `control/${first}/01K0`)])).toEqual(
      [true, false, false],
    );
  });

  it('the control function appends to its own trails alone', async () => {
    const control = functionRole('control');
    const [rule = ''] = ruleIds;
    expect(await allowedOf([insert(control, `control/${rule}/01K0`), insert(control, 'control/posture/01K0')])).toEqual([true, true]);
    expect(await allowedOf([insert(control, `${rule}/01K0`), insert(control, 'local/AIDAADMIN/a/01K0'), insert(control)])).toEqual([
      false,
      false,
      false,
    ]);
  });

  describe.each([
    ['an administrator', admin],
    ['the break-glass role', { otherRole: 'posture-break-glass' }],
    ['the role of a deployment', { otherRole: 'cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1' }],
    ...[...ruleIds.slice(0, 3), 'control', 'notify'].map((id) => [`the function of ${id}`, functionRole(id)] as const),
  ] as readonly (readonly [string, Principal])[])('%s', (_, principal) => {
    it.each(['UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLUpdate', 'PartiQLDelete', 'PutItem'])(
      'can not replace, alter or delete a record by %s',
      async (action) => {
        const [id = ''] = ruleIds;
        const of = { principal, action: `dynamodb:${action}`, resource: log };
        for (const trail of [`${id}/01K0`, `control/${id}/01K0`, 'local/AIDAADMIN/a/01K0'])
          expect(await judge.judge({ ...of, context: keys(trail) })).toMatchObject({ allowed: false });
        expect(await judge.judge({ ...of, context: keys() })).toMatchObject({ allowed: false });
      },
    );
  });

  it('whoever is no function of ours appends only below an own id', async () => {
    const own = `local/${admin.userId}/s3-bucket-tls-required/01K0`;
    const foreign = [
      'local/AIDAOTHER/s3-bucket-tls-required/01K0',
      's3-bucket-tls-required/01K0',
      'control/posture/01K0',
      `local/${admin.userId}`,
    ];
    expect(await judge.judge(insert(admin, own))).toMatchObject({ allowed: true });
    for (const trails of [...foreign.map((trail) => [trail]), [own, 'control/posture/01K0'], []])
      expect([trails, await judge.judge(insert(admin, ...trails))]).toEqual([
        trails,
        expect.objectContaining({ allowed: false, why: expect.stringContaining('policy of the resource') }),
      ]);
    expect(await judge.judge(insert({ otherRole: 'posture-fake' }, 'control/posture/01K0'))).toMatchObject({ allowed: false });
  });

  it.each(['UpdateTable', 'DeleteTable', 'UpdateContinuousBackups', 'UpdateTimeToLive', 'PutResourcePolicy', 'DeleteResourcePolicy'])(
    '%s is for break-glass and the deployment alone',
    async (action) => {
      const by = (principal: Principal): Call => ({ principal, action: `dynamodb:${action}`, resource: log, context: {} });
      const [id = ''] = ruleIds;
      for (const principal of [
        admin,
        { otherRole: 'admin' },
        functionRole(id),
        functionRole('control'),
        { otherRole: 'cdk-hnb659fds-deploy-role-111122223333-eu-west-1' },
      ])
        expect([principal, await judge.judge(by(principal))]).toEqual([principal, expect.objectContaining({ allowed: false })]);
      for (const name of ['posture-break-glass', 'cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1'])
        expect([name, await judge.judge(by({ otherRole: name }))]).toEqual([name, expect.objectContaining({ allowed: true })]);
    },
  );

  it('an auditor reads all of it', async () => {
    const auditor = { user: 'auditor', allowed: ['dynamodb:Query', 'dynamodb:GetItem'] };
    for (const resource of [log, `${log}/index/by-rule`])
      expect(await judge.judge({ principal: auditor, action: 'dynamodb:Query', resource, context: keys('a/b') })).toMatchObject({
        allowed: true,
      });
  });
}
