import { CreateAccessKeyCommand, CreateUserCommand, GetAccessKeyLastUsedCommand, IAMClient } from '@aws-sdk/client-iam';
import { useEmulator } from './use';

const emulator = useEmulator();

it('finds when a key was last used, while accounts are added', async () => {
  const { client } = await emulator.account();
  const iam = client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: 'somebody' }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'somebody' }));
  const AccessKeyId = AccessKey?.AccessKeyId ?? '';
  const ask = async () => (await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }))).UserName;
  // So many that a search takes longer than a turn of a thread.
  for (let made = 0; made < 1500; made += 50) await Promise.all(Array.from({ length: 50 }, () => emulator.account()));
  const rounds = Array.from({ length: 200 }, async () => {
    await emulator.account();
    return Promise.all([ask(), ask(), ask()]);
  });
  expect(new Set((await Promise.all(rounds)).flat())).toEqual(new Set(['somebody']));
});
