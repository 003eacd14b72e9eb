import * as z from 'zod';
import { canonicalJson, sameJson } from '../canonical-json';
import type { LogEvent } from '../log/event';

const envelope = z.object({ trail: z.string(), sequence: z.number(), refilled: z.literal(true).optional() });
const fields = z.looseObject({ hash: z.string(), previous: z.string(), time: z.string() });

/** A line of a batch: an event of a trail, another record (an item that is no event), or neither. */
export type Line =
  | { readonly is: 'event'; readonly trail: string; readonly sequence: number; readonly event: LogEvent; readonly refilled: boolean }
  /** `removed`: the item was removed from the table. */
  | { readonly is: 'other'; readonly trail: string; readonly sequence: number; readonly removed: boolean }
  | { readonly is: 'unreadable' };

export function readLine(text: Uint8Array): Line {
  const json = parsed(text);
  const read = envelope.safeParse(json);
  if (!read.success) return { is: 'unreadable' };
  const { trail, sequence, refilled = false } = read.data;
  const { event, item } = json as { readonly event?: unknown; readonly item?: unknown };
  // Of an event, the hash covers everything else: `sequence` too, which has to be that of the line.
  const isEvent = event !== undefined && fields.safeParse(event).success && Number.isSafeInteger(sequence) && sequence > 0;
  return isEvent
    ? { is: 'event', trail, sequence, event: event as LogEvent, refilled }
    : { is: 'other', trail, sequence, removed: sameJson(item ?? null, {}) };
}

/** Undefined unless the text is canonical JSON: only then do equal texts mean equal values. */
function parsed(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes).toString();
  try {
    const json: unknown = JSON.parse(text);
    return canonicalJson(json) === text ? json : undefined;
  } catch {
    return undefined;
  }
}
