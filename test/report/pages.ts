import { loadRules } from '../../functions/catalogue/catalogue';
import { recordOf } from '../../functions/log/record';
import { collect } from '../../functions/report/collect';
import { reportPage } from '../../functions/report/html/page';
import { numbersOf } from '../../functions/report/numbers/numbers';
import type { Report } from '../../functions/report/report';
import { trailsOf } from '../history/events';
import { generate, type HistoryOptions } from '../history/generate';

const all = loadRules().map(({ rule }) => rule);

/** The rules whose findings a history has. */
export const reportedRules = all.filter(({ detectedBy: { securityHub, config } }) => securityHub.length + config.length > 0);

/** The report of a generated history, from its first to its last day. */
export async function generatedReport(options: Omit<HistoryOptions, 'rules' | 'from'>): Promise<Report> {
  const from = new Date('2026-01-01T00:00:00Z');
  const until = from.getTime() + options.days * 86_400_000 - 1;
  const records = [...generate({ ...options, from, rules: reportedRules })].map((script) =>
    recordOf(
      script,
      trailsOf(script).map(({ trail, events }) => ({ trail, events, forged: [] })),
    ),
  );
  const rule = (id: string) => all.find((one) => one.id === id);
  const { integrity, ...read } = await collect(records, { until, severityOf: (id) => rule(id)?.severity ?? 'unknown' });
  const numbers = numbersOf({
    ...read,
    span: { since: from.getTime(), until },
    controlsOf: (id) => rule(id)?.detectedBy.securityHub ?? [],
  });
  return {
    numbers,
    integrity,
    scope: 'all accounts',
    made: until,
    version: '0.1.0',
    log: 'arn:aws:dynamodb:eu-west-1:123456789012:table/posture-log',
  };
}

export const generatedPage = async (options: Omit<HistoryOptions, 'rules' | 'from'>): Promise<string> =>
  reportPage(await generatedReport(options));
