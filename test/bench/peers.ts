import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from '../../functions/aws/connection';
import { isChanges } from '../../functions/plan/change';
import { parametersFor, readParameters } from '../../functions/policy/parameters';
import { notFound } from '../../rules/rule';
import type { Case } from '../demo/case';
import { fixing } from '../demo/policies';
import { silent } from '../demo/print/show';
import { type Stage, setStage } from '../demo/stage';
import { startLambda } from '../emulator/lambda';
import { bucketCases } from './bucket-cases';
import { median } from './measure';

/** A program that fixes the control for a bucket: a shell command that finds the bucket in `BUCKET`, and the finding in `EVENT`. */
export interface Peer {
  readonly name: string;
  readonly command: string;
}

export interface PeerRow {
  readonly name: string;
  readonly milliseconds: number;
  readonly calls: number;
  /** Whether the rule finds nothing left to change. */
  readonly isFixed: boolean;
}

const control = 'S3.5';

/** `NAME=COMMAND` as a peer. Throws a RangeError for anything else. */
export function peerOf(text: string): Peer {
  const [, name, command] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || command === undefined)
    throw new RangeError(`"${text}" is not NAME=COMMAND, such as custodian="custodian run -s /tmp/out policy.yml".`);
  return { name, command };
}

/** Fixes S3.5 for buckets of their own, in turn by us and by each peer, in the same emulator. */
export async function measurePeers(peers: readonly Peer[], repetitions: number): Promise<readonly PeerRow[]> {
  const closing: (() => Promise<void>)[] = [];
  try {
    const stage = await setStage(fixing, silent, closing);
    const open = bucketCases(stage, control, 'compared');
    const rows = new Map<string, Run[]>();
    const add = (name: string, run: Run) => rows.set(name, [...(rows.get(name) ?? []), run]);
    // The emulator loads each service at its first call.
    await ours(stage, open, () => undefined);
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      await ours(stage, open, add);
      for (const peer of peers) add(peer.name, await timed(stage, await open(), (one) => run(peer, one, stage)));
    }
    return [...rows].map(([name, runs]) => ({
      name,
      milliseconds: median(runs.map(({ milliseconds }) => milliseconds)),
      calls: median(runs.map(({ calls }) => calls)),
      isFixed: runs.every(({ isFixed }) => isFixed),
    }));
  } finally {
    for (const stop of closing.toReversed()) await stop();
  }
}

type Run = Omit<PeerRow, 'name'>;

async function ours(stage: Stage, open: () => Promise<Case>, add: (name: string, run: Run) => void): Promise<void> {
  const { account, deployment, gateway } = stage;
  const first = await open();
  const deployed = deployment.functions.get(first.rule.id);
  if (!deployed) throw new Error(`No function is deployed for ${control}.`);
  const host = startLambda({ ...deployed, account: account.account, region: account.region, endpoint: gateway.url, concurrency: 1 });
  try {
    const invoke = async ({ event }: Case) => void (await host.invoke(event));
    add('this product, new process', await timed(stage, first, invoke));
    add('this product, warm process', await timed(stage, await open(), invoke));
  } finally {
    await host.stop();
  }
}

async function timed({ gateway, account }: Stage, one: Case, fix: (one: Case) => Promise<void>): Promise<Run> {
  const from = gateway.calls.length;
  const started = performance.now();
  await fix(one);
  const milliseconds = performance.now() - started;
  const calls = gateway.calls.length - from;
  const { rule, resource } = one;
  const read = readParameters(rule, resource === notFound ? {} : parametersFor(rule, fixing, resource));
  if (resource === notFound || 'problem' in read) throw new Error('The bucket is gone.');
  const aws = connect(rule.clients, { region: account.region, credentials: account.credentials });
  const state = await rule.inspect(resource, aws, read.value, new Date());
  const plan =
    state === notFound ? undefined : rule.plan(resource, state, { parameters: read.value, detectedBy: control, now: new Date() });
  return { milliseconds, calls, isFixed: plan !== undefined && isChanges(plan) && plan.length === 0 };
}

async function run({ name, command }: Peer, { event, resource }: Case, { account, gateway }: Stage): Promise<void> {
  const { accessKeyId, secretAccessKey, sessionToken } = account.credentials;
  const child = spawn('sh', ['-c', command], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: gateway.url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
      AWS_REGION: account.region,
      AWS_DEFAULT_REGION: account.region,
      ACCOUNT: account.account,
      BUCKET: resource === notFound ? '' : (resource.arn.split(':').at(-1) ?? ''),
      EVENT: JSON.stringify(event),
    },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000);
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${said}`);
}
