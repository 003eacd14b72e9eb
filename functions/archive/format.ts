/** The key of a batch in the archive. Numbers are global and have no gaps. */
export const batchKey = (day: string, number: number): string => `log/day=${day}/${digits(number)}.jsonl`;
/** The key of a seal in the archive. */
export const sealKey = (number: number): string => `seals/${digits(number)}.json`;
const digits = (number: number): string => String(number).padStart(12, '0');
