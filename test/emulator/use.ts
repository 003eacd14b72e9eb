import { type Account, freshAccount } from './account';
import { type Gateway, startGateway } from './gateway';

export interface Emulator {
  /** The gateway of this test file. */
  readonly gateway: Gateway;
  /** An account of its own for a test. */
  account(options?: { readonly region?: string }): Promise<Account>;
}

/**
 * Gives a test file (or a `describe`) its own gateway to the emulator: call it at the top, use the result in tests.
 * Meanwhile `AWS_ENDPOINT_URL` names it, so clients made without an endpoint reach it too.
 */
export const useEmulator = (): Emulator => {
  let started: Gateway | undefined;
  let before: string | undefined;
  const gateway = () => {
    if (started === undefined) throw new Error('The emulator runs only while tests do: use it inside a test, beforeAll or beforeEach.');
    return started;
  };

  beforeAll(async () => {
    const upstream = process.env.POSTURE_EMULATOR;
    if (upstream === undefined) {
      throw new Error(
        `No emulator: ${process.env.POSTURE_EMULATOR_ERROR ?? 'run the tests by Jest with the jest.config.cjs of this repository, which starts it.'}`,
      );
    }
    started = await startGateway({ upstream });
    before = process.env.AWS_ENDPOINT_URL;
    process.env.AWS_ENDPOINT_URL = started.url;
  });
  afterAll(async () => {
    if (before === undefined) delete process.env.AWS_ENDPOINT_URL;
    else process.env.AWS_ENDPOINT_URL = before;
    await started?.stop();
    started = undefined;
  });

  return {
    get gateway() {
      return gateway();
    },
    account: (options) => freshAccount(gateway(), options),
  };
};
