import * as z from 'zod';
import type { LastChange } from '../../decision/facts';

const optionalText = z.string().nullish();

const shape = z.object({
  eventName: z.string(),
  eventTime: z.iso.datetime({ offset: true }),
  /** CloudTrail writes a boolean; what copies its events may write a text. */
  readOnly: z
    .union([z.boolean(), z.enum(['true', 'false'])])
    .nullish()
    .transform((value) => value === true || value === 'true'),
  errorCode: optionalText,
  userAgent: optionalText.transform((value) => value ?? ''),
  userIdentity: z
    .object({ arn: optionalText, invokedBy: optionalText, type: optionalText })
    .nullish()
    .transform((value) => value ?? {}),
});

/** A record of CloudTrail, as far as it tells who did what. */
export type TrailRecord = z.infer<typeof shape>;

/** Called with the number of records that could not be read. */
export type Skip = (records: number) => void;

/** The record, as far as it tells who did what; undefined if it can't be read. */
export const recordOf = (record: unknown): TrailRecord | undefined => shape.safeParse(record).data;

/** The record in the text of an event; undefined if it can't be read. */
export function recordIn(text = ''): TrailRecord | undefined {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Whether somebody else than a rule's function has changed something in that account. */
export const isChangeOfOthers = ({ readOnly, errorCode, userIdentity }: TrailRecord, account: string): boolean =>
  !readOnly && (errorCode ?? '') === '' && !isOurs(userIdentity.arn ?? undefined, account);

export const changeIn = ({ eventName, eventTime, userAgent, userIdentity: { arn, invokedBy, type } }: TrailRecord): LastChange => ({
  principal: arn ?? invokedBy ?? type ?? 'unknown',
  userAgent: invokedBy ?? userAgent,
  event: eventName,
  at: eventTime,
});

/** Whether a rule's function made the change: with its member role in that account, in a session named after the rule. A user agent proves nothing. */
function isOurs(arn: string | undefined, account: string): boolean {
  const [, of, rule = '', session] = /^arn:[^:]+:sts::(\d{12}):assumed-role\/posture-([^/]+)\/(.+)$/.exec(arn ?? '') ?? [];
  return of === account && session === rule.slice(0, 64);
}
