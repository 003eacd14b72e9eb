import * as fc from 'fast-check';

// A run of the tests tells of the change alone: the same examples each time, and others by POSTURE_SEED.
fc.configureGlobal({ seed: Number(process.env.POSTURE_SEED ?? 1) });

/** Checks a property that does not await. An asynchronous one is refused: its type names a promise, which a test could forget to await. */
export const assert: <Ts>(property: fc.IProperty<Ts>, parameters?: fc.Parameters<Ts>) => void = fc.assert;

export * from 'fast-check';
