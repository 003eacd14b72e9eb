import { defaultProvider } from '../../functions/aws/environment-credentials';

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

describe('the credentials in a bundle', () => {
  it('are those that Lambda puts into the environment', async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' });
    expect(await defaultProvider()()).toEqual({ accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'token' });
  });

  it('are missed with a clear word where there are none', async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    await expect(defaultProvider()()).rejects.toThrow('AWS_ACCESS_KEY_ID');
  });
});
