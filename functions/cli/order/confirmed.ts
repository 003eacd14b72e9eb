import { createInterface } from 'node:readline/promises';
import { Unable } from '../failure';

/** Whether the person says yes; throws where nobody can be asked. */
export async function isConfirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Unable('Nobody can be asked here. Add --yes to have it done.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const said = await terminal.question(`${question} [y/N] `);
    return /^y(es)?$/i.test(said.trim());
  } catch {
    return false;
  } finally {
    terminal.close();
  }
}
