import canonicalize from 'canonicalize';
import type { Report } from '../watch';
import type { World } from '../world';

/** With everything rolled back, every resource is as it would be if nobody but others had ever changed it. */
export function allRestored(world: World, refused: ReadonlySet<string>, report: Report): void {
  const { now } = world.time;
  for (const [arn, sort] of world.population.sortOf) {
    if (refused.has(arn)) continue;
    const [is = {}, expected = {}] = [world.cells, world.withoutUs].map((cells) => sort.view(cells.get(arn) ?? {}, now));
    for (const name of new Set([...Object.keys(is), ...Object.keys(expected)])) {
      const [one, other] = [is[name], expected[name]].map((value) => canonicalize(value));
      if (one !== other) report({ check: 'all-restored', what: `${name} is ${one}, and was ${other}`, resource: arn, at: now });
    }
  }
}
