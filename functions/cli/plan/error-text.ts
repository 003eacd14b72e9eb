import { sentence } from '../failure';

/** An error of AWS, by its name. */
export const errorText = (error: unknown): string => `${error instanceof Error ? error.name : 'Error'}: ${sentence(error)}`;
