import { createInterface } from 'node:readline/promises';
import { Unable } from '../failure';

/** Asks on the terminal; throws an Unable without one. */
export async function isConfirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Unable('Not an interactive terminal: pass --yes to skip the confirmation.');
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
