import { namesOf } from '../../infra/names';
import { functionRole, keys, place, role, ruleIds, schedulesOf, table } from './app';
import type { Call, Principal } from './authorization';
import type { Judge } from './judge';

const regional = (service: string, rest: string): string => `arn:aws:${service}:${place.region}:${place.account}:${rest}`;

/** What a rule's function does with its own role while it remediates a finding, and what it leaves behind. */
function callsOf(id: string, by: Principal = functionRole(id)): readonly Call[] {
  const call = (action: string, resource: string, context: Call['context'] = {}): Call => ({ principal: by, action, resource, context });
  const [orders, coordination] = [table('posture-orders'), table('posture-coordination')];
  return [
    call('dynamodb:PartiQLInsert', table('posture-log'), keys(`${id}/01K0`)),
    call('dynamodb:Query', table('posture-log'), keys(`${id}/01K0`)),
    call('dynamodb:GetItem', orders, keys(`rollback ${id} 01K0`)),
    call('dynamodb:BatchGetItem', orders, keys(`approval ${id} 01K0`, `hold ${id} arn:aws:s3:::b`)),
    call('dynamodb:PutItem', coordination, keys(`open ${id} arn:aws:s3:::b`)),
    call('dynamodb:UpdateItem', coordination, keys(`permit ${id} 01K0 1`)),
    call('dynamodb:UpdateItem', coordination, keys(`count rule ${id} 2026-11-29T10`)),
    call('sts:AssumeRole', role(namesOf(id).memberRole)),
    call('lambda:InvokeFunction', regional('lambda', `function:${namesOf(id).function}`)),
    call('scheduler:CreateSchedule', regional('scheduler', `schedule/posture/${id}-0123456789abcdef`)),
    call('iam:PassRole', role(namesOf(id).functionRole), { 'iam:PassedToService': 'scheduler.amazonaws.com' }),
  ];
}

export function legalCalls(judge: Judge): void {
  const allowed = async (calls: readonly Call[]) => {
    const verdicts = await judge.judgeAll(calls);
    return calls.filter((_, index) => verdicts[index]?.allowed);
  };

  it('each rule may do all that it does', async () => {
    const calls = ruleIds.flatMap((id) => callsOf(id));
    expect(await allowed(calls)).toEqual(calls);
  });

  it('and nothing of it in the name of the next rule', async () => {
    const next = new Map(ruleIds.map((id, index) => [id, ruleIds[(index + 1) % ruleIds.length] ?? '']));
    expect(await allowed(ruleIds.flatMap((id) => callsOf(next.get(id) ?? '', functionRole(id))))).toEqual([]);
  });

  it('and nothing of it with credentials that were taken out of the function', async () => {
    const stolen = ruleIds.flatMap((id) =>
      callsOf(id).map((call): Call => ({ ...call, context: { ...call.context, 'lambda:SourceFunctionArn': null } })),
    );
    // IAM asks for the permission to pass a role when Scheduler is called, and not when the function calls.
    expect((await allowed(stolen)).filter(({ action }) => action !== 'iam:PassRole')).toEqual([]);
  });

  it('and nothing of it as the target of a schedule, but to invoke its own function', async () => {
    const calls = ruleIds.flatMap((id) => callsOf(id, schedulesOf(id))).filter(({ action }) => action !== 'iam:PassRole');
    expect(await allowed(calls)).toEqual(calls.filter(({ action }) => action === 'lambda:InvokeFunction'));
  });

  it('and as the target of a schedule otherwise only what Lambda and Scheduler themselves send with the role', async () => {
    const names = [...ruleIds.map((id) => [id, namesOf(id).function] as const), ['notify', 'posture-notify'] as const];
    const log = (name: string) => regional('logs', `log-group:/aws/lambda/${name}:log-stream:some`);
    const calls = names.flatMap(([id, name], index) => {
      const call = (action: string, resource: string): Call => ({ principal: schedulesOf(id), action, resource });
      const [, next = ''] = names[(index + 1) % names.length] ?? [];
      const own = [
        ...['posture-undelivered', 'posture-failed'].map((queue) => call('sqs:SendMessage', regional('sqs', queue))),
        ...['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => call(action, log(name))),
        ...['xray:PutTraceSegments', 'xray:PutTelemetryRecords'].map((action) => call(action, '*')),
      ];
      const others: readonly Call[] = [
        call('sqs:SendMessage', regional('sqs', 'somebodys')),
        ...['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:PurgeQueue'].map((action) => call(action, regional('sqs', 'posture-failed'))),
        ...[next, 'posture-control', 'somebodys'].map((other) => call('logs:PutLogEvents', log(other))),
        ...['logs:DeleteLogStream', 'logs:DeleteLogGroup', 'logs:PutRetentionPolicy'].map((action) => call(action, log(name))),
        call('sns:Publish', regional('sns', 'posture-notifications')),
        {
          ...call('kms:Decrypt', regional('kms', 'key/0123')),
          context: { 'kms:ViaService': null, 'kms:EncryptionContext:aws:sns:topicArn': null },
        },
      ];
      return [...own.map((one) => ({ one, isOwn: true })), ...others.map((one) => ({ one, isOwn: false }))];
    });
    const own = calls.filter(({ isOwn }) => isOwn).map(({ one }) => one);
    expect(await allowed(calls.map(({ one }) => one))).toEqual(own);
  });

  it('each role of a rule passes itself to Scheduler alone', async () => {
    const pass = (id: string, service: string): Call => ({
      principal: functionRole(id),
      action: 'iam:PassRole',
      resource: role(namesOf(id).functionRole),
      context: { 'iam:PassedToService': service },
    });
    expect(
      await allowed(ruleIds.flatMap((id) => ['lambda.amazonaws.com', 'ec2.amazonaws.com'].map((service) => pass(id, service)))),
    ).toEqual([]);
  });

  it('outcomes are published to the own bus alone', async () => {
    const put = (bus: string): Call => ({
      principal: functionRole('control'),
      action: 'events:PutEvents',
      resource: regional('events', `event-bus/${bus}`),
    });
    expect(await allowed([put('posture'), put('default')])).toEqual([put('posture')]);
  });
}
