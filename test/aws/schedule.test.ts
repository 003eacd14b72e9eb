import { ConflictException, CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { schedule, scheduleNames } from '../../functions/aws/schedule';
import { like } from '../emulator/gateway/permissions/wildcard';
import { mockClient } from '../emulator/models/mock-client';

const scheduler = mockClient(SchedulerClient);
beforeEach(() => scheduler.reset());
afterAll(() => scheduler.restore());

const role = 'arn:aws:iam::111122223333:role/posture-function-r';
const target = 'arn:aws:lambda:eu-west-1:111122223333:function:posture-r';
const undelivered = 'arn:aws:sqs:eu-west-1:111122223333:posture-undelivered';
const at = new Date('2026-11-24T12:00:30.500Z');
const book = (prefix: string, name: string) =>
  schedule({ client: new SchedulerClient({}), group: 'posture', role, target, undelivered, prefix }, { again: 1 }, at, name);
const made = () => scheduler.commandCalls(CreateScheduleCommand).map(({ args: [{ input }] }) => input);
const names = () => made().map(({ Name = '' }) => Name);

it('a schedule invokes the function once, at that second, and puts the message among the undelivered where that fails', async () => {
  await book('r', 'one');
  expect(made()).toEqual([
    {
      Name: expect.stringMatching(/^r-[0-9a-f]{16}$/),
      GroupName: 'posture',
      ScheduleExpression: 'at(2026-11-24T12:00:30)',
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
      Target: { Arn: target, RoleArn: role, Input: '{"again":1}', DeadLetterConfig: { Arn: undelivered } },
    },
  ]);
});

it('the same name asked twice comes once, another name comes too, and the same of another function', async () => {
  await book('r', 'one');
  await book('r', 'one');
  await book('r', 'two');
  await book('s', 'one');
  const [first = '', second, third, fourth = ''] = names();
  expect(second).toBe(first);
  expect(third).not.toBe(first);
  expect(fourth.slice(2)).not.toBe(first.slice(2));
  scheduler.on(CreateScheduleCommand).rejects(new ConflictException({ message: 'there', $metadata: {}, Message: 'there' }));
  await expect(book('r', 'one')).resolves.toBeUndefined();
  scheduler.on(CreateScheduleCommand).rejects(new Error('denied'));
  await expect(book('r', 'one')).rejects.toThrow('denied');
});

it('the names match the pattern of the role, however long what they begin with is, and no pattern of one that begins alike', async () => {
  const long = 'r'.repeat(60);
  await book('r', 'one');
  await book(long, 'one');
  const [short = '', longer = ''] = names();
  expect([like(scheduleNames('r'), short), like(scheduleNames(long), longer)]).toEqual([true, true]);
  expect(longer).toHaveLength(64);
  await book('r-too', 'one');
  expect(like(scheduleNames('r'), names()[2] ?? '')).toBe(false);
});
