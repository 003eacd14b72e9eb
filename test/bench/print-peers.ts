import { textTable } from '../../functions/cli/print/text-table';
import type { PeerRow } from './peers';

/** Each row with its ratio to the first, which is ours in a new process. A program that did not fix what it was given fails the run. */
export function printPeers(rows: readonly PeerRow[]): void {
  const [first] = rows;
  const cells = rows.map(({ name, milliseconds, calls, isFixed }) => [
    name,
    String(Math.round(milliseconds)),
    (milliseconds / (first?.milliseconds ?? milliseconds)).toFixed(2),
    String(calls),
    isFixed ? 'yes' : 'no',
  ]);
  console.log(textTable(['a fix of S3.5 by', 'ms', 'ratio', 'AWS calls', 'fixed'], cells));
  if (rows.some(({ isFixed }) => !isFixed)) process.exitCode = 1;
}
