import { namesOf } from '../../infra/names';
import { lambda, place, ruleIds, schedulesOf } from './app';
import type { Call, Principal } from './authorization';
import type { Judge } from './judge';

export function invocations(judge: Judge): void {
  const control = lambda('posture-control');

  const invoke = (principal: Principal, resource: string, context = {}): Call => ({
    principal,
    action: 'lambda:InvokeFunction',
    resource,
    context,
  });
  const allowed = async (calls: readonly Call[]) => {
    const verdicts = await judge.judgeAll(calls);
    return calls.filter((_, index) => verdicts[index]?.allowed);
  };
  /** All roles, and Scheduler with those that it may assume. */
  const rolesOfStack = (): readonly Principal[] => [
    ...[...judge.authorization.roles.keys()].map((name) => ({ role: name })),
    ...[...ruleIds, 'notify'].map(schedulesOf),
  ];

  it('no role of the stacks speaks for an operator: neither to the control function itself, nor to the alias of its URL', async () => {
    const calls = rolesOfStack().flatMap((principal) => [
      invoke(principal, control),
      invoke(principal, `${control}:url`),
      invoke(principal, `${control}:$LATEST`),
      ...['lambda:InvokeFunctionUrl', 'lambda:InvokeAsync'].map(
        (action): Call => ({ principal, action, resource: `${control}:url`, context: {} }),
      ),
    ]);
    expect(calls.length).toBeGreaterThan(1500);
    expect(await allowed(calls)).toEqual([]);
  });

  it('only the automations and Security Hub reach their aliases', async () => {
    const callers = await allowed(rolesOfStack().map((principal) => invoke(principal, `${control}:automations`)));
    expect(callers.map(({ principal }) => principal)).toEqual([{ role: 'posture-automation' }]);
    expect(await allowed(rolesOfStack().map((principal) => invoke(principal, `${control}:custom-actions`)))).toEqual([]);
    const rule = `arn:aws:events:${place.region}:${place.account}:rule`;
    const byEvents = (name: string) =>
      invoke({ service: 'events.amazonaws.com' }, `${control}:custom-actions`, {
        'aws:SourceArn': `${rule}/${name}`,
        'aws:SourceAccount': place.account,
      });
    expect(await allowed([byEvents('posture-control'), byEvents('somebodys')])).toEqual([byEvents('posture-control')]);
  });

  it('only the routes for it have the policy copied', async () => {
    expect(await allowed(rolesOfStack().map((principal) => invoke(principal, `${control}:policy`)))).toEqual([]);
    const byRoute = (name: string, alias = 'policy') =>
      invoke({ service: 'events.amazonaws.com' }, `${control}:${alias}`, {
        'aws:SourceArn': `arn:aws:events:${place.region}:${place.account}:rule/${name}`,
        'aws:SourceAccount': place.account,
      });
    const own = [byRoute('posture-control-policy-minutely'), byRoute('posture-control-policy-deployed')];
    const others = [
      byRoute('posture-control'),
      byRoute('somebodys'),
      ...['hourly', 'url'].map((to) => byRoute('posture-control-policy-minutely', to)),
    ];
    expect(await allowed([...own, ...others])).toEqual(own);
  });

  it('no service reaches the control function without an alias', async () => {
    const services = [
      'events.amazonaws.com',
      'scheduler.amazonaws.com',
      'ssm.amazonaws.com',
      'apigateway.amazonaws.com',
      'securityhub.amazonaws.com',
    ];
    const context = {
      'aws:SourceArn': `arn:aws:events:${place.region}:${place.account}:rule/posture-control`,
      'aws:SourceAccount': place.account,
    };
    expect(await allowed(services.map((service) => invoke({ service }, control, context)))).toEqual([]);
  });

  it('the control function invokes the function of every rule', async () => {
    const calls = ruleIds.map((id) => invoke({ role: 'posture-function-control' }, lambda(namesOf(id).function)));
    expect(await allowed(calls)).toHaveLength(ruleIds.length);
  });

  it('the schedules of a rule invoke its own function, and no other', async () => {
    const functions = [...judge.authorization.functions];
    const calls = ruleIds.flatMap((id) => functions.map((name) => invoke(schedulesOf(id), lambda(name))));
    const found = await allowed(calls);
    expect(found).toEqual(ruleIds.map((id) => invoke(schedulesOf(id), lambda(namesOf(id).function))));
  });

  it('the schedules of the notification function invoke it alone, and it invokes nothing else', async () => {
    const functions = [...judge.authorization.functions];
    for (const principal of [schedulesOf('notify'), { role: 'posture-function-notify' }])
      expect(await allowed(functions.map((name) => invoke(principal, lambda(name))))).toEqual([
        invoke(principal, lambda('posture-notify')),
      ]);
  });

  it('the function of a rule invokes itself for each finding of an event, and nothing else', async () => {
    const functions = [...judge.authorization.functions];
    const own = (id: string) => invoke({ role: namesOf(id).functionRole }, lambda(namesOf(id).function));
    const calls = ruleIds.flatMap((id) => functions.map((name) => invoke({ role: namesOf(id).functionRole }, lambda(name))));
    expect(await allowed(calls)).toEqual(ruleIds.map(own));
  });

  it('the routes of a rule invoke its function, and no other route does', async () => {
    const byRoute = (name: string, route: string) =>
      invoke({ service: 'events.amazonaws.com' }, lambda(name), {
        'aws:SourceArn': `arn:aws:events:${place.region}:${place.account}:rule/${route}`,
      });
    const [first = '', second = ''] = ruleIds.map((id) => namesOf(id).function);
    expect(await allowed([byRoute(first, first), byRoute(first, second), byRoute(first, 'somebodys')])).toEqual([byRoute(first, first)]);
  });
}
