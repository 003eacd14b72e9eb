/** What API Gateway logs of the requests: those that fail, or all. */
export type Level = 'ERROR' | 'INFO';

/** Whether this level logs at least what is wished. */
export const isLogged = (level: string | null | undefined, wished: Level): boolean =>
  level === 'INFO' || (level === 'ERROR' && wished === 'ERROR');
