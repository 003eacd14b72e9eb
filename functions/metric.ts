import type { Clock } from './clock';

/**
 * A CloudWatch embedded metric: one line on standard output, no API call. What is zero isn't written, and no metric has dimensions, because
 * each combination of them costs $0.30 a month. The line names the rule or function, for queries of the logs.
 */
export function metric(rule: string, given: Readonly<Record<string, number>>, clock: Clock): void {
  const values = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== 0));
  const Metrics = Object.keys(values).map((Name) => ({ Name, Unit: Name.endsWith('Milliseconds') ? 'Milliseconds' : 'Count' }));
  if (Metrics.length === 0) return;
  const Timestamp = clock.now().getTime();
  const _aws = { Timestamp, CloudWatchMetrics: [{ Namespace: 'Posture', Dimensions: [[]], Metrics }] };
  process.stdout.write(`${JSON.stringify({ _aws, Rule: rule, ...values })}\n`);
}
