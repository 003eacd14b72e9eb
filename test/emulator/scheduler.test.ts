import { CreateScheduleCommand, CreateScheduleGroupCommand, type CreateScheduleInput, SchedulerClient } from '@aws-sdk/client-scheduler';
import type { Account } from './account';
import { type Schedule, schedulesOf } from './scheduler';
import { useEmulator } from './use';

const emulator = useEmulator();

const target = 'arn:aws:lambda:eu-west-1:111122223333:function:rule';
const schedule = (account: Account, name: string, at: string, more: Partial<CreateScheduleInput> = {}) =>
  account.client(SchedulerClient).send(
    new CreateScheduleCommand({
      Name: name,
      ScheduleExpression: `at(${at})`,
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
      Target: { Arn: target, RoleArn: 'arn:aws:iam::111122223333:role/scheduler', Input: JSON.stringify({ name }) },
      ...more,
    }),
  );

const names = (schedules: readonly Schedule[]) => schedules.map(({ name }) => name);

describe('one-time schedules', () => {
  it('fire once they are due, in order, and are deleted', async () => {
    const account = await emulator.account();
    await account.client(SchedulerClient).send(new CreateScheduleGroupCommand({ Name: 'posture' }));
    await schedule(account, 'later', '2026-11-01T12:00:00', { GroupName: 'posture' });
    await schedule(account, 'sooner', '2026-11-01T11:00:00');
    await schedule(account, 'tomorrow', '2026-11-02T00:00:00');
    const schedules = schedulesOf(account);
    const delivered: Schedule[] = [];
    const deliver = async (due: Schedule) => void delivered.push(due);
    expect(names(await schedules.list())).toEqual(['sooner', 'later', 'tomorrow']);
    await schedules.fire(new Date('2026-11-01T10:59:59Z'), deliver);
    expect(delivered).toEqual([]);
    await schedules.fire(new Date('2026-11-01T12:00:00Z'), deliver);
    expect(names(delivered)).toEqual(['sooner', 'later']);
    expect(delivered[1]).toMatchObject({
      group: 'posture',
      target,
      role: 'arn:aws:iam::111122223333:role/scheduler',
      input: '{"name":"later"}',
    });
    expect(names(await schedules.list())).toEqual(['tomorrow']);
  });

  it('stay, but fire only once, if they are not to be deleted', async () => {
    const account = await emulator.account();
    await schedule(account, 'kept', '2026-11-01T11:00:00', { ActionAfterCompletion: 'NONE' });
    const schedules = schedulesOf(account);
    const now = new Date('2026-12-01T00:00:00Z');
    expect(names(await schedules.fire(now, async () => {}))).toEqual(['kept']);
    expect(names(await schedules.fire(now, async () => {}))).toEqual([]);
    expect(names(await schedules.list())).toEqual(['kept']);
  });

  it('stay if the target could not be reached', async () => {
    const account = await emulator.account();
    await schedule(account, 'again', '2026-11-01T11:00:00');
    const schedules = schedulesOf(account);
    const now = new Date('2026-12-01T00:00:00Z');
    await expect(schedules.fire(now, () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(names(await schedules.fire(now, async () => {}))).toEqual(['again']);
  });

  it('do not fire when disabled, in other regions, or when they recur', async () => {
    const account = await emulator.account();
    await schedule(account, 'off', '2026-11-01T11:00:00', { State: 'DISABLED' });
    await schedule(account, 'recurring', '', { ScheduleExpression: 'rate(1 hour)' });
    const elsewhere = {
      ...account,
      client: ((Class: typeof SchedulerClient) => account.client(Class, { region: 'eu-north-1' })) as Account['client'],
    };
    await schedule(elsewhere, 'elsewhere', '2026-11-01T11:00:00');
    const schedules = schedulesOf(account);
    expect(await schedules.fire(new Date('2026-12-01T00:00:00Z'), async () => {})).toEqual([]);
    expect(names(await schedules.list())).toEqual(['off']);
  });

  it('are not guessed at in another time zone', async () => {
    const account = await emulator.account();
    await schedule(account, 'local', '2026-11-01T11:00:00', { ScheduleExpressionTimezone: 'Europe/Berlin' });
    await expect(schedulesOf(account).list()).rejects.toThrow('the emulator knows UTC alone');
  });
});
