import type { Call } from './call';
import { type Fault, faults, isPossible } from './faults';
import type { Matrix } from './matrix';
import type { Random } from './random';
import type { Step } from './step';
import type { Worker } from './worker';

/** How many hits of each fault every step should get. */
export const wantedHits = 24;

const often = 0.16;
const seldom = 0.02;

/** Chooses the fault that strikes a call, if any: above all those that this step has had least. */
export function chooser(matrix: Matrix, random: Random): (call: Call, worker: Worker, step: Step) => Fault | undefined {
  return (call, worker, step) => {
    const possible = faults.filter((fault) => isPossible(step, fault) && !isHidden(fault, call, worker));
    const least = Math.min(...possible.map((fault) => matrix.of(step, fault)));
    if (!random.chance(least < wantedHits ? often : seldom)) return undefined;
    const rarest = possible.filter((fault) => matrix.of(step, fault) === least);
    return random.pick(random.chance(0.7) ? rarest : possible);
  };
}

/** The reads by which a worker looks at the resource before its change are not told apart from others' writes between them. */
function isHidden(fault: Fault, { service, resource }: Call, { calls, step }: Worker): boolean {
  if (fault !== 'outside') return false;
  const last = calls.at(-2);
  const isLook = step === 'look' || step === 'undo-inspect';
  return isLook && resource !== undefined && last?.service === service;
}
