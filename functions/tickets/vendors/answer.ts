import type * as z from 'zod';
import { firstIssueText } from '../../shape-issue';
import type { TrackerProblem } from '../tracker';
import { TrackerError } from '../tracker-error';

/** What was expected of an answer. Throws a TrackerError: an answer that can't be read says nothing about what was done. */
export function expectShape<Shape extends z.ZodType>(shape: Shape, answer: unknown, vendor: string): z.output<Shape> {
  const read = shape.safeParse(answer);
  if (read.success) return read.data;
  throw new TrackerError('unanswered', `${vendor}: the answer can't be read: ${firstIssueText(read.error.issues)}.`);
}

/** Not there, or not for us to see. */
export function absent(error: unknown): undefined {
  if (error instanceof TrackerError && error.failure === 'not-found') return undefined;
  throw error;
}

/** Opens no ticket where everybody can read it, also if that was not so when the project was checked. Throws a TrackerError. */
export function refuseOpen(problems: readonly TrackerProblem[], vendor: string): void {
  const open = problems.find(({ code }) => code === 'readable-by-everybody');
  if (open) throw new TrackerError('rejected', `${vendor}: ${open.message}`);
}
