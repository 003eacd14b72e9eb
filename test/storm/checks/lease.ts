import { tables } from '../tables';
import type { Report, Watch } from '../watch';

interface Held {
  readonly worker: number;
  readonly expires: number;
}

/** Whoever changes a resource holds its lease, which has not expired. */
export function changeUnderLease(report: Report): Watch {
  const leases = new Map<string, Held>();
  return {
    onWrite({ table, after }, _, worker) {
      const key = after?.key?.S ?? '';
      if (table !== tables.coordination || !key.startsWith('lease ') || !worker) return;
      const resource = key.slice('lease '.length).replace(/ in \S+ of \d+$/, '');
      if (after?.holder?.S === undefined) leases.delete(resource);
      else if (leases.get(resource)?.worker !== worker.id || leases.get(resource)?.expires !== Number(after.expires?.N))
        leases.set(resource, { worker: worker.id, expires: Number(after.expires?.N) });
    },
    onChange({ call, worker }) {
      const held = leases.get(call.resource ?? '');
      if (held?.worker === worker.id && held.expires >= call.now) return;
      const holder = held ? `#${held.worker} until ${new Date(held.expires).toISOString()}` : 'nobody';
      const what = `${call.service}:${call.operation} by #${worker.id} of ${worker.writer}, while the lease is held by ${holder}`;
      report({ check: 'change-under-lease', what, resource: call.resource ?? '', at: call.now });
    },
  };
}
