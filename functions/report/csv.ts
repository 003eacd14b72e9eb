import { csvLine, textCell } from '../csv';
import { remediationOf } from './document';
import { oldestFirst } from './oldest-first';
import type { Report } from './report';

const head = [
  'rule',
  'remediation',
  'severity',
  'account',
  'region',
  'resource',
  'source',
  'control',
  'category',
  'outcome',
  'code',
  'at',
  'occurred',
  'occurrence',
  'detected',
  'received',
  'decided',
  'fixed',
  'verified',
  'until',
  'deadline',
  'owner',
  'detector',
  'approved by',
  'rejected by',
  'reason',
  'trail',
  'sequence',
  'hash',
] as const;

/** One line for each remediation, the oldest outcome first. */
export function* reportCsv(report: Report): Generator<string> {
  yield `${csvLine(head)}\r\n`;
  for (const facts of oldestFirst(report)) {
    const { answers, ...one } = remediationOf(facts);
    const by = (answer: (typeof answers)[number]['answer']) =>
      answers.flatMap((given) => (given.answer === answer ? [given.by] : [])).join('; ');
    // A spreadsheet would drop leading zeros.
    const account = /^\d+$/.test(one.account) ? textCell(one.account) : one.account;
    const fields: Readonly<Record<string, unknown>> = { ...one, account, 'approved by': by('approved'), 'rejected by': by('rejected') };
    yield `${csvLine(head.map((name) => String(fields[name] ?? '')))}\r\n`;
  }
}
