import type { ForgedRecord } from '../../log/read-item';
import { colours, note, printable } from '../print/printed';

/** Reports forged records on standard error, which no output format hides. */
export function noteForged(records: readonly ForgedRecord[]): void {
  for (const one of records) note(`${colours().red('forged')}  ${forgedText(one)}`);
}

/** Which record is forged, and why; nothing of its content. */
export const forgedText = ({ trail, sequence, why }: ForgedRecord): string =>
  `Record ${printable(String(sequence))} of the trail ${printable(trail)} is not used. ${printable(why)}`;
