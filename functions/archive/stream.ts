import * as z from 'zod';
import type { Item } from '../log/item';
import { fromDynamoJson } from './dynamo-json';
import { lineOf, lineOfRemoval } from './format';

/** What Lambda hands over of a DynamoDB stream. The records are read one by one: a malformed one must not keep the others. */
export const streamEventShape = z.object({ Records: z.array(z.unknown()).min(1) });

const attributes = z.record(z.string(), z.unknown());
const recordShape = z.discriminatedUnion('eventName', [
  z.object({ eventName: z.enum(['INSERT', 'MODIFY']), dynamodb: z.object({ NewImage: attributes }) }),
  z.object({ eventName: z.literal('REMOVE'), dynamodb: z.object({ Keys: attributes }) }),
]);

/** The line of a record of the stream. `alters`: it is no new event, but another in the place of one, or none any more. */
export type StreamLine =
  | { readonly line: string; readonly item: Item; readonly alters?: 'replaced' | 'removed' }
  | { readonly malformed: string };

/** Reads a record of the stream. Never throws: what can't be read is filled in from the table. */
export function readRecord(record: unknown): StreamLine {
  const parsed = recordShape.safeParse(record);
  if (!parsed.success) return { malformed: 'It is no record of a change with a new image.' };
  try {
    if (parsed.data.eventName === 'REMOVE') {
      const key = fromDynamoJson(parsed.data.dynamodb.Keys);
      return { line: lineOfRemoval(key), item: key, alters: 'removed' };
    }
    const item = fromDynamoJson(parsed.data.dynamodb.NewImage);
    return { line: lineOf(item), item, ...(parsed.data.eventName === 'MODIFY' && { alters: 'replaced' as const }) };
  } catch (error) {
    return { malformed: error instanceof Error ? error.message : String(error) };
  }
}
