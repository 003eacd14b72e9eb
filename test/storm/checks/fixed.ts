import { rawEvent } from '../raw-log';
import { tables } from '../tables';
import type { Report, Watch } from '../watch';
import type { World } from '../world';

/** What the log calls fixed, a detector finds fixed at that moment. */
export function fixedIsFixed(world: World, report: Report): Watch {
  return {
    onWrite({ table, after }, { now }) {
      if (table !== tables.log || after?.outcome?.S !== 'fixed') return;
      const { rule, detectedBy, resource, trail } = rawEvent(after);
      const misconfiguration = world.population.sortOf
        .get(resource)
        ?.misconfigurations.find((one) => one.rule === rule && one.control === detectedBy);
      const cell = world.cells.get(resource);
      if (!misconfiguration || !cell || !misconfiguration.isIn(cell, now)) return;
      report({ check: 'fixed-is-fixed', what: `${trail} says fixed, and ${detectedBy} still fails`, resource, at: now });
    },
  };
}
