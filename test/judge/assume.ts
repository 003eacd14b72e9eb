import { namesOf } from '../../infra/names';
import { admin, lambda, place, role, ruleIds, schedulesOf } from './app';
import type { Call, Principal } from './authorization';
import type { Judge } from './judge';

export function assumptions(judge: Judge): void {
  const assume = (principal: Principal, name: string, context = {}): Call => ({
    principal,
    action: 'sts:AssumeRole',
    resource: role(name),
    context,
  });
  const allowed = async (calls: readonly Call[]) => {
    const verdicts = await judge.judgeAll(calls);
    return calls.filter((_, index) => verdicts[index]?.allowed);
  };

  it('each rule assumes its own member role, and none of another rule', async () => {
    const calls = ruleIds.flatMap((id) => ruleIds.map((other) => assume({ role: namesOf(id).functionRole }, namesOf(other).memberRole)));
    expect(await allowed(calls)).toEqual(ruleIds.map((id) => assume({ role: namesOf(id).functionRole }, namesOf(id).memberRole)));
  });

  it('nobody else assumes a member role: not even an administrator, or another account', async () => {
    const [id = ''] = ruleIds;
    const others: readonly Principal[] = [
      admin,
      { otherRole: 'admin' },
      { otherRole: namesOf(id).functionRole, account: '444455556666' },
      { role: namesOf(id).memberRole },
      schedulesOf(id),
      schedulesOf('notify'),
      { role: 'posture-function-control' },
      { role: 'posture-function-notify' },
      { role: 'posture-automation' },
      { service: 'lambda.amazonaws.com' },
    ];
    expect(await allowed(others.map((principal) => assume(principal, namesOf(id).memberRole)))).toEqual([]);
  });

  it('credentials of a function role are worth nothing outside of the function', async () => {
    const [id = ''] = ruleIds;
    const stolen = (action: string, resource: string, context: Call['context'] = {}): Call => ({
      principal: { role: namesOf(id).functionRole },
      action,
      resource,
      context: { 'lambda:SourceFunctionArn': null, ...context },
    });
    expect(
      await allowed([
        stolen('sts:AssumeRole', role(namesOf(id).memberRole)),
        stolen('dynamodb:PartiQLInsert', 'arn:aws:dynamodb:eu-west-1:111122223333:table/posture-log', {
          'dynamodb:LeadingKeys': [`${id}/01K0`],
        }),
        stolen('lambda:InvokeFunction', lambda(namesOf(id).function)),
        stolen('sqs:SendMessage', 'arn:aws:sqs:eu-west-1:111122223333:posture-undelivered'),
        stolen('scheduler:CreateSchedule', `arn:aws:scheduler:eu-west-1:111122223333:schedule/posture/${id}-0123456789abcdef`),
      ]),
    ).toEqual([]);
  });

  it('no role of the stacks assumes a role that runs functions, schedules or automations', async () => {
    const all = [...judge.authorization.roles.keys()];
    const callers = [
      'posture-function-control',
      'posture-function-notify',
      'posture-automation',
      ...ruleIds.slice(0, 20).map((id) => namesOf(id).functionRole),
    ];
    const own = all.filter((name) => /^posture-(function|automation)/.test(name));
    const principals = [...callers.map((name) => ({ role: name })), ...ruleIds.slice(0, 20).map(schedulesOf), schedulesOf('notify')];
    expect(await allowed(principals.flatMap((principal) => own.map((other) => assume(principal, other))))).toEqual([]);
  });

  describe('the role of the automations', () => {
    const execution = `arn:aws:ssm:${place.region}:${place.account}:automation-execution/4105a4fc-f944-11e6-9d32-0a1b2c3d495h`;
    const bySsm = (account: string, arn: string | null): Call =>
      assume({ service: 'ssm.amazonaws.com' }, 'posture-automation', { 'aws:SourceAccount': account, 'aws:SourceArn': arn });

    it('is assumed by automations of this account', async () => {
      expect(await allowed([bySsm(place.account, execution)])).toHaveLength(1);
    });

    it('is assumed for nothing else', async () => {
      const others = [
        bySsm('444455556666', execution),
        bySsm(place.account, execution.replace(place.account, '444455556666')),
        bySsm(place.account, null),
        assume({ service: 'lambda.amazonaws.com' }, 'posture-automation', {
          'aws:SourceAccount': place.account,
          'aws:SourceArn': execution,
        }),
        assume(admin, 'posture-automation', { 'aws:SourceAccount': null, 'aws:SourceArn': null }),
      ];
      expect(await allowed(others)).toEqual([]);
    });
  });

  describe('the role of a function that schedules itself', () => {
    const group = `arn:aws:scheduler:${place.region}:${place.account}:schedule-group/posture`;
    const byScheduler = (id: string, account: string, arn: string | null): Call =>
      assume({ service: 'scheduler.amazonaws.com' }, `posture-function-${id}`, { 'aws:SourceAccount': account, 'aws:SourceArn': arn });

    it('is assumed by Lambda, and by Scheduler for our group of this account', async () => {
      for (const id of [...ruleIds, 'notify']) {
        const calls = [byScheduler(id, place.account, group), assume({ service: 'lambda.amazonaws.com' }, `posture-function-${id}`)];
        expect(await allowed(calls)).toEqual(calls);
      }
    });

    it('is assumed by Scheduler for nothing else, by no other service, and not by an administrator', async () => {
      const others = [...ruleIds, 'notify'].flatMap((id) => [
        byScheduler(id, '444455556666', group),
        byScheduler(id, '444455556666', group.replace(place.account, '444455556666')),
        byScheduler(id, place.account, group.replace('/posture', '/other')),
        byScheduler(id, place.account, group.replace('/posture', '/posture-2')),
        byScheduler(id, place.account, group.replace(place.region, 'us-east-1')),
        byScheduler(id, place.account, null),
        assume({ service: 'events.amazonaws.com' }, `posture-function-${id}`, {
          'aws:SourceAccount': place.account,
          'aws:SourceArn': group,
        }),
        assume(admin, `posture-function-${id}`, { 'aws:SourceAccount': place.account, 'aws:SourceArn': group }),
      ]);
      expect(await allowed(others)).toEqual([]);
    });

    it('of a function that schedules nothing is not assumed by Scheduler', async () => {
      const calls = ['posture-function-control', 'posture-policy-validator'].map((name) => ({
        ...byScheduler('', place.account, group),
        resource: role(name),
      }));
      expect(await allowed(calls)).toEqual([]);
    });
  });
}
