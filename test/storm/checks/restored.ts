import canonicalize from 'canonicalize';
import type { Report } from '../watch';
import type { World } from '../world';

/** With everything rolled back, every resource is as it would be if nobody but others had ever changed it. */
export function allRestored(world: World, refused: ReadonlySet<string>, report: Report): void {
  const { now } = world.time;
  for (const [arn, sort] of world.population.sortOf) {
    if (refused.has(arn)) continue;
    const [is, expected] = [world.cells, world.withoutUs].map((cells) => canonicalize(sort.view(cells.get(arn) ?? {}, now)));
    if (is === expected) continue;
    report({ check: 'all-restored', what: `is ${is}, and was ${expected}`, resource: arn, at: now });
  }
}
