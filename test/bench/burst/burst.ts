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

/** Fixes a burst with AWS's quotas in force: ownership and four eyes as by default, without limits. Each bucket needs to know who changed it. */
export async function measureBurst(burst: Burst, options: BurstOptions): Promise<BurstResult> {
  const closing: (() => Promise<void>)[] = [];
  try {
    const stage = await setStage(fixing, silent, closing);
    const names = await makeBuckets(stage, burst, options.buckets);
    const { account, gateway, deployment } = stage;
    const deployed = deployment.functions.get(rule);
    if (!deployed) throw new Error(`No function is deployed for ${rule}.`);
    const place = { account: account.account, region: account.region };
    const host = startLambda({ ...deployed, ...place, endpoint: gateway.url, concurrency: options.processes });
    closing.push(host.stop);
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
    for (const stop of closing.toReversed()) await stop();
  }
}

async function makeBuckets({ account, gateway }: Stage, { changed }: Burst, count: number): Promise<readonly string[]> {
  const s3 = account.client(S3Client);
  const names = Array.from({ length: count }, (_, index) => `burst-${account.account}-${index}`);
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
  const weeks = changed === 'recently' ? 0 : 21 * 24 * 60 * minute;
  names.forEach((name, index) => {
    record(name, 'AWS::S3::Bucket', weeks + 10 * minute + index * 100);
  });
  if (weeks > 0) for (let index = 0; index < otherChanges; index += 1) record(`queue-${index}`, 'AWS::SQS::Queue', index * 1000);
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
