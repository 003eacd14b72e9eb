import type { Call } from '../emulator/gateway';
import { dynamoUnits } from './dynamodb';
import { sumOf, type Units } from './prices';

/** The counted units of an invocation, without its time. */
export interface Counted {
  readonly units: Units;
  /** Megabytes. */
  readonly memory: number;
}

/** What an invocation did. */
export interface Invoked {
  /** With the role of the function. */
  readonly calls: readonly Call[];
  /** What it wrote, line by line. */
  readonly lines: readonly string[];
}

/** What Lambda itself writes about an invocation: START, END and REPORT. */
const loggedByLambda = 400;

/**
 * The units of an invocation, without its time. STS, and the calls of rules in member accounts, cost nothing. Nothing is traced, which is the
 * default.
 */
export function unitsOf({ calls, lines }: Invoked): Units {
  const loggedBytes = loggedByLambda + lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  return sumOf(...calls.map((call) => [unitsOfCall(call), 1] as const), [{ lambdaRequest: 1, logsGigabyte: loggedBytes / 1e9 }, 1]);
}

/** All units of an invocation that takes so long. */
export const withTime = ({ units, memory }: Counted, milliseconds: number): Units =>
  sumOf([units, 1], [{ lambdaGigabyteSecond: (milliseconds / 1000) * (memory / 1024) }, 1]);

function unitsOfCall(call: Call): Units {
  const { service, operation } = call;
  if (service === 'dynamodb') return dynamoUnits(call);
  // A new session receives what is in force; in an old one, nothing has changed.
  if (operation === 'StartConfigurationSession') return { configurationReceived: 1 };
  if (operation === 'GetLatestConfiguration') return { configurationRequest: 1 };
  if (operation === 'PutEvents') return { event: 1 };
  if (operation === 'Publish') return { message: 1 };
  return operation === 'CreateSchedule' ? { schedule: 1 } : {};
}

/** The custom metrics that the lines put into CloudWatch: each combination of a name and dimensions is one. */
export function metricsIn(lines: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const line of lines.filter((one) => one.startsWith('{"_aws"'))) {
    const { _aws, ...values } = JSON.parse(line) as { _aws: { CloudWatchMetrics: Directive[] } } & Record<string, unknown>;
    for (const { Dimensions, Metrics } of _aws.CloudWatchMetrics)
      for (const names of Dimensions)
        for (const { Name } of Metrics) found.add([Name, ...names.map((name) => `${name}=${values[name]}`)].join(' '));
  }
  return found;
}

interface Directive {
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string }[];
}
