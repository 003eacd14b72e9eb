import { callsOf, changing, logWrites } from '../demo/calls';
import type { Deployment } from '../demo/deploy';
import type { Account } from '../emulator/account';
import type { Call, Gateway } from '../emulator/gateway';
import { type LambdaFunction, startLambda } from '../emulator/lambda';
import type { Fault } from './cases';
import { timeProcess } from './process';

/** What the fix of one violation takes. */
export interface Measure {
  readonly rule: string;
  /** AWS calls that the rule itself makes: reads (tags among them) and changes. */
  readonly reads: number;
  readonly changes: number;
  /** AWS calls of our own: role, lease, log. In a fresh process; a warm one has its credentials. */
  readonly ours: number;
  /** Calls that tell Security Hub and AWS Config. */
  readonly told: number;
  readonly logItems: number;
  readonly coordinationWrites: number;
  readonly bytes: number;
  /** Milliseconds: a fresh process that loads the handler and fixes its first finding. */
  readonly cold: number;
  /** Milliseconds: a fresh process that does the same with the bare SDK. */
  readonly bare: number;
  /** Milliseconds of a further finding in the same process. */
  readonly warm: number;
}

export interface Bench {
  readonly account: Account;
  readonly gateway: Gateway;
  readonly deployment: Deployment;
  readonly bareFolders: ReadonlyMap<string, { readonly folder: string }>;
  readonly repetitions: number;
}

export async function measure(fault: Fault, bench: Bench): Promise<Measure> {
  const { gateway, repetitions, account } = bench;
  const { id } = fault.rule;
  const cold: number[] = [];
  const warm: number[] = [];
  const bare: number[] = [];
  let calls: readonly Call[] = [];

  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const host = start(fault, bench);
    try {
      const from = gateway.calls.length;
      cold.push(await timeFix(fault, host));
      calls = gateway.calls.slice(from);
      await fault.breakAgain();
      warm.push(await timeFix(fault, host));
      await fault.breakAgain();
    } finally {
      await host.stop();
    }
    const { resource, detectedBy, parameters } = fault;
    const { accessKeyId, secretAccessKey, sessionToken } = account.credentials;
    bare.push(
      await timeProcess([`${bench.bareFolders.get(id)?.folder}/index.mjs`], {
        BARE_FIX: JSON.stringify({ resource, detectedBy, parameters }),
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
        AWS_REGION: resource.region,
      }),
    );
    await fault.breakAgain();
  }
  return {
    rule: id,
    ...count(fault, calls, bench),
    bytes: bench.deployment.functions.get(id)?.bytes ?? 0,
    cold: median(cold),
    warm: median(warm),
    bare: median(bare),
  };
}

function start({ rule }: Fault, { account, gateway, deployment }: Bench): LambdaFunction {
  const deployed = deployment.functions.get(rule.id);
  if (!deployed) throw new Error(`No function is deployed for ${rule.id}.`);
  return startLambda({ ...deployed, account: account.account, region: account.region, endpoint: gateway.url, concurrency: 1 });
}

async function timeFix(fault: Fault, host: LambdaFunction): Promise<number> {
  const started = performance.now();
  const invocation = await host.invoke(fault.case.event);
  const milliseconds = performance.now() - started;
  const outcome = 'result' in invocation ? (invocation.result as { results: { outcome: string; reason: string }[] }).results[0] : undefined;
  if (outcome?.outcome !== fault.case.piece.ends) throw new Error(`${fault.rule.id}: ${JSON.stringify(invocation)}`);
  return milliseconds;
}

function count(
  fault: Fault,
  calls: readonly Call[],
  { deployment }: Bench,
): Pick<Measure, 'reads' | 'changes' | 'ours' | 'told' | 'logItems' | 'coordinationWrites'> {
  const deployed = deployment.functions.get(fault.rule.id);
  if (!deployed) throw new Error(`No function is deployed for ${fault.rule.id}.`);
  const made = callsOf(calls, deployed);
  const changes = changing(fault.rule, made);
  const told = made.rules.filter(({ operation }) => ['BatchUpdateFindings', 'StartConfigRulesEvaluation'].includes(operation));
  const onCoordination = made.own.filter(
    ({ service, input }) =>
      service === 'dynamodb' &&
      (input.TableName === deployment.coordinationTable ||
        JSON.stringify(input.TransactItems ?? []).includes(deployment.coordinationTable)),
  );
  return {
    reads: made.rules.length - changes.length - told.length,
    changes: changes.length,
    told: told.length,
    ours: made.own.length,
    logItems: logWrites(made, deployment.logTable),
    coordinationWrites: onCoordination.length,
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
