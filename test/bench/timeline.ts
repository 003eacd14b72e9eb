import { textTable } from '../../functions/cli/print/text-table';
import type { Answer } from '../../functions/rule-function/handler';
import { fixing } from '../demo/policies';
import { silent } from '../demo/print/show';
import { setStage } from '../demo/stage';
import type { Call } from '../emulator/gateway';
import { startLambda } from '../emulator/lambda';
import { bucketCases } from './bucket-cases';

/** The control that is fixed. */
const control = 'S3.5';
/** The first fixes of a process load and connect; the timeline of a warm one is that of the last. */
const fixesOfProcess = 4;
/** The calls of a fix at most, by the process. CloudTrail is asked under two names, as the new bucket has no history. */
const limits = { new: 23, warm: 20 } as const;

/** Prints the calls of a fix in a new process and in a warm one, in the order in which they begin. Returns whether one has too many. */
export async function printTimelines(): Promise<boolean> {
  const closing: (() => Promise<void>)[] = [];
  let isBroken = false;
  try {
    const stage = await setStage(fixing, silent, closing);
    const { account, gateway, deployment } = stage;
    const open = bucketCases(stage, control, 'timed');
    const cases = [];
    for (let made = 0; made < fixesOfProcess; made += 1) cases.push(await open());
    const deployed = deployment.functions.get(cases[0]?.rule.id ?? '');
    if (!deployed) throw new Error(`No function is deployed for ${control}.`);
    const host = startLambda({ ...deployed, account: account.account, region: account.region, endpoint: gateway.url, concurrency: 1 });
    closing.push(() => host.stop());
    for (const [index, { event }] of cases.entries()) {
      const from = gateway.calls.length;
      const began = Date.now();
      const invocation = await host.invoke(event);
      const ended = Date.now();
      const outcome = 'result' in invocation ? (invocation.result as Answer).results[0]?.outcome : undefined;
      if (outcome !== 'fixed') throw new Error(`${control} was not fixed: ${JSON.stringify(invocation)}`);
      const calls = gateway.calls.slice(from).filter(({ role }) => role === deployed.role || role === deployed.memberRole);
      if (index > 0 && index < cases.length - 1) continue;
      const process = index === 0 ? 'new' : 'warm';
      console.log(`A fix of ${control} in a ${process} process: ${calls.length} calls (limit ${limits[process]}), ${ended - began} ms\n`);
      console.log(`${timeline(calls, began, deployed.memberRole)}\n`);
      isBroken ||= calls.length > limits[process];
    }
    return isBroken;
  } finally {
    for (const stop of closing.toReversed()) await stop();
  }
}

/** One row for each call. Calls run together if one begins before another ends; those of a step have the same number. */
function timeline(calls: readonly Call[], began: number, memberRole: string): string {
  let step = 0;
  let until = 0;
  const rows = calls.map(({ time, answered = time, role, service, operation, input }) => {
    if (time >= until) step += 1;
    until = Math.max(until, answered);
    return [
      String(step),
      String(time - began),
      String(answered - began),
      role === memberRole ? 'member' : 'own',
      service,
      operation,
      about(input),
    ];
  });
  return textTable(['step', 'from ms', 'to ms', 'role', 'service', 'operation', 'about'], rows, undefined, 140);
}

/** The first words of the keys or the statement: what a call to DynamoDB is about. */
function about(input: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(input);
  const keys = [...text.matchAll(/"key":\{"S":"(\w+)/g)].map(([, word = '']) => word);
  const kind = /'kind'/.test(text) ? ['event of the log'] : [];
  return [...new Set([...keys, ...kind])].join(', ');
}
