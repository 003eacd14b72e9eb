import { canonicalJson } from '../../functions/canonical-json';
import { channels } from '../../functions/control/channel';
import { outcomeEnvelope } from '../../functions/outcomes/outcome-schema';
import type { Answer } from '../../functions/rule-function/handler';
import { bucketCases } from '../bench/bucket-cases';
import type { Case } from '../demo/case';
import { copyPolicy, scheduled } from '../demo/copy-policy';
import type { DeployedFunction } from '../demo/deploy';
import { fixing } from '../demo/policies';
import type { Stage } from '../demo/stage';
import type { Call } from '../emulator/gateway';
import { type LambdaFunction, startLambda } from '../emulator/lambda';
import { type Writes, writesOf } from './dynamodb';
import { type Counted, metricsIn, unitsOf } from './invocation';

/** Of each occasion what one takes, in a new process and in one that has just handled the same. */
export interface MeasuredUnits {
  readonly fix: FreshAndWarm;
  /** The question to the detector after a fix, which agrees. */
  readonly asked: FreshAndWarm;
  /** The notification about a fix. */
  readonly notification: FreshAndWarm;
  /** An observed finding, the first time. */
  readonly observed: FreshAndWarm;
  /** Another report of it. */
  readonly repeated: FreshAndWarm;
  /** The control function, every minute. */
  readonly poll: FreshAndWarm;
  readonly hourly: FreshAndWarm;
  /** The write units of a fix in a warm process, by table and index. */
  readonly writes: Writes;
  /** The names of the metrics that all of that has written. */
  readonly metrics: readonly string[];
}

export interface FreshAndWarm {
  readonly fresh: Counted;
  readonly warm: Counted;
}

/** The control that is fixed and observed. */
const control = 'S3.5';

type HubFinding = { readonly Id: string; readonly ProductArn: string; readonly Compliance: object };
type Delivered = { readonly counted: Counted; readonly result: unknown; readonly calls: readonly Call[] };

