import type * as z from 'zod';
import { firstIssueText } from '../../shape-issue';
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
