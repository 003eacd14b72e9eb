import { eachOf } from '../../functions/concurrency';
import type { LogEvent, LoggedChange } from '../../functions/log/event';
import type { Log } from '../../functions/log/log';
import type { Result } from '../../functions/remediate/context';
import type { Answer } from '../../functions/rule-function/handler';
import type { Rule } from '../../rules/rule';
import type { Gateway } from '../emulator/gateway';
import { oneAtATime } from '../emulator/gateway/turns';
import { type LambdaFunction, startLambda } from '../emulator/lambda';
import { type Calls, callsOf } from './calls';
import type { Case } from './case';
import type { RuleFunction } from './deploy';

/** How one delivery of a report went. */
export interface Delivery extends Result {
  readonly of: Case;
  /** When it was sent; ISO 8601. */
  readonly sent: string;
  /** What the log holds of its remediation, which an earlier delivery may have begun. */
  readonly events: readonly LogEvent[];
  readonly calls: Calls;
  /** What the function has written meanwhile, line by line. */
  readonly lines: readonly string[];
  /** The handler's own time, and whether a process had to be started before. */
  readonly milliseconds: number;
  readonly cold: boolean;
}

/** What the log says would be changed. */
export const plannedIn = ({ events }: Pick<Delivery, 'events'>): readonly LoggedChange[] => events.flatMap(({ changes = [] }) => changes);

/** What the log says was changed. */
export const changedIn = ({ sent, events }: Pick<Delivery, 'sent' | 'events'>): readonly LoggedChange[] =>
  plannedIn({ events: events.filter(({ kind, time }) => kind === 'planned' && time >= sent) });

export interface Theatre {
  readonly gateway: Gateway;
  readonly logOf: (rule: string) => Log;
  /** The function of a rule, set as it is now. */
  readonly functionOf: (rule: Rule) => RuleFunction;
  readonly account: string;
  readonly region: string;
}

/** So many functions at a time: more would only wait for two processors. */
const maxConcurrency = 4;

/**
 * Delivers each report `times` times, to the function of its rule in a process of its own, and passes each on as soon as it and all
 * before it are handled. A function sees its reports one after another, as many functions as sensible run beside each other.
 */
export async function perform(
  cases: readonly Case[],
  theatre: Theatre,
  times: number,
  show: (deliveries: readonly Delivery[]) => void,
): Promise<readonly (readonly Delivery[])[]> {
  const rules = [...new Set(cases.map(({ rule }) => rule))];
  const handled = new Map<Case, readonly Delivery[]>();
  const turns = new Map<string, ReturnType<typeof oneAtATime>>();
  let shown = 0;

  await eachOf(rules, maxConcurrency, async (rule) => {
    const { memory, timeoutSeconds, ...deployed } = theatre.functionOf(rule);
    const { account, region, gateway } = theatre;
    const host = startLambda({ ...deployed, account, region, memory, timeoutSeconds, endpoint: gateway.url, concurrency: 1 });
    try {
      for (const one of cases.filter((other) => other.rule === rule)) {
        const deliveries: Delivery[] = [];
        await turnOn(one)(async () => {
          for (let time = 0; time < times; time += 1) deliveries.push(await deliver(one, host, theatre));
        });
        handled.set(one, deliveries);
        showHandled();
      }
    } finally {
      await host.stop();
    }
  });
  return cases.map((one) => handled.get(one) ?? []);

  /** Two rules at once on one resource: the second would be put off for a minute, as it should, and the demo with it. */
  function turnOn({ reported }: Case): ReturnType<typeof oneAtATime> {
    const turn = turns.get(reported.arn) ?? oneAtATime();
    turns.set(reported.arn, turn);
    return turn;
  }

  function showHandled(): void {
    for (;;) {
      const deliveries = handled.get(cases[shown] as Case);
      if (!deliveries) return;
      shown += 1;
      show(deliveries);
    }
  }
}

async function deliver(of: Case, host: LambdaFunction, { gateway, functionOf, logOf }: Theatre): Promise<Delivery> {
  const { rule, event, piece } = of;
  const from = gateway.calls.length;
  const fromLine = host.logs.length;
  const sent = new Date().toISOString();
  const invocation = await host.invoke(event);
  const calls = callsOf(gateway.calls.slice(from), functionOf(rule));
  const { milliseconds, cold } = invocation;
  if (!('result' in invocation)) {
    const said = host.logs.slice(fromLine).join('\n');
    throw new Error(`The function ${rule.id} did not handle the report of ${piece.control}: ${JSON.stringify(invocation)}\n${said}`);
  }
  const { results, refusals } = invocation.result as Answer;
  const [result, ...more] = results;
  if (!result || more.length > 0)
    throw new Error(
      `The function ${rule.id} handled ${results.length} findings of one report of ${piece.control}: ${JSON.stringify(refusals)}`,
    );
  const lines = host.logs.slice(fromLine);
  return { ...result, sent, of, calls, lines, milliseconds, cold, events: await logOf(rule.id).read(result.remediation) };
}
