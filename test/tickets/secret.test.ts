import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { field, type Secret, secretsManagerSecret } from '../../functions/tickets/secret';
import { useEmulator } from '../emulator/use';

const emulator = useEmulator();
const id = 'posture/github';
let now = 0;
let client: SecretsManagerClient;
let secret: Secret;
beforeEach(async () => {
  now = Date.parse('2026-11-24T09:00:00Z');
  client = (await emulator.account()).client(SecretsManagerClient);
  secret = secretsManagerSecret(client, id, { now: () => new Date(now), sleep: async () => undefined });
});
const create = (text: string) => client.send(new CreateSecretCommand({ Name: id, SecretString: text }));
const replace = (text: string) => client.send(new PutSecretValueCommand({ SecretId: id, SecretString: text }));

describe('the secret of the tracker', () => {
  it('is read once in five minutes, also by several at the same time', async () => {
    await create('{"token":"first-token"}');
    emulator.gateway.clear();
    await Promise.all([secret.read(), secret.read()]);
    await replace('{"token":"second-token"}');
    now += 299_000;
    expect(await secret.read()).toEqual({ token: 'first-token' });
    now += 1000;
    expect(await secret.read()).toEqual({ token: 'second-token' });
    expect(emulator.gateway.calls.filter(({ operation }) => operation === 'GetSecretValue')).toHaveLength(2);
    expect(secret.seen()).toEqual(['first-token', 'second-token']);
  });

  it('is read again when the tracker refuses it, at most once a minute', async () => {
    await create('{"token":"first-token"}');
    await secret.read();
    await replace('{"token":"second-token"}');
    expect(secret.refused()).toBe(false);
    expect(await secret.read()).toEqual({ token: 'first-token' });
    now += 60_000;
    expect(secret.refused()).toBe(true);
    expect(await secret.read()).toEqual({ token: 'second-token' });
  });

  it.each([
    ['no JSON', 'a-token-in-the-clear'],
    ['a list', '["a-token-in-the-clear"]'],
    ['a number', '{"token":12345678}'],
    ['an empty text', '{"token":""}'],
  ])('is refused if it is %s, without a word of it', async (_, text) => {
    await create(text);
    await expect(secret.read()).rejects.toThrow(/^The secret "posture\/github" is invalid: .*It must be a JSON object of texts\.$/);
    await expect(secret.read()).rejects.not.toThrow(/in-the-clear|12345678/);
  });

  it('that does not exist, or has no such field, is named with what to do', async () => {
    await expect(secret.read()).rejects.toThrow(/The secret "posture\/github" can't be read: ResourceNotFoundException.*Check its name/);
    expect(() => field({ user: 'u' }, 'token', 'GitHub')).toThrow(
      'The secret for GitHub has no field token. Add it; its fields are listed in docs/tickets.md.',
    );
  });
});
