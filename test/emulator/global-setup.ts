import { type Moto, startMoto } from './moto';

declare global {
  var emulatorOfThisRun: Moto | undefined;
}

/** Starts one moto for all workers of Jest, unless POSTURE_EMULATOR already names one. */
export default async function globalSetup(): Promise<void> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  if (process.env.POSTURE_EMULATOR !== undefined) return;
  try {
    globalThis.emulatorOfThisRun = await startMoto({ progress: (line) => process.stderr.write(`${line}\n`) });
    process.env.POSTURE_EMULATOR = globalThis.emulatorOfThisRun.url;
  } catch (error) {
    // Only the tests that use the emulator fail: they say why.
    process.env.POSTURE_EMULATOR_ERROR = error instanceof Error ? error.message : String(error);
  }
}
