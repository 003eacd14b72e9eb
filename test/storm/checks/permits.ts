import { rawEvent } from '../raw-log';
import { tables } from '../tables';
import type { Report, Watch } from '../watch';

/** Every intent has a permit of its remediation and its plan when it is logged. */
export function permitBeforeIntent(report: Report): Watch {
  /** By rule and remediation, the permits as texts: the plan stands in the key or in the item. */
  const permits = new Map<string, string>();
  return {
    onWrite({ table, after }, { now }) {
      const key = after?.key?.S ?? '';
      if (table === tables.coordination && key.startsWith('permit ')) {
        const of = key.split(' ').slice(1, 3).join(' ');
        permits.set(of, `${permits.get(of) ?? ''} ${JSON.stringify(after)}`);
      }
      if (table !== tables.log || after?.kind?.S !== 'planned') return;
      const { rule, remediation, plan = '', resource, trail } = rawEvent(after);
      if (permits.get(`${rule} ${remediation}`)?.includes(plan)) return;
      report({ check: 'permit-before-intent', what: `${trail} plans ${plan.slice(0, 8)} without a permit`, resource, at: now });
    },
  };
}
