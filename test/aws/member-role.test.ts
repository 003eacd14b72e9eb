import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { memberRoles } from '../../functions/aws/member-role';
import { hours } from '../../functions/duration';
import { mockClient } from '../emulator/models/mock-client';
import { travelFrom } from '../guardrails/travel';

const sts = mockClient(STSClient);
afterAll(() => sts.restore());

const clock = travelFrom('2026-11-24T12:00:00Z');

function setUp() {
  sts.reset();
  let refused = false;
  sts.on(AssumeRoleCommand).callsFake(() => {
    if (refused) throw new Error('denied');
    return {
      Credentials: {
        AccessKeyId: `key ${sts.calls().length}`,
        SecretAccessKey: 'secret',
        SessionToken: 'token',
        Expiration: new Date(clock.now().getTime() + hours(1)),
      },
    };
  });
  const roles = memberRoles(new STSClient({}), 'arn:{partition}:iam::{account}:role/posture-r', 'rule', clock);
  return {
    refuse: (yes: boolean) => {
      refused = yes;
    },
    keyIn: async (account: string) => (await roles({ partition: 'aws', account, region: 'eu-west-1' })()).accessKeyId,
    asked: () => sts.commandCalls(AssumeRoleCommand).map(({ args: [{ input }] }) => input.RoleArn),
  };
}

const arnIn = (account: string) => `arn:aws:iam::${account}:role/posture-r`;

describe('the credentials of a member role', () => {
  it('are asked for once while they last, and anew five minutes before they end, by the clock that is given', async () => {
    const { keyIn } = setUp();
    expect([await keyIn('111122223333'), await keyIn('111122223333')]).toEqual(['key 1', 'key 1']);
    clock.pass(54 * 60);
    expect(await keyIn('111122223333')).toBe('key 1');
    clock.pass(60);
    expect([await keyIn('111122223333'), await keyIn('111122223333')]).toEqual(['key 2', 'key 2']);
  });

  it('are asked for once where two ask for them at the same moment, also when they have ended', async () => {
    const { keyIn } = setUp();
    expect(await Promise.all([keyIn('111122223333'), keyIn('111122223333')])).toEqual(['key 1', 'key 1']);
    clock.pass(3600);
    expect(await Promise.all([keyIn('111122223333'), keyIn('111122223333')])).toEqual(['key 2', 'key 2']);
  });

  it('are not kept where they were refused', async () => {
    const { keyIn, refuse } = setUp();
    refuse(true);
    await expect(keyIn('111122223333')).rejects.toThrow('denied');
    refuse(false);
    expect(await keyIn('111122223333')).toBe('key 2');
  });

  it('are kept of the twenty roles that were used last', async () => {
    const { keyIn, asked } = setUp();
    const accounts = Array.from({ length: 20 }, (_, index) => String(111122223300 + index));
    for (const account of accounts) await keyIn(account);
    await keyIn('111122223300');
    await keyIn('999999999999');
    await keyIn('111122223300');
    expect(asked()).toHaveLength(21);
    await keyIn('111122223301');
    expect(asked().at(-1)).toBe(arnIn('111122223301'));
    expect(asked()).toHaveLength(22);
  });
});
