/** The log level: failed requests only, or all. */
export type Level = 'ERROR' | 'INFO';

/** Whether this level logs at least as much as the expected one. */
export const isLogged = (level: string | null | undefined, expected: Level): boolean =>
  level === 'INFO' || (level === 'ERROR' && expected === 'ERROR');
