import type { Control } from './controls';
import type { Coverage } from './coverage';
import { inScope } from './scope';

/** Counts of controls that are not retired. */
export interface Tally {
  readonly controls: number;
  readonly fixed: number;
  readonly scope: number;
  readonly fixedInScope: number;
  readonly omitted: number;
  readonly missing: number;
}

export function tally(found: Coverage, chosen: (control: Control) => boolean = () => true): Tally {
  const count = (controls: readonly Control[]): number => controls.filter((one) => one.status !== 'retired' && chosen(one)).length;
  return {
    controls: count(found.controls),
    fixed: count(found.fixed),
    scope: count(found.controls.filter(inScope)),
    fixedInScope: count(found.fixed.filter(inScope)),
    omitted: count(found.omitted),
    missing: count(found.missing),
  };
}

/** A tally for each name that `namesOf` gives, in the order in which they first come. */
export function tallies(found: Coverage, namesOf: (control: Control) => readonly string[]): ReadonlyMap<string, Tally> {
  const names = new Set(found.controls.flatMap(namesOf));
  return new Map([...names].map((name) => [name, tally(found, (control) => namesOf(control).includes(name))]));
}
