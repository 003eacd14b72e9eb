/** A price of AWS, in US dollars, without free tiers. */
interface Price {
  readonly dollars: number;
  readonly per: string;
  readonly source: string;
}

/** When the prices were last compared with their sources. */
export const pricesAsOf = '2026-11';

/**
 * Milliseconds of an invocation, in a new process and in a warm one: what the bench measures of a fix of S3.5 on a quiet machine, which is more
 * than the others take. Each further second costs $6.67 a million.
 */
export const milliseconds = { fresh: 310, warm: 110 } as const;

/** On-demand prices of us-east-1. */
export const prices = {
  lambdaRequest: { dollars: 0.2e-6, per: 'request', source: 'https://aws.amazon.com/lambda/pricing/' },
  lambdaGigabyteSecond: { dollars: 13.3334e-6, per: 'GB-second on arm64', source: 'https://aws.amazon.com/lambda/pricing/' },
  writeUnit: { dollars: 0.625e-6, per: 'write request unit', source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/' },
  readUnit: { dollars: 0.125e-6, per: 'read request unit', source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/' },
  logsGigabyte: { dollars: 0.5, per: 'GB of logs', source: 'https://aws.amazon.com/cloudwatch/pricing/' },
  metric: { dollars: 0.3, per: 'custom metric and month', source: 'https://aws.amazon.com/cloudwatch/pricing/' },
  alarm: { dollars: 0.1, per: 'alarm and month', source: 'https://aws.amazon.com/cloudwatch/pricing/' },
  key: { dollars: 1, per: 'KMS key and month', source: 'https://aws.amazon.com/kms/pricing/' },
  configurationReceived: { dollars: 0.0008, per: 'configuration received', source: 'https://aws.amazon.com/systems-manager/pricing/' },
  configurationRequest: { dollars: 0.2e-6, per: 'configuration request', source: 'https://aws.amazon.com/systems-manager/pricing/' },
  event: { dollars: 1e-6, per: 'custom event of 64 KB', source: 'https://aws.amazon.com/eventbridge/pricing/' },
  schedule: { dollars: 1e-6, per: 'invocation by Scheduler', source: 'https://aws.amazon.com/eventbridge/pricing/' },
  message: { dollars: 0.5e-6, per: 'message to a topic', source: 'https://aws.amazon.com/sns/pricing/' },
} as const satisfies Readonly<Record<string, Price>>;

export type Unit = keyof typeof prices;
/** How many units of each kind. */
export type Units = Readonly<Partial<Record<Unit, number>>>;

/** The kinds of the bill. */
export const kinds = [
  'AppConfig',
  'DynamoDB writes',
  'DynamoDB reads',
  'Lambda',
  'logs',
  'events and messages',
  'metrics',
  'keys',
] as const;
export type Kind = (typeof kinds)[number];

const kindOf: Readonly<Record<Unit, Kind>> = {
  lambdaRequest: 'Lambda',
  lambdaGigabyteSecond: 'Lambda',
  writeUnit: 'DynamoDB writes',
  readUnit: 'DynamoDB reads',
  logsGigabyte: 'logs',
  metric: 'metrics',
  alarm: 'metrics',
  key: 'keys',
  configurationReceived: 'AppConfig',
  configurationRequest: 'AppConfig',
  event: 'events and messages',
  schedule: 'events and messages',
  message: 'events and messages',
};

const each = (units: Units): readonly (readonly [Unit, number])[] => Object.entries(units) as [Unit, number][];

export const dollarsOf = (units: Units): number => each(units).reduce((sum, [unit, count]) => sum + count * prices[unit].dollars, 0);

export const dollarsByKind = (units: Units): Readonly<Record<Kind, number>> =>
  Object.fromEntries(
    kinds.map((kind) => [kind, dollarsOf(Object.fromEntries(each(units).filter(([unit]) => kindOf[unit] === kind)))]),
  ) as Readonly<Record<Kind, number>>;

/** The sum, each taken so many times. */
export function sumOf(...parts: readonly (readonly [units: Units, times: number])[]): Units {
  const sum: Partial<Record<Unit, number>> = {};
  for (const [units, times] of parts) for (const [unit, count] of each(units)) sum[unit] = (sum[unit] ?? 0) + count * times;
  return sum;
}
