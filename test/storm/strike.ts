import type { Call } from './call';
import { type Fault, faults, isPossible } from './faults';
import type { Matrix } from './matrix';
import type { Random } from './random';
import type { Step } from './step';
import { isIntent } from './steps';
import type { Worker } from './worker';

/** How many hits of each fault every step should get. */
export const wantedHits = 24;

const often = 0.16;
const seldom = 0.02;

/** What everybody notices: seldom more often than wanted, or nothing else would happen. */
const forAll: readonly Fault[] = ['stop', 'mode', 'limit', 'unreadable'];

/** Chooses the fault that strikes a call, if any: above all those that this step has had least. */
export function chooser(matrix: Matrix, random: Random): (call: Call, worker: Worker, step: Step) => Fault | undefined {
  return (call, worker, step) => {
    const possible = faults.filter((fault) => isPossible(step, fault) && !isHidden(fault, call, worker));
    const least = Math.min(...possible.map((fault) => matrix.of(step, fault)));
    const isRare = least < wantedHits;
    if (!random.chance(isRare ? often : seldom)) return undefined;
    if (isRare) return random.pick(possible.filter((fault) => matrix.of(step, fault) === least));
    return random.pick(random.chance(0.05) ? possible : possible.filter((fault) => !forAll.includes(fault)));
  };
}

/** The reads by which a worker looks at the resource before its change are not told apart from others' writes between them. */
function isHidden(fault: Fault, { service, resource }: Call, { calls, step }: Worker): boolean {
  if (fault !== 'outside') return false;
  // The stop is read at the same time.
  if (step === 'look')
    return resource === undefined || calls.slice(calls.findLastIndex(isIntent) + 1, -1).some((one) => one.service === service);
  return step === 'undo-inspect' && resource !== undefined && calls.at(-2)?.service === service;
}
