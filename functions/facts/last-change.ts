import { LookupEventsCommand, type LookupEventsCommandOutput } from '@aws-sdk/client-cloudtrail';
import * as z from 'zod';
import type { Aws, Resource } from '../../rules/rule';
import type { LastChange } from '../decision/facts';

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

/** Called with the number of records that could not be read. */
type Skip = (records: number) => void;

/**
 * The last change of the resource in CloudTrail's event history of 90 days; undefined if it has none but our own. The history is delayed by
 * some minutes. A record that can't be read is skipped. Source: the CloudTrail API, LookupEvents, which allows two requests per second for
 * an account and region.
 */
export async function lastChangeOf(resource: Resource, aws: Aws, skip: Skip): Promise<LastChange | undefined> {
  // Services record the resource by id, by ARN, or as the caller named it: a lookup by only one of them could be evaded.
  const names = new Set([resource.id, ...(resource.arn.startsWith('arn:') ? [resource.arn] : [])]);
  let last: LastChange | undefined;
  for (const name of names) {
    const found = await lastOf(name, { account: resource.account, since: last?.at }, aws, skip);
    last = found ?? last;
  }
  return last;
}

interface Sought {
  readonly account: string;
  /** Only a later change counts. */
  readonly since: string | undefined;
}

/** The last change under that name. */
async function lastOf(name: string, { account, since }: Sought, aws: Aws, skip: Skip): Promise<LastChange | undefined> {
  for await (const record of recordsOf(name, aws, skip)) {
    if (since !== undefined && Date.parse(record.eventTime) <= Date.parse(since)) return undefined;
    if (isChangeOfOthers(record, account)) return changeIn(record);
  }
  return undefined;
}

/** The latest first. Reads are recorded among the changes; some pages are enough to find a change by an operator. */
async function* recordsOf(name: string, aws: Aws, skip: Skip): AsyncGenerator<Recorded> {
  const LookupAttributes = [{ AttributeKey: 'ResourceName' as const, AttributeValue: name }];
  let NextToken: string | undefined;
  for (let page = 0; page === 0 || (page < 3 && NextToken !== undefined); page += 1) {
    const answer: LookupEventsCommandOutput = await aws.send(new LookupEventsCommand({ LookupAttributes, MaxResults: 50, NextToken }));
    const records = (answer.Events ?? []).map(({ CloudTrailEvent }) => recordIn(CloudTrailEvent));
    const read = records.filter((record) => record !== undefined);
    if (read.length < records.length) skip(records.length - read.length);
    yield* read;
    NextToken = answer.NextToken;
  }
}

function recordIn(text = ''): Recorded | undefined {
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

type Recorded = z.infer<typeof shape>;

const isChangeOfOthers = ({ readOnly, errorCode, userIdentity }: Recorded, account: string): boolean =>
  !readOnly && (errorCode ?? '') === '' && !isOurs(userIdentity.arn ?? undefined, account);

const changeIn = ({ eventName, eventTime, userAgent, userIdentity: { arn, invokedBy, type } }: Recorded): LastChange => ({
  principal: arn ?? invokedBy ?? type ?? 'unknown',
  userAgent: invokedBy ?? userAgent,
  event: eventName,
  at: eventTime,
});

/** Whether a rule's function made the change: with its member role in that account, in a session named after the rule. A user agent proves nothing. */
export function isOurs(arn: string | undefined, account: string): boolean {
  const [, of, rule = '', session] = /^arn:[^:]+:sts::(\d{12}):assumed-role\/posture-([^/]+)\/(.+)$/.exec(arn ?? '') ?? [];
  return of === account && session === rule.slice(0, 64);
}
