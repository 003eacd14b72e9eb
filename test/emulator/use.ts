import { type Account, freshAccount } from './account';
import { type Gateway, startGateway } from './gateway';

export interface Emulator {
  /** The gateway of this test file. */
  readonly gateway: Gateway;
  /** An account of its own for a test. */
  account(options?: { readonly region?: string }): Promise<Account>;
}

/** The URL of the moto that this worker of Jest uses; others may use it too, each with accounts of its own. */
export const emulatorOfThisWorker = (): string => {
  const { POSTURE_EMULATOR: urls = '', POSTURE_EMULATOR_ERROR: problem, JEST_WORKER_ID: worker = 1 } = process.env;
  const all = urls.split(' ');
  const own = all[Number(worker) % all.length];
  if (own) return own;
  throw new Error(`No emulator: ${problem ?? 'run the tests by Jest with the jest.config.cjs of this repository, which starts it.'}`);
};

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
    started = await startGateway({ upstream: emulatorOfThisWorker() });
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
