import { namesOf } from '../../infra/names';
import { admin, place, role, ruleIds } from './app';
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
      { role: namesOf(id).scheduleRole },
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
    const own = all.filter((name) => /^posture-(function|schedule|automation)/.test(name));
    expect(await allowed(callers.flatMap((name) => own.map((other) => assume({ role: name }, other))))).toEqual([]);
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

  it('the role of schedules is assumed for the schedules of this account alone', async () => {
    const [id = ''] = ruleIds;
    const group = `arn:aws:scheduler:${place.region}:${place.account}:schedule-group/posture`;
    const byScheduler = (account: string, arn: string) =>
      assume({ service: 'scheduler.amazonaws.com' }, namesOf(id).scheduleRole, { 'aws:SourceAccount': account, 'aws:SourceArn': arn });
    expect(await allowed([byScheduler(place.account, group)])).toHaveLength(1);
    expect(await allowed([byScheduler('444455556666', group), byScheduler(place.account, group.replace('/posture', '/other'))])).toEqual(
      [],
    );
  });
}
