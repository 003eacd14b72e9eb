import type { Table } from '../aws/dynamodb/table';
import type { Report } from '../watch';
import type { World } from '../world';

/** The control function's own comparison of the shared counters with the log has found nothing: it would have opened a breaker for it. */
export function countersAgree({ operators, time }: World, report: Report): void {
  for (const { differences = [] } of operators.hourly)
    for (const difference of differences) report({ check: 'counters-agree', what: JSON.stringify(difference), resource: '', at: time.now });
}

/** When everything has ended, no remediation is open. */
export function noneOpen(coordination: Table, report: Report): void {
  for (const { key, since, next } of coordination.all()) {
    const [, rule, resource = ''] = /^open (\S+) (\S+)/.exec(key?.S ?? '') ?? [];
    if (rule === undefined) continue;
    const what = `${rule} is open since ${since?.S}, next at ${next?.S}`;
    report({ check: 'none-open-at-the-end', what, resource, at: Date.parse(since?.S ?? '') });
  }
}
