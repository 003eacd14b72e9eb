import { createHash } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Partition } from './choose-index';
import type { Item } from './item';

/** Where the next page begins in a partition: after an item, at its start, or nowhere, as all of it was read. */
export type Position = Item | 'start' | 'end';

const place = z.tuple([
  z.string(),
  /** As the table has it: a forged item may have a number that is no safe integer. */
  z.string().regex(/^[-+.\dE]{1,60}$/i),
  z.string(),
]);
const cursor = z.strictObject({ of: z.string(), at: z.array(z.union([place, z.literal('start'), z.literal('end')])) });

/** The cursor of the page that begins at these positions. */
export function cursorAt(positions: readonly Position[], query: readonly Partition[]): string {
  const at = positions.map((one) => (typeof one === 'string' ? one : [one.trail?.S, one.sequence?.N, one.time?.S]));
  return Buffer.from(JSON.stringify({ of: nameOf(query), at })).toString('base64url');
}

/** The positions of a cursor. Throws a RangeError if it is not one of this query. */
export function positionsOf(text: string, query: readonly Partition[]): readonly Position[] {
  const read = cursor.safeParse(parsed(text));
  if (!read.success) throw new RangeError('The cursor is invalid. Specify the cursor that the previous page ended with.');
  if (read.data.of !== nameOf(query) || read.data.at.length !== query.length)
    throw new RangeError('The cursor belongs to a different query. Repeat that query, or remove the cursor.');
  return read.data.at.map((one, index) => {
    const { attribute = '', value = '' } = query[index] ?? {};
    return typeof one === 'string' ? one : { ...marshall({ trail: one[0], time: one[2], [attribute]: value }), sequence: { N: one[1] } };
  });
}

const nameOf = (query: readonly Partition[]): string =>
  createHash('sha256')
    .update(JSON.stringify(query.map(({ name, value }) => [name, value])))
    .digest('base64url')
    .slice(0, 12);

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}
