import * as z from 'zod';
import { isMessage } from '../../sources/read-message';
import { quote } from '../../untrusted-text';
import { parsed } from './json-file';

/** What people have in files. `unknown` says why it is none of the others. */
export type Sort =
  | { readonly sort: 'event' | 'message' | 'asff' | 'ocsf' | 'rollback' | 'digest'; readonly value: object }
  | { readonly sort: 'log'; readonly value: LoggedEntry }
  | { readonly sort: 'unknown'; readonly reason: string };

/** One event, finding or record, and its path in the file. */
export type Entry = Sort & { readonly at: string };

export interface Contents {
  readonly entries: readonly Entry[];
  /** Why the file is only a part of what was asked for, as sentences. */
  readonly cut: readonly string[];
}

export type LoggedEntry = z.infer<typeof logged>;

const logged = z.object({
  rule: z.string(),
  detectedBy: z.string(),
  finding: z.string(),
  account: z.string().regex(/^\d{12}$/),
  region: z.string(),
  resource: z.string(),
  resourceType: z.string(),
  time: z.string(),
});

/** Deeper, nothing is unpacked: a queue holds a record of a function, which holds an event with findings. */
const maxDepth = 6;

/** All that is in the values of a file: the messages of queues, records of failed invocations, exports and pages of the log are unpacked. */
export function contentsOf(values: readonly unknown[]): Contents {
  const cut = new Set<string>();
  const entries = values.flatMap((value, index) => unpack(value, values.length === 1 ? '' : `line ${index + 1}`, 0));
  return { entries, cut: [...cut] };

  function unpack(value: unknown, at: string, depth: number): readonly Entry[] {
    const named = at === '' ? 'the file' : at;
    if (depth > maxDepth) return [{ at: named, sort: 'unknown', reason: 'It is nested too deeply.' }];
    const inside = partsOf(value);
    if (!inside) return [{ at: named, ...sortOf(value) }];
    if (inside.cut !== undefined) cut.add(inside.cut);
    return inside.parts.flatMap(([path, part]) => unpack(part, at === '' ? path : `${at} ${path}`, depth + 1));
  }
}

interface Inside {
  readonly parts: readonly (readonly [path: string, part: unknown])[];
  readonly cut?: string;
}

const envelope = z.looseObject({ 'detail-type': z.string(), source: z.string() });
const v2 = envelope.extend({ 'detail-type': z.literal('Findings Imported V2'), detail: z.object({ findings: z.array(z.unknown()) }) });
const exported = z.looseObject({ Findings: z.array(z.unknown()), NextToken: z.string().optional() });
const page = z.looseObject({ entries: z.array(z.unknown()), next: z.unknown().optional() });
const received = z.looseObject({ Messages: z.array(z.unknown()) });
const queued = z.looseObject({ Records: z.array(z.looseObject({ body: z.string() })) });
const undelivered = z.looseObject({ requestContext: z.unknown(), requestPayload: z.unknown() });
const message = z.looseObject({ Body: z.string() });

/** What a value contains; undefined if it is one entry. */
function partsOf(value: unknown): Inside | undefined {
  if (Array.isArray(value)) return { parts: value.map((part: unknown, index) => [`[${index}]`, part]) };
  const event = v2.safeParse(value);
  if (event.success) return { parts: listed('detail.findings', event.data.detail.findings) };
  if (envelope.safeParse(value).success) return undefined;
  const export_ = exported.safeParse(value);
  if (export_.success) {
    const { Findings, NextToken } = export_.data;
    return { parts: listed('Findings', Findings), ...(NextToken && { cut: cutExport }) };
  }
  const log = page.safeParse(value);
  if (log.success) {
    const { entries, next } = log.data;
    return { parts: listed('entries', entries), ...(next !== undefined && next !== null && { cut: cutLog }) };
  }
  const messages = received.safeParse(value);
  if (messages.success) return { parts: listed('Messages', messages.data.Messages) };
  const records = queued.safeParse(value);
  if (records.success) return { parts: records.data.Records.map(({ body }, index) => [`Records[${index}].body`, contentOf(body)]) };
  const one = message.safeParse(value);
  if (one.success) return { parts: [['Body', contentOf(one.data.Body)]] };
  const failed = undelivered.safeParse(value);
  return failed.success ? { parts: [['requestPayload', failed.data.requestPayload]] } : undefined;
}

const listed = (path: string, parts: readonly unknown[]): Inside['parts'] => parts.map((part, index) => [`${path}[${index}]`, part]);

/** The JSON in a text; the text itself if it is none. */
function contentOf(text: string): unknown {
  const content = parsed(text);
  return 'value' in content ? content.value : text;
}

const cutExport =
  'The export was cut, and there are more findings: it has a NextToken. Export without --max-items and --no-paginate, or continue with --starting-token.';
const cutLog = 'The file contains one page of the log, and there may be more: use `posture log --limit all --json`.';

const asff = z.looseObject({ AwsAccountId: z.string(), ProductArn: z.string() });
const ocsf = z.looseObject({ class_uid: z.number() });

function sortOf(value: unknown): Sort {
  if (typeof value !== 'object' || value === null) {
    const what = typeof value === 'string' ? `the text ${quote(value)}, which is not JSON` : quote(value);
    return { sort: 'unknown', reason: `It is ${what}, and no event or finding.` };
  }
  if (isMessage(value) && typeof value.finding !== 'string') return { sort: 'message', value };
  if (envelope.safeParse(value).success) return { sort: 'event', value };
  const entry = logged.safeParse(value);
  if (entry.success) return { sort: 'log', value: entry.data };
  if (ocsf.safeParse(value).success) return { sort: 'ocsf', value };
  if (asff.safeParse(value).success) return { sort: 'asff', value };
  if (Object.hasOwn(value, 'rollback')) return { sort: 'rollback', value };
  if (Object.hasOwn(value, 'digest')) return { sort: 'digest', value };
  const fields = Object.keys(value).slice(0, 5).map(quote).join(', ') || 'no fields';
  return {
    sort: 'unknown',
    reason: `It has ${fields}, and is no event, no finding of Security Hub (AwsAccountId and ProductArn, or class_uid) and no entry of the log.`,
  };
}
