/** Stops the moto of this run. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.emulatorOfThisRun?.stop();
}
