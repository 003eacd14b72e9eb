import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { ChosenIndex } from './choose-index';
import type { Item } from './item';

const cursor = z.strictObject({
  trail: z.string(),
  /** As the table has it: a forged item may have a number that is no safe integer. */
  sequence: z.string().regex(/^[-+.\dE]{1,60}$/i),
  time: z.string(),
  attribute: z.string(),
  value: z.string(),
});

/** The cursor of the page after the item. */
export function cursorAt({ trail, sequence, time }: Item, { attribute, value }: ChosenIndex): string {
  return Buffer.from(JSON.stringify({ trail: trail?.S, sequence: sequence?.N, time: time?.S, attribute, value })).toString('base64url');
}

/** The start key of a cursor. Throws a RangeError if it is not one of this query. */
export function startOf(text: string, { attribute, value }: ChosenIndex): Item {
  const read = cursor.safeParse(parsed(text));
  if (!read.success) throw new RangeError('The cursor is invalid. Specify the cursor that the previous page ended with.');
  const { trail, sequence, time } = read.data;
  if (read.data.attribute !== attribute || read.data.value !== value)
    throw new RangeError('The cursor belongs to a different query. Repeat that query, or remove the cursor.');
  return { ...marshall({ trail, time, [attribute]: value }), sequence: { N: sequence } };
}

/** The value in a cursor; undefined if it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}
