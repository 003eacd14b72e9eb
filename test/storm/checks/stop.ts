import { tables } from '../tables';
import type { Report, Watch } from '../watch';
import type { Worker } from '../worker';

/** While all changes are stopped, none is made: but for a worker that saw no stop when it looked, and for rollbacks. */
export function noChangeWhileStopped(report: Report): Watch {
  let stoppedSince: number | undefined;
  return {
    onWrite({ table, before, after }, { now }) {
      if (table === tables.log) return;
      if ((before ?? after)?.key?.S !== 'stop') return;
      stoppedSince = after ? (stoppedSince ?? now) : undefined;
    },
    onChange({ call, worker }) {
      if (stoppedSince === undefined || worker.isRollback) return;
      const looked = lastLook(worker);
      // In the same millisecond, it may have looked before.
      if (looked !== undefined && looked <= stoppedSince) return;
      const what = `${call.service}:${call.operation} by #${worker.id} of ${worker.writer} while stopped since ${new Date(stoppedSince).toISOString()}; it looked for a stop ${looked === undefined ? 'never' : `at ${new Date(looked).toISOString()}`}`;
      report({ check: 'no-change-while-stopped', what, resource: call.resource ?? '', at: call.now });
    },
  };
}

/** When a worker was last told whether there is a stop. */
const lastLook = ({ calls }: Worker): number | undefined =>
  calls.findLast(({ service, input, applied }) => service === 'dynamodb' && applied !== undefined && /"stop"/.test(JSON.stringify(input)))
    ?.applied;
