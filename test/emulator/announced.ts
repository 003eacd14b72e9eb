import type { ChildProcess } from 'node:child_process';

interface Announcing<Announcement> {
  /** The name of the program, for the error. */
  readonly program: string;
  readonly seconds: number;
  /** Reads what the program has printed so far; undefined until it is all there. */
  readonly read: (printed: string) => Announcement | undefined;
}

/** What a program prints when it has started, such as its port. Rejects if it ends, or takes too long. */
export const announced = <Announcement>(child: ChildProcess, { program, seconds, read }: Announcing<Announcement>): Promise<Announcement> =>
  new Promise((resolve, reject) => {
    let printed = '';
    let complaints = '';
    const give = (reason: string) => {
      clearTimeout(timer);
      reject(new Error(`${program} did not start: ${reason}. ${complaints.trim().split('\n').slice(-5).join('\n')}`.trim()));
    };
    const timer = setTimeout(() => give(`no port after ${seconds} s`), seconds * 1000);
    child.on('error', (error) => give(error.message));
    child.on('exit', (code, signal) => give(`it ended with ${signal ?? `code ${code}`}`));
    // Both are read to the end of its life: a full pipe would stop it.
    child.stderr?.on('data', (chunk: Buffer) => {
      complaints = (complaints + chunk.toString()).slice(-8192);
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-65_536);
      const announcement = read(printed);
      if (announcement === undefined) return;
      clearTimeout(timer);
      resolve(announcement);
    });
  });