/** Counts what the calls and the lines of each occasion come to, in the emulator. */
export async function measureUnits(stage: Stage): Promise<MeasuredUnits> {
  const { account, gateway, deployment } = stage;
  const metrics = new Set<string>();
  const open = bucketCases(stage, control, 'priced');
  const rule = deployment.functions.get((await open()).rule.id);
  if (!rule) throw new Error(`No function is deployed for ${control}.`);

  await inForce(fixing);
  const fix = await freshAndWarm(rule, open, 'fixed');
  const notification = await notified(fix.events);
  const asked = await askedLater(fix);
  await inForce({ ...fixing, modes: { default: 'observe', clauses: [] } });
  const observed = await freshAndWarm(rule, open, 'observed');
  expectNotNotified([...observed.events, ...asked.events]);
  const repeated = await freshAndWarm(rule, () => Promise.resolve(observed.cases[0] as Case), 'observed');
  const poll = await twice(deployment.control, channels.policy, () => scheduled);
  const hourly = await twice(deployment.control, channels.hourly, () => scheduled);
  const all = {
    fix: unlisted(fix),
    asked: unlisted(asked),
    notification,
    observed: unlisted(observed),
    repeated: unlisted(repeated),
    poll,
    hourly,
  };
  return { ...all, writes: fix.writes, metrics: [...metrics].toSorted() };

  async function inForce(policy: object): Promise<void> {
    gateway.appConfig.corrupt(account.account, canonicalJson(policy));
    await copyPolicy(account, gateway, deployment);
  }

  async function freshAndWarm(of: DeployedFunction, caseOf: () => Promise<Case>, outcome: string) {
    const cases: Case[] = [];
    const events: unknown[] = [];
    const messages: string[] = [];
    let writes: Writes = {};
    const results = await twice(
      of,
      undefined,
      async () => {
        const one = await caseOf();
        cases.push(one);
        return one.event;
      },
      ({ result, calls }) => {
        const [ended] = (result as Answer).results;
        if (ended?.outcome !== outcome) throw new Error(`${control} ended as ${ended?.outcome}, not ${outcome}: ${ended?.reason}`);
        writes = writesOf(calls);
        for (const { operation, input } of calls) {
          if (operation === 'PutEvents') events.push(...(input.Entries as unknown[]));
          if (operation === 'CreateSchedule') messages.push((input.Target as { readonly Input: string }).Input);
        }
      },
    );
    return { ...results, cases, events, messages, writes };
  }

  /** Has the scheduled questions delivered after Security Hub has evaluated the resources. */
  async function askedLater({ cases, messages }: { readonly cases: readonly Case[]; readonly messages: readonly string[] }) {
    for (const { event } of cases) {
      const [finding] = (event as { readonly detail: { readonly findings: readonly [HubFinding] } }).detail.findings;
      const LastObservedAt = new Date(Date.now() + 3_600_000).toISOString();
      // Which sets what passes to RESOLVED by itself.
      const judged = { Compliance: { ...finding.Compliance, Status: 'PASSED' }, Workflow: { Status: 'RESOLVED' } };
      gateway.securityHub.seed(account, { ...finding, ...judged, LastObservedAt });
    }
    const left = messages.map((message) => JSON.parse(message) as unknown);
    const events: unknown[] = [];
    const results = await twice(
      rule as DeployedFunction,
      undefined,
      () => left.shift(),
      ({ calls }) =>
        void events.push(...calls.filter(({ operation }) => operation === 'PutEvents').flatMap(({ input }) => input.Entries as unknown[])),
    );
    return { ...results, events };
  }

  function notified(entries: readonly unknown[]): Promise<FreshAndWarm> {
    const left = entries.map((entry, index) => ({
      id: `event-${index}`,
      source: outcomeEnvelope.source,
      'detail-type': outcomeEnvelope.detailType,
      detail: JSON.parse((entry as { readonly Detail: string }).Detail) as unknown,
    }));
    return twice(deployment.notify, undefined, () => left.shift());
  }

  async function twice(
    of: DeployedFunction,
    alias: string | undefined,
    next: () => unknown,
    check: (delivered: Delivered) => void = () => {},
  ): Promise<FreshAndWarm> {
    const { memory, timeoutSeconds, ...deployed } = of;
    const given = { ...deployed, account: account.account, region: account.region, memory, timeoutSeconds };
    const host = startLambda({ ...given, endpoint: gateway.url, concurrency: 1, ...(alias !== undefined && { alias }) });
    try {
      const fresh = await deliver(host, of, await next());
      check(fresh);
      const warm = await deliver(host, of, await next());
      check(warm);
      return { fresh: fresh.counted, warm: warm.counted };
    } finally {
      for (const one of metricsIn(host.logs)) metrics.add(one);
      await host.stop();
    }
  }

  async function deliver(host: LambdaFunction, { role, memory }: DeployedFunction, event: unknown): Promise<Delivered> {
    const [from, fromLine] = [gateway.calls.length, host.logs.length];
    const invocation = await host.invoke(event);
    const lines = host.logs.slice(fromLine);
    if (!('result' in invocation)) throw new Error(`${JSON.stringify(invocation)}\n${lines.join('\n')}`);
    const calls = gateway.calls.slice(from).filter((call) => call.role === role);
    return { counted: { units: unitsOf({ calls, lines }), memory }, result: invocation.result, calls };
  }
}

/** The route of the notification function leaves out what it needn't see: its price is not in the bill. */
function expectNotNotified(entries: readonly unknown[]): void {
  const details = entries.map((entry) => (entry as { readonly Detail: string }).Detail);
  if (details.length === 0 || details.some((detail) => (JSON.parse(detail) as { readonly notify?: false }).notify !== false))
    throw new Error('The notification function is invoked for what nobody is notified about.');
}

const unlisted = ({ fresh, warm }: FreshAndWarm): FreshAndWarm => ({ fresh, warm });
