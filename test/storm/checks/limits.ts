import type { Table } from '../aws/dynamodb/table';
import type { Limits } from '../policy';
import { tables } from '../tables';
import type { Report, Watch } from '../watch';

/** In every hour, the counters say exactly how many remediations got their first permit, and never more than the limits allow. */
export function limitsExact(limits: Limits, coordination: Table, report: Report): { readonly watch: Watch; check(): void } {
  const granted = new Map<string, number>();
  const count = (of: string, hour: string): void => {
    granted.set(`count ${of} ${hour}`, (granted.get(`count ${of} ${hour}`) ?? 0) + 1);
  };
  return {
    watch: {
      onWrite({ table, after }, { input }, worker) {
        const key = after?.key?.S ?? '';
        if (table !== tables.coordination || !key.startsWith('permit ') || !worker) return;
        // A permit that counts nothing is one that was moved.
        if (!JSON.stringify(input).includes('"count ')) return;
        // The hour in which it was asked for: the answer may come in the next.
        const hour = /"count all (\d{4}-\d\d-\d\dT\d\d)"/.exec(JSON.stringify(input))?.[1] ?? '';
        const account = accountIn(JSON.stringify(input));
        count('all', hour);
        count(`rule ${worker.writer}`, hour);
        count(`account ${account}`, hour);
      },
    },
    check() {
      for (const item of coordination.all()) {
        const key = item.key?.S ?? '';
        if (!/^count .*T\d\d$/.test(key)) continue;
        const [used, expected] = [Number(item.used?.N), granted.get(key) ?? 0];
        const max = limits[(['all', 'rule', 'account'] as const).find((of) => key.startsWith(`count ${of}`)) ?? 'all'];
        const at = Date.parse(`${key.slice(-13)}:00:00Z`);
        if (used !== expected)
          report({ check: 'limits-exact', what: `${key} says ${used}, and ${expected} permits were granted`, resource: '', at });
        if (expected > max) report({ check: 'limits-kept', what: `${key}: ${expected} permits, and ${max} are allowed`, resource: '', at });
      }
    },
  };
}

const accountIn = (text: string): string => /"count account (\d{12}) /.exec(text)?.[1] ?? '';
