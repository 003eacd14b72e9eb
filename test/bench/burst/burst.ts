import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { eachOf } from '../../../functions/concurrency';
import type { Outcome } from '../../../functions/log/event';
import { fixing } from '../../demo/policies';
import { silent } from '../../demo/print/show';
import { type Stage, setStage } from '../../demo/stage';
import type { Call } from '../../emulator/gateway';
import { startLambda } from '../../emulator/lambda';
import { configComplianceChange } from '../../events/config';
import { securityHubImported } from '../../events/security-hub';

/** Many buckets of one account and Region that are reported at once. */
export interface Burst {
  /** What reports them. */
  readonly source: 'Security Hub' | 'AWS Config';
  /** When a person changed them: just now, so that they are among the latest changes, or weeks ago, behind changes of other things. */
  readonly changed: 'recently' | 'weeks ago';
}

export interface BurstOptions {
  readonly buckets: number;
  /** Of the function of the rule. */
  readonly processes: number;
}

export interface BurstResult extends Burst, BurstOptions {
  /** How many findings ended so, in the first attempt. */
  readonly outcomes: ReadonlyMap<Outcome | 'error', number>;
  readonly seconds: number;
  readonly calls: readonly Call[];
}

const rule = 's3-bucket-tls-required';
const person = 'arn:aws:sts::111122223333:assumed-role/Developer/jane';
const minute = 60_000;
const otherChanges = 200;

/**
 * Fixes bursts, one after another, with AWS's quotas in force: ownership and four eyes as by default, without limits. Each bucket needs to know
 * who changed it.
 */
export async function measureBursts(bursts: readonly Burst[], options: BurstOptions, report: (result: BurstResult) => void): Promise<void> {
  const closing: (() => Promise<void>)[] = [];
  try {
    const stage = await setStage(fixing, silent, closing);
    for (const [number, burst] of bursts.entries()) {
      const names = await makeBuckets(stage, burst, { count: options.buckets, prefix: `burst-${number}-${stage.account.account}` });
      report(await fix(names, stage, burst, options));
    }
  } finally {
    for (const stop of closing.toReversed()) await stop();
  }
}

async function fix(names: readonly string[], stage: Stage, burst: Burst, options: BurstOptions): Promise<BurstResult> {
  const { gateway, deployment } = stage;
  const place = { account: stage.account.account, region: stage.account.region };
  const deployed = deployment.functions.get(rule);
  if (!deployed) throw new Error(`No function is deployed for ${rule}.`);
  const host = startLambda({ ...deployed, ...place, endpoint: gateway.url, concurrency: options.processes });
  try {
    gateway.clear();
    gateway.limit({ on: true });
    const started = performance.now();
    // Findings come in no order of time.
    const findings = names.toSorted((one, other) => hash(one) - hash(other));
    const ended = await eachOf(findings, options.processes, async (name): Promise<Outcome | 'error'> => {
      const invocation = await host.invoke(reportOf(name, burst, place));
      return 'result' in invocation ? ((invocation.result as { results: { outcome: Outcome }[] }).results[0]?.outcome ?? 'error') : 'error';
    });
    const seconds = (performance.now() - started) / 1000;
    const outcomes = new Map<Outcome | 'error', number>();
    for (const outcome of ended) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    return { ...burst, ...options, outcomes, seconds, calls: [...gateway.calls] };
  } finally {
    gateway.limit({ on: false });
    await host.stop();
  }
}

interface Buckets {
  readonly count: number;
  readonly prefix: string;
}

async function makeBuckets({ account, gateway }: Stage, { changed }: Burst, { count, prefix }: Buckets): Promise<readonly string[]> {
  const s3 = account.client(S3Client);
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  await eachOf(names, 10, async (Bucket) => {
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: account.region as 'eu-west-1' } }));
  });
  const record = (resourceName: string, resourceType: string, ago: number) =>
    gateway.cloudTrail.record({
      account: account.account,
      region: account.region,
      resourceName,
      resourceType,
      event: {
        eventName: 'DeleteBucketPolicy',
        eventTime: new Date(Date.now() - ago).toISOString(),
        userIdentity: { arn: person },
        userAgent: 'console',
      },
    });
  const ago = changed === 'recently' ? minute : 21 * 24 * 60 * minute;
  names.forEach((name, index) => {
    record(name, 'AWS::S3::Bucket', ago + index);
  });
  if (changed === 'weeks ago') for (let index = 0; index < otherChanges; index += 1) record(`queue-${index}`, 'AWS::SQS::Queue', minute);
  return names;
}

function reportOf(name: string, { source }: Burst, place: { readonly account: string; readonly region: string }): object {
  const now = new Date().toISOString();
  if (source === 'AWS Config')
    return configComplianceChange({
      rule: 's3-bucket-ssl-requests-only',
      resourceType: 'AWS::S3::Bucket',
      resourceId: name,
      recordedAt: now,
      ...place,
    });
  const resource = { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${name}` };
  return securityHubImported({ control: 'S3.5', resource, ...place, firstObservedAt: now }, { time: now });
}

/** Spreads names evenly, the same way in each run. */
const hash = (text: string): number => [...text].reduce((sum, character) => (Math.imul(sum, 31) + character.charCodeAt(0)) >>> 0, 7);
