import canonicalize from 'canonicalize';
import { cautious, type Rollbacks } from '../rollback-all';
import type { Report } from '../watch';
import type { World } from '../world';

/** The resources whose rollback was refused for fear of overwriting others: somebody else has to have changed them. */
export function keptBack(world: World, { refused }: Rollbacks, report: Report): ReadonlySet<string> {
  const kept = new Set<string>();
  for (const { resource, remediation, reason } of refused) {
    if (!cautious.test(reason)) continue;
    kept.add(resource);
    if (world.changedByOthers.has(resource)) continue;
    const what = `the rollback of ${remediation} was refused, though nobody else has changed it: ${reason.slice(0, 200)}`;
    report({ check: 'refused-for-others-only', what, resource, at: world.time.now });
  }
  return kept;
}

/** With everything rolled back, every resource is as it would be if nobody but others had ever changed it. */
export function allRestored(world: World, kept: ReadonlySet<string>, report: Report): void {
  const { now } = world.time;
  for (const [arn, sort] of world.population.sortOf) {
    if (kept.has(arn)) continue;
    const [is = {}, expected = {}] = [world.cells, world.withoutUs].map((cells) => sort.view(cells.get(arn) ?? {}, now));
    for (const name of new Set([...Object.keys(is), ...Object.keys(expected)])) {
      const [one, other] = [is[name], expected[name]].map((value) => canonicalize(value));
      if (one !== other) report({ check: 'all-restored', what: `${name} is ${one}, and was ${other}`, resource: arn, at: now });
    }
  }
}
