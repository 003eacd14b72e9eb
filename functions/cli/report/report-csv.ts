import { remediationOf } from '../../report/document';
import type { Report } from '../../report/report';
import { csv } from '../print/csv';

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
] as const;

/** One line for each remediation, the oldest outcome first. */
export function reportCsv({ numbers }: Report): string {
  const all = numbers.misconfigurations.flatMap(({ history }) => history).toSorted((a, b) => a.at - b.at);
  const rows = all.map((facts) => {
    const { answers, ...one } = remediationOf(facts);
    const by = (answer: (typeof answers)[number]['answer']) =>
      answers.flatMap((given) => (given.answer === answer ? [given.by] : [])).join('; ');
    const fields: Readonly<Record<string, unknown>> = { ...one, 'approved by': by('approved'), 'rejected by': by('rejected') };
    return head.map((name) => String(fields[name] ?? ''));
  });
  return csv(head, rows);
}
