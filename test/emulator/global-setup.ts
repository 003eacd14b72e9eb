import { availableParallelism } from 'node:os';
import { ministack } from './ministack';
import { type Moto, startMoto } from './moto';
import { findPython } from './python';

declare global {
  var emulatorsOfThisRun: readonly Moto[] | undefined;
}

/** The tests wait for moto most of all, and one moto uses one core. */
const maxEmulators = 2;

/** Starts the motos that the workers of Jest share, at most one a core, unless POSTURE_EMULATOR already names some. */
export default async function globalSetup({ maxWorkers }: { readonly maxWorkers: number }): Promise<void> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  if (process.env.POSTURE_EMULATOR !== undefined) return;
  const progress = (line: string) => process.stderr.write(`${line}\n`);
  // Installed once, before several workers look for it.
  const evaluator = findPython({ needs: ministack, progress }).catch((error: unknown) => progress(String(error)));
  try {
    const motos = [await startMoto({ progress })];
    globalThis.emulatorsOfThisRun = motos;
    const wanted = Math.min(maxEmulators, maxWorkers, availableParallelism());
    while (motos.length < wanted) motos.push(await startMoto({ progress }));
    process.env.POSTURE_AWS_MODELS = motos[0]?.models;
    process.env.POSTURE_EMULATOR = motos.map(({ url }) => url).join(' ');
  } catch (error) {
    // Only the tests that use the emulator fail: they say why.
    process.env.POSTURE_EMULATOR_ERROR = error instanceof Error ? error.message : String(error);
  }
  await evaluator;
}
