/** Stops the motos of this run. */
export default async function globalTeardown(): Promise<void> {
  for (const moto of globalThis.emulatorsOfThisRun ?? []) await moto.stop();
}
