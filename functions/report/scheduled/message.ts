import type { Message } from '../../notify/publish';
import { fixedShare } from '../html/fixed-share';
import { counted, day, duration } from '../html/texts';
import type { Report } from '../report';
import type { Period } from './period';

/** Where the report is. */
export interface Place {
  readonly bucket: string;
  /** The prefix of the objects: `reports/2026-10/`. */
  readonly prefix: string;
  /** The key of the page. */
  readonly page: string;
}

/** The message to the topic of notifications: the numbers in a paragraph, and where the report is. */
export function messageOf({ numbers, integrity }: Report, { name, span }: Period, { bucket, prefix, page }: Place): Message {
  const { all, open, expiring } = numbers;
  const { broken, forged } = integrity;
  const { median, n } = all.times.remediate;
  const errors = broken.length + forged.length;
  const sentences = [
    `From ${day(span.since)} to ${day(span.until)} (UTC), ${counted(all.found, 'misconfiguration was', 'misconfigurations were')} found, and ${all.counts.fixed} ${all.counts.fixed === 1 ? 'is' : 'are'} fixed (${fixedShare(all)} that were to be fixed).`,
    n === 0
      ? 'No fix was verified.'
      : `Half of ${counted(n, 'fix', 'fixes')} took no longer than ${duration(median)} from the detection to the verification.`,
    `${open.total} ${open.total === 1 ? 'is' : 'are'} open at the end: ${open.awaitingApproval.length} of them ${open.awaitingApproval.length === 1 ? 'waits' : 'wait'} for an approval, and the deadline of ${open.overdue.length} is over.`,
    `${counted(all.recurrence.recurred, 'fix', 'fixes')} recurred, and ${counted(expiring.length, 'exemption ends', 'exemptions end')} within 30 days.`,
    errors === 0
      ? 'All hash chains that were read are intact.'
      : `THE LOG HAS BEEN TAMPERED WITH: ${counted(broken.length, 'broken hash chain', 'broken hash chains')}, ${counted(forged.length, 'forged record', 'forged records')}. The report lists and leaves them out.`,
  ];
  return {
    subject: `Posture report ${name}`,
    body: [
      sentences.join(' '),
      '',
      `The report is in s3://${bucket}/${prefix} as HTML, CSV, JSON, OCSF and OSCAL. To read it:`,
      '',
      `aws s3 cp s3://${bucket}/${page} .`,
      '',
    ].join('\n'),
  };
}
