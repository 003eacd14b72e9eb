/** A CloudWatch embedded metric: one line on standard output, no API call. */
export function metric(rule: string, values: Readonly<Record<string, number>>): void {
  const Metrics = Object.keys(values).map((Name) => ({ Name, Unit: Name.endsWith('Milliseconds') ? 'Milliseconds' : 'Count' }));
  const _aws = { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: 'Posture', Dimensions: [['Rule'], []], Metrics }] };
  process.stdout.write(`${JSON.stringify({ _aws, Rule: rule, ...values })}\n`);
}
