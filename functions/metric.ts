import type { Clock } from './clock';

/** A CloudWatch embedded metric: one line on standard output, no API call. */
export function metric(rule: string, values: Readonly<Record<string, number>>, clock: Clock): void {
  const Metrics = Object.keys(values).map((Name) => ({ Name, Unit: Name.endsWith('Milliseconds') ? 'Milliseconds' : 'Count' }));
  const Timestamp = clock.now().getTime();
  const _aws = { Timestamp, CloudWatchMetrics: [{ Namespace: 'Posture', Dimensions: [['Rule'], []], Metrics }] };
  process.stdout.write(`${JSON.stringify({ _aws, Rule: rule, ...values })}\n`);
}
