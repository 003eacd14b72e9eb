import type { Clock } from '../../clock';
import { minutes } from '../../duration';
import type { Message } from '../../notify/publish';
import { formatNames, formats, reportIn } from '../formats';
import { makeReport, type ReportSource } from '../make-report';
import type { ReportBucket, Stored } from './bucket';
import { messageOf } from './message';
import type { Period } from './period';

export interface ReportPorts extends Omit<ReportSource, 'now' | 'onRead'> {
  readonly bucket: ReportBucket;
  /** The name of the bucket. */
  readonly bucketName: string;
  readonly notify: (message: Message) => Promise<void>;
  readonly clock: Clock;
  readonly millisecondsLeft: () => number;
}

/** What a run came to. */
export type ReportRun =
  | { readonly period: string; readonly files: readonly Stored[]; readonly remediations: number; readonly untrusted: number }
  | { readonly period: string; readonly existed: true };

/** What the files, the message and the manifest take at most. */
const toWrite = minutes(4);

/**
 * Makes the report of a period in all formats. Each file is written once. The manifest comes last, after the message: with it, a repeat does nothing;
 * without it, a repeat writes the files that are missing, and sends the message again rather than never.
 */
export async function makeScheduledReport(
  period: Period,
  { bucket, bucketName, notify, clock, millisecondsLeft, ...source }: ReportPorts,
): Promise<ReportRun> {
  const prefix = `${reportPrefix}${period.name}/`;
  const keyOf = (extension: string) => `${prefix}posture-${period.name}.${extension}`;
  const manifest = keyOf('manifest.json');
  if (await bucket.has(manifest)) return { period: period.name, existed: true };

  const onRead = (remediations: number) => {
    if (millisecondsLeft() < toWrite) throw new TooLarge(period.name, remediations);
  };
  const report = await makeReport({ span: period.span }, { ...source, now: clock.now(), onRead });
  const files: Stored[] = [];
  for (const name of formatNames) {
    const { extension, type } = formats[name];
    files.push(await bucket.create(keyOf(extension), type, reportIn(name, report)));
  }
  await notify(messageOf(report, period, { bucket: bucketName, prefix, page: keyOf(formats.html.extension) }));
  const { since, until } = period.span;
  const listed = {
    period: period.name,
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
    made: new Date(report.made).toISOString(),
    version: report.version,
    log: report.log,
    files: files.map(({ key, bytes, hash }) => ({ key, bytes, sha256: hash })),
  };
  await bucket.create(manifest, 'application/json', [`${JSON.stringify(listed, null, 2)}\n`]);
  const { broken, forged } = report.integrity;
  return { period: period.name, files, remediations: report.numbers.remediations, untrusted: broken.length + forged.length };
}

/** The prefix of all reports in the archive. */
export const reportPrefix = 'reports/';

/** The log of a period can't be read within the time of the function. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';

  constructor(period: string, remediations: number) {
    super(
      `The log of ${period} is too large for the function: after ${remediations} remediations, the time left is needed to write the files. Nothing was written. Make the report with \`posture report\`, or deploy with a shorter period: the context \`reports\` can be monthly or weekly.`,
    );
  }
}
